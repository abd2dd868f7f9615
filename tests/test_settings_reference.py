"""What is told of the settings is what they are: docs/settings.md, `kunming settings`, `kunming doctor`."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from fixture_dovecot import Dovecot
from fixture_smtp import PostOffice
from forked import forked
from private_server import free_port
from sqlalchemy import text

from commands.doctor import LOOKS, _secret_files, findings
from commands.settings_reference import as_markdown, references
from settings import Settings, load
from store.session import migrate, open_store

ROOT = Path(__file__).parent.parent


def test_the_document_is_made_of_the_settings() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == as_markdown(), "make settings-docs"


def test_every_setting_has_a_meaning_and_a_kind() -> None:
    for one in references():
        assert one.meaning, one.name
        assert one.kind, one.name
        assert "annotation" not in one.kind


def test_a_variable_sets_what_the_document_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    by_name = {one.name: one.variable for one in references()}
    given = {"poll_every_minutes": "7", "alerts.least_free_mb": "12", "summary.at": "06:30", "log_format": "json"}
    for name, value in given.items():
        monkeypatch.setenv(by_name[name], value)
    monkeypatch.setenv(by_name["mailboxes.host"].replace("NAME", "OUTCOME"), "imap.example.org")
    monkeypatch.setenv(by_name["mailboxes.user"].replace("NAME", "OUTCOME"), "u")
    monkeypatch.setenv(by_name["mailboxes.password"].replace("NAME", "OUTCOME"), "p")
    settings = load()
    assert (settings.poll_every_minutes, settings.alerts.least_free_mb, settings.summary.at) == (7, 12, "06:30")
    assert (settings.log_format, settings.mailboxes[0].host) == ("json", "imap.example.org")


TOML = """
timezone = "Asia/Shanghai"
database_url = "postgresql+psycopg://u:db-secret@127.0.0.1:1/none"
[smtp]
host = "mail.example.org"
user = "u"
password = "smtp-secret"
sender = "a@example.org"
[alerts]
webhook = "https://hooks.example.org/hook-secret"
[[mailboxes]]
name = "out come"
host = "imap.example.org"
user = "u"
password = "imap-secret"
"""


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    """What `kunming settings --json` says, by name; its other output is under ''."""
    (tmp_path / "kunming.toml").write_text(TOML)
    environment: dict[str, Any] = {"KUNMING_NIGHTLY_AT": "02:00", "KUNMING_MAILBOX_OUT_COME__TIMEOUT": "9"}
    code, out, err = forked("settings", "--json", folder=tmp_path, **environment)
    plain = forked("settings", folder=tmp_path, **environment)
    assert code == plain[0] == 0
    return {row["name"]: row for row in json.loads(out)} | {"": out + err + plain[1] + plain[2]}


@pytest.mark.outside
@pytest.mark.parametrize(
    ("name", "value", "source"),
    [
        ("timezone", "Asia/Shanghai", "kunming.toml"),
        ("nightly_at", "02:00", "KUNMING_NIGHTLY_AT"),
        ("port", "8015", "default"),
        ("smtp.host", "mail.example.org", "kunming.toml"),
        ("smtp.timeout", "60.0", "default"),
        ("smtp.password", "(secret)", "kunming.toml"),
        ("alerts.webhook", "(secret)", "kunming.toml"),
        ("mailboxes.out come.host", "imap.example.org", "kunming.toml"),
        ("mailboxes.out come.timeout", "9.0", "KUNMING_MAILBOX_OUT_COME__TIMEOUT"),
        ("mailboxes.out come.port", "993", "default"),
    ],
)
def test_each_setting_is_told_with_its_source(told: dict[str, Any], name: str, value: str, source: str) -> None:
    assert (told[name]["value"], told[name]["source"]) == (value, source)


@pytest.mark.outside
def test_no_secret_is_told(told: dict[str, Any]) -> None:
    assert "secret@" not in told[""]
    assert not any(secret in told[""] for secret in ("db-secret", "smtp-secret", "hook-secret", "imap-secret"))


# --- the doctor -----------------------------------------------------------------------------------------


def failed(settings: Settings) -> dict[str, str]:
    """What the doctor finds wrong, by what it is about."""
    found = (one for look in LOOKS for one in look(settings))
    return {one.what: f"{one.said} {one.do}" for one in found if one.state == "FAILED"}


def set_up(tmp_path: Path, **more: Any) -> Settings:
    (tmp_path / "data").mkdir(mode=0o700, exist_ok=True)
    alerts = {"least_free_mb": 0} | more.pop("alerts", {})
    return Settings(database_url=f"sqlite:///{tmp_path}/data/kunming.sqlite", alerts=alerts, **more)


@pytest.mark.outside
def test_the_doctor_finds_nothing_wrong_where_all_is_well(
    tmp_path: Path, dovecot: Dovecot, post_office: PostOffice
) -> None:
    settings = set_up(tmp_path, mailboxes=[dovecot.mailbox()], smtp=post_office.smtp())
    migrate(settings.database_url)
    assert {what for what in failed(settings) if what != "programs"} == set()


@pytest.mark.outside
def test_the_doctor_tries_mailboxes_and_mail_server(tmp_path: Path, dovecot: Dovecot, post_office: PostOffice) -> None:
    away = post_office.smtp(port=free_port())
    mailboxes = [
        dovecot.mailbox("wrong", password="x"), dovecot.mailbox("none", folders=["Nowhere"]),
        dovecot.mailbox("away", port=free_port()), dovecot.mailbox("strange", ca_file=None), dovecot.mailbox("good"),
    ]  # fmt: skip
    found = failed(set_up(tmp_path, mailboxes=mailboxes, smtp=away))
    assert "mailboxes.wrong.password" in found["mailbox wrong"]
    assert "no folder 'Nowhere'" in found["mailbox none"]
    assert "mailboxes.away.host" in found["mailbox away"]
    assert "mailboxes.strange.ca_file" in found["mailbox strange"]
    assert "smtp.host" in found["mail server"]
    assert "mailbox good" not in found


@pytest.mark.outside
@pytest.mark.parametrize(
    ("more", "what", "said"),
    [
        ({"alerts": {"least_free_mb": 1e12}}, "room", "make room"),
        ({"model": {"url": f"http://127.0.0.1:{free_port()}/v1", "name": "m"}}, "The model", "no answer"),
        ({"alerts": {"webhook": f"http://127.0.0.1:{free_port()}/s3cret"}}, "alerts.webhook", "refused"),
        ({"public_url": f"http://127.0.0.1:{free_port()}"}, "public_url", "refused"),
        ({"proxy": {"addresses": ["0.0.0.0/0"], "user_header": "Remote-User"}}, "proxy", "could say who he is"),
    ],
)
def test_the_doctor_says_what_to_do(tmp_path: Path, more: dict[str, Any], what: str, said: str) -> None:
    [found] = [words for name, words in failed(set_up(tmp_path, **more)).items() if name.startswith(what)]
    assert said in found
    assert "s3cret" not in found


@pytest.mark.outside
def test_the_doctor_looks_at_the_store_and_its_folder(tmp_path: Path) -> None:
    settings = set_up(tmp_path)
    (tmp_path / "data").chmod(0o755)
    assert f"chmod 700 {tmp_path}/data" in failed(settings)["folder"]
    (tmp_path / "data").chmod(0o700)
    migrate(settings.database_url)
    engine = open_store(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    assert "kunming upgrade" in failed(settings)["store"]
    (tmp_path / "data" / "kunming.sqlite").write_bytes(b"no database" * 1000)
    assert "not a database" in failed(settings)["store"]


@pytest.mark.outside
def test_the_doctor_sees_that_others_can_read_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kunming.toml").write_text('[[mailboxes]]\nname="a"\nhost="localhost"\nport=1\nuser="u"\npassword="p"\n')
    Path("kunming.toml").chmod(0o644)
    assert "chmod 600 kunming.toml" in failed(load())["settings"]
    Path("kunming.toml").chmod(0o600)
    assert "settings" not in failed(load())


@pytest.mark.outside
def test_a_wrong_setting_is_a_finding_and_the_programs_are_looked_at_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kunming.toml").write_text('timezone = "Mars"\n')
    first, *others = findings()
    assert (first.what, first.state) == ("settings", "FAILED")
    assert first.said.startswith("timezone: ")
    assert {one.what for one in others} == {"programs"}


@pytest.mark.outside
def test_the_doctor_sees_that_others_can_read_a_file_with_a_secret(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("imap", "oauth", "smtp", "database", "openid", "model")]
    for file in files:
        file.write_text("secret")
        file.chmod(0o644)
    imap, oauth, smtp, database, openid, model = files
    more: dict[str, Any] = {
        "mailboxes": [
            {"name": "a", "host": "localhost", "port": 1, "user": "u", "password_file": imap},
            {"name": "b", "host": "localhost", "port": 1, "user": "u",
             "oauth2": {"provider": "microsoft", "client_id": "x", "tenant": "t", "client_secret_file": oauth}},
        ],
        "smtp": {"host": "localhost", "port": 1, "sender": "a@example.org", "user": "u", "password_file": smtp},
        "database_password_file": database,
        "openid": {
            "issuer": "http://localhost:1", "client_id": "x", "client_secret_file": openid, "default_role": "reader",
        },
        "model": {"url": "http://localhost:1/v1", "name": "x", "key_file": model},
    }  # fmt: skip
    found = {one.what: one.do for one in _secret_files(set_up(tmp_path, **more))}
    assert sorted(found) == [
        "database_password_file", "mailboxes.oauth2.client_secret_file", "mailboxes.password_file", "model.key_file",
        "openid.client_secret_file", "smtp.password_file",
    ]  # fmt: skip
    assert found["smtp.password_file"] == f"chmod 600 {smtp}"
    for file in files:
        file.chmod(0o640)
    assert list(_secret_files(set_up(tmp_path, **more))) == []


@pytest.mark.outside
def test_the_doctor_as_json_ends_with_1_where_something_is_wrong(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        url = f"http://127.0.0.1:{busy.getsockname()[1]}/v1"
        alerts = json.dumps({"webhook": url, "least_free_mb": 1e12})
        code, out, _ = forked("doctor", "--json", folder=tmp_path, KUNMING_ALERTS=alerts)
    rows = json.loads(out)
    assert code == 1
    assert {"what", "state", "said", "do"} == set(rows[0])
    assert any(row["what"] == "alerts.webhook" and row["state"] == "ok" for row in rows) or os.environ.get("http_proxy")
