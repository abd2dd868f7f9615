"""Where passwords are, and that they are shown nowhere."""

import sys
from pathlib import Path

import pytest
from fixture_dovecot import Dovecot

from ingest.login import password_of
from ingest.mailbox import connect
from ingest.mailbox_errors import WrongMailbox
from settings import CONFIG, Mailbox, WrongSettings, load

pytestmark = pytest.mark.outside


def mailbox(**given: object) -> Mailbox:
    return Mailbox.model_validate({"name": "outcome", "host": "imap.example.org", "user": "u"} | given)


def prints(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_a_password_in_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "password"
    box = mailbox(password_file=file)
    for password in ("first", "second with blanks "):
        file.write_text(password + "\n")
        assert password_of(box) == password


@pytest.mark.parametrize("folder", ["systemd", "docker"])
def test_a_bare_name_is_that_of_a_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    (tmp_path / "outcome.password").write_text("secret")
    monkeypatch.chdir("/")
    if folder == "systemd":
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    else:
        monkeypatch.setattr("credentials.DOCKER", tmp_path)
    assert password_of(mailbox(password_file="outcome.password")) == "secret"


def test_the_first_line_of_a_command_is_a_password() -> None:
    assert password_of(mailbox(password_command=prints("print('secret\\nnotes')"))) == "secret"


def test_a_mailbox_is_opened_with_a_password_from_a_file(dovecot: Dovecot, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n")
    with connect(dovecot.mailbox(password=None, password_file=tmp_path / "password")) as connection:
        assert connection.examine("INBOX").messages == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password_file": "/nowhere/p"}, "mailboxes.outcome.password_file: /nowhere/p: No such file or directory"),
        ({"password_file": "/dev/null"}, "mailboxes.outcome.password_file: /dev/null: it is empty"),
        ({"password_file": "/dev/zero"}, "mailboxes.outcome.password_file: /dev/zero: more than 100000 bytes"),
        ({"password_file": sys.executable}, "mailboxes.outcome.password_file: "),
        ({"password_command": ["/nowhere/p"]}, "mailboxes.outcome.password_command: /nowhere/p: No such file"),
        (
            {"password_command": prints("import sys; print('secret'); sys.exit('no key')")},
            f"mailboxes.outcome.password_command: {sys.executable}: it ended with 1: no key",
        ),
        ({"password_command": prints("")}, f"mailboxes.outcome.password_command: {sys.executable}: it is empty"),
    ],
)
def test_a_password_that_is_not_there_is_a_line_that_names_the_setting(given: dict[str, object], said: str) -> None:
    with pytest.raises(WrongMailbox) as raised:
        password_of(mailbox(**given))
    assert str(raised.value).startswith(said)
    assert "secret" not in str(raised.value)


FILE = """
[[mailboxes]]
name = "out-come"
host = "imap.example.org"
user = "u"
"""


def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, **variables: str) -> tuple[Mailbox, ...]:
    (tmp_path / "kunming.toml").write_text(text)
    monkeypatch.setenv(CONFIG, str(tmp_path / "kunming.toml"))
    for name, value in variables.items():
        monkeypatch.setenv(f"KUNMING_MAILBOX_{name}", value)
    return load().mailboxes


def test_the_environment_sets_one_thing_of_one_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = loaded(tmp_path, monkeypatch, FILE, OUT_COME__PASSWORD="secret", OUT_COME__FOLDERS="INBOX, Old mail")
    assert found.password
    assert (found.name, found.password.get_secret_value(), found.folders) == (
        "out-come",
        "secret",
        ("INBOX", "Old mail"),
    )


def test_the_environment_sets_a_mailbox_that_no_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "COPY__HOST": "outlook.office365.com",
        "COPY__USER": "copy@example.org",
        "COPY__OAUTH2__PROVIDER": "microsoft",
        "COPY__OAUTH2__CLIENT_ID": "1",
        "COPY__OAUTH2__CLIENT_SECRET_FILE": "copy.secret",
        "OUT_COME__PASSWORD_COMMAND": "pass show mail",
    }
    first, second = loaded(tmp_path, monkeypatch, FILE, **variables)
    assert first.password_command == ("pass", "show", "mail")
    assert (second.name, second.host) == ("copy", "outlook.office365.com")
    assert second.oauth2
    assert second.oauth2.client_secret_file == Path("copy.secret")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "mailboxes.out-come.password: it is not set, nor password_file, password_command or oauth2"),
        ({"OUT_COME__COLOUR": "1", "OUT_COME__PASSWORD": "s"}, "mailboxes.out-come.COLOUR: no such setting"),
        ({"COPY__USER": "u", "OUT_COME__PASSWORD": "s"}, "mailboxes.copy.host: it is not set"),
        (
            {"OUT_COME__PASSWORD": "s", "OUT_COME__PASSWORD_FILE": "f"},
            "mailboxes.out-come: password, password_file, password_command and oauth2: give one of them",
        ),
        (
            {"OUT_COME__OAUTH2__PROVIDER": "microsoft"},
            "mailboxes.out-come.oauth2.client_id: it is not set",
        ),
        ({"OUT_COME__OAUTH2__PROVIDER": "yahoo"}, "mailboxes.out-come.oauth2.provider: 'yahoo': it should be .*"),
        (
            {"OUT_COME__OAUTH2__PROVIDER": "google"},
            "mailboxes.out-come.oauth2.service_account_file: it goes with .*",
        ),
    ],
)
def test_a_mailbox_that_is_set_wrongly_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    with pytest.raises(WrongSettings, match=f"(?i)^{said}$"):
        loaded(tmp_path, monkeypatch, FILE, **variables)


def test_no_secret_is_shown_with_its_mailbox() -> None:
    oauth2 = {"provider": "microsoft", "client_id": "1", "client_secret": "hush"}
    for box in (mailbox(password="hush"), mailbox(oauth2=oauth2)):
        assert "hush" not in f"{box!r} {box} {box.model_dump_json()}"
