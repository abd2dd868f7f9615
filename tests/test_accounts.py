"""Accounts and tokens at the command line, and who on this machine can read the data."""

import json
import re
import stat
from pathlib import Path

import pytest
from accounts import PASSWORD
from forked import forked

from api.passwords import WeakPassword, hash_password, is_password
from store.accounts import Account, name_key

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


@pytest.mark.outside
def test_an_account_and_its_token_are_made_listed_and_revoked(tmp_path: Path) -> None:
    assert forked("account", "add", "Ann Lee", "--role", "reviewer", folder=tmp_path, given=f"{PASSWORD}\n")[0] == 0
    code, out, _ = forked("account", "list", "--json", folder=tmp_path)
    account = json.loads(out)
    assert (code, account["name"], account["role"], account["password"]) == (0, "Ann Lee", "reviewer", True)
    code, secret, told = forked("token", "add", "ann lee", "--name", "dashboard", "--days", "90", folder=tmp_path)
    assert re.fullmatch(r"kmg_[\w-]{43}\n", secret)
    assert "not shown again" in told
    listed = forked("token", "list", folder=tmp_path)[1]
    assert "dashboard" in listed
    assert secret.strip() not in listed
    assert forked("token", "revoke", "1", folder=tmp_path)[0] == 0
    token = json.loads(forked("token", "list", "--json", folder=tmp_path)[1])
    assert token["revoked_at"]
    assert {"token", "hash"}.isdisjoint(token)
    assert forked("token", "revoke", "1", folder=tmp_path)[0] == 2


@pytest.mark.outside
@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (("account", "add", "ann"), "short\n", "a password has 12 to 1000 characters"),
        (("account", "add", "ann"), "aaaaaaaaaaaaaaaa\n", "this password is too easy to guess"),
        (("account", "add", " ann"), f"{PASSWORD}\n", "account ' ann': a name has 1 to 200 characters, none of them a"),
        (("account", "add", "a\nb", "--no-password"), "", "account 'a\\nb': a name has no control characters"),
        (("account", "password", "bob"), f"{PASSWORD}\n", "account 'bob': there is none"),
        (("token", "add", "bob"), "", "account 'bob': there is none"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(tmp_path: Path, arguments: tuple[str, ...], given: str, told: str) -> None:
    forked("account", "add", "other", "--no-password", folder=tmp_path)
    code, _, err = forked(*arguments, folder=tmp_path, given=given)
    assert (code, len(err.splitlines())) == (2, 1)
    assert told in err


@pytest.mark.outside
def test_a_correction_at_the_command_line_is_of_an_account_that_may_review(tmp_path: Path) -> None:
    forked("import", str(EXAMPLES / "01-norway.eml"), folder=tmp_path)
    said = ("correct", "confirm", "--target", '{"mail": 1}', "--by")
    assert forked(*said, "anybody", folder=tmp_path)[0] == 0
    forked("account", "add", "reader", "--no-password", folder=tmp_path)
    forked("account", "add", "Reviewer", "--role", "reviewer", "--no-password", folder=tmp_path)
    assert [forked(*said, name, folder=tmp_path)[0] for name in ("anybody", "reader", "reviewer")] == [2, 2, 0]


@pytest.mark.outside
def test_nobody_else_on_this_machine_can_read_the_data(tmp_path: Path) -> None:
    assert forked("import", str(EXAMPLES / "01-norway.eml"), folder=tmp_path)[0] == 0
    assert forked("backup", str(tmp_path / "data" / "backup"), folder=tmp_path)[0] == 0
    data = tmp_path / "data"
    made = [data, *data.rglob("*")]
    assert len(made) > 2
    assert {path.name: oct(path.stat().st_mode) for path in made if path.stat().st_mode & 0o077} == {}
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "kunming.sqlite").stat().st_mode) == 0o600


@pytest.mark.outside
def test_a_store_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    forked("account", "add", "ann", "--no-password", folder=tmp_path)
    file = tmp_path / "data" / "kunming.sqlite"
    file.chmod(0o644)
    forked("account", "list", folder=tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_password_is_kept_as_argon2id() -> None:
    kept = hash_password(PASSWORD, "ann")
    assert kept.startswith("$argon2id$")
    assert is_password(kept, PASSWORD)
    assert not is_password(kept, PASSWORD + " ")
    assert not is_password(None, PASSWORD)
    assert not is_password("x", PASSWORD)
    assert not is_password(kept, "\ud800")


@pytest.mark.parametrize("password", ["", "short", "abababababababab", "operator.name"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        hash_password(password, "operator.name@example.org")


def test_names_that_look_alike_are_one() -> None:
    assert name_key("Ann") == name_key("ANN") == name_key("\uff21nn")


def test_each_role_may_what_those_below_it_may() -> None:
    for own, may in (("reader", 1), ("reviewer", 2), ("operator", 3)):
        account = Account(1, "a", own)  # type: ignore[arg-type]
        assert sum(map(account.may, ("reader", "reviewer", "operator"))) == may  # type: ignore[arg-type]
