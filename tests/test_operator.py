"""What an operator meets: each thing that is wrong is one line that says what to do, and nothing is made unasked."""

import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import alembic.command
import psutil
import pytest
from forked import forked
from made_once import made_once
from model_endpoint import Reply, endpoint
from PIL import Image, ImageDraw
from private_server import free_port, server_folder
from test_commands import EXAMPLES, ROOT, get, mailbox, start

from commands.opening import StoreInUse, refuse_while_in_use
from ingest.intake import holding_lease, in_use, now
from store.lease import take_lease
from store.session import _config, open_store, sessions

pytestmark = pytest.mark.outside
STORE = "data/kunming.sqlite"
DOUBTFUL = """From: Kari Nordmann <kari.nordmann@kld.dep.no>
Subject: Comments of Norway
Message-ID: <one@kld.dep.no>

Could the fifth commitment not speak of Strengthen where it says Improve?
Kari Nordmann
"""
NORWAY, PARAGUAY = str(EXAMPLES / "01-norway.eml"), str(EXAMPLES / "05-paraguay.eml")


def line(*arguments: str, folder: Path, **environment: Any) -> tuple[int, str]:
    """The exit code, and the one line that was said."""
    return one_line(forked(*arguments, folder=folder, **environment))


def one_line(ended: tuple[int, str, str]) -> tuple[int, str]:
    code, out, err = ended
    said = [one for one in (out + err).splitlines() if not re.match(r"\d{4}-\d\d-\d\d ", one)]
    assert len(said) == 1, said
    return code, said[0]


def of_schema(folder: Path, revision: str) -> None:
    """A store as an older version made it, with a mail."""
    (folder / "data").mkdir()
    alembic.command.upgrade(_config(f"sqlite:///{folder / STORE}"), revision)


def schema(folder: Path) -> str:
    with closing(sqlite3.connect(folder / STORE)) as store:
        return str(store.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def import_norway(folder: Path) -> None:
    assert forked("import", NORWAY, folder=folder)[0] == 0


@pytest.fixture
def imported(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that holds a mail."""
    shutil.copytree(made_once(tmp_path_factory, "imported", import_norway), tmp_path, dirs_exist_ok=True)
    return tmp_path


# --- a store that is not there, or of another version, or damaged ------------------------------------


@pytest.mark.parametrize(
    "command",
    ["status", "ledger", "verify", "digest", "upgrade", "draft list", "draft use x", "backup b",
     "correct party --by x --target {}"],
)  # fmt: skip
def test_without_a_store_a_command_that_reads_says_so_and_makes_none(tmp_path: Path, command: str) -> None:
    code, said = line(*command.split(" "), folder=tmp_path)
    assert code == 2
    assert said.startswith("database_url: ")
    assert "no store at data/kunming.sqlite" in said
    assert list(tmp_path.iterdir()) == []


def test_import_makes_the_store(imported: Path) -> None:
    assert forked("ledger", folder=imported)[0] == 0


@pytest.mark.parametrize("command", ["status", "import " + NORWAY, "poll", "serve"])
def test_a_store_of_an_older_version_is_left_alone_by_other_commands(tmp_path: Path, command: str) -> None:
    of_schema(tmp_path, "0001")
    code, said = line(*command.split(" "), folder=tmp_path, KUNMING_MAILBOXES=mailbox(port=1))
    assert (code, schema(tmp_path)) == (2, "0001")
    assert "an older kunming made this store (its schema is 0001, and" in said
    assert "kunming upgrade, or run, backs it up and brings it to this one" in said


def test_a_store_of_an_older_version_is_upgraded_after_a_backup(tmp_path: Path) -> None:
    of_schema(tmp_path, "0001")
    assert line("upgrade", folder=tmp_path)[0] == 0
    assert schema(tmp_path) > "0001"
    [backup] = (tmp_path / "data").glob("kunming.sqlite.before-*")
    with closing(sqlite3.connect(backup)) as store:
        assert store.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert line("upgrade", folder=tmp_path) == (0, f"the store is of this version already (schema {schema(tmp_path)})")
    assert forked("status", folder=tmp_path)[0] == 0


def test_a_store_of_a_newer_version_is_left_alone(imported: Path) -> None:
    with closing(sqlite3.connect(imported / STORE)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("status", "run", "upgrade"):
        code, said = line(command, folder=imported)
        assert (code, schema(imported)) == (2, "9999")
        assert said.startswith("database_url: a newer kunming made this store (its schema is 9999, and")


@pytest.mark.parametrize("command", ["status", "verify", "digest", "run", "serve"])
def test_a_damaged_store_is_one_line(imported: Path, command: str) -> None:
    (imported / STORE).write_bytes(b"no database at all" * 1000)
    code, said = line(command, folder=imported)
    assert code == 1
    assert said.startswith("database_url: the store is damaged (file is not a database): kunming restore BACKUP --over")


def test_a_store_that_may_not_be_written_is_one_line(imported: Path) -> None:
    with server_folder() as folder:
        shutil.copytree(imported / "data", folder / "data")
        mail = readable_mail(folder)
        code, said = as_another("import", mail, folder=folder)
        assert (code, said) == (2, f"{STORE}: Permission denied: this user may not open it")
        (folder / "data").chmod(0o755)
        (folder / STORE).chmod(0o644)
        code, said = as_another("import", mail, folder=folder)
    assert code == 2
    assert re.fullmatch(r"database_url: .*must be writable for this user", said)


def test_a_folder_for_the_store_that_may_not_be_made_is_one_line() -> None:
    with server_folder() as folder:
        code, said = as_another("import", readable_mail(folder), folder=folder)
    assert (code, said) == (2, "data: Permission denied: this user may not open it")


def readable_mail(folder: Path) -> str:
    """A mail that another user may read, also where this project lies in a folder that is closed to others."""
    mail = folder / "mail.eml"
    shutil.copyfile(NORWAY, mail)
    mail.chmod(0o644)
    return mail.name


def as_another(*arguments: str, folder: Path) -> tuple[int, str]:
    """A command as a user without rights, who can read the migrations also where this project is closed to others."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    with pytest.MonkeyPatch.context() as patched:
        shutil.copytree(ROOT / "alembic", folder / "alembic", dirs_exist_ok=True)
        patched.setattr("store.session.ROOT", folder)
        return one_line(forked(*arguments, folder=folder, as_nobody=True))


# --- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PORT": "abc"}, "port: 'abc': it should be a valid integer, unable to parse string as an integer"),
        ({"NIGHTLY_AT": "25:00"}, "nightly_at: '25:00': not a time of day such as 03:00"),
        ({"POLL_EVERY_MINUTES": "0"}, "poll_every_minutes: '0': it should be greater than or equal to 1"),
        ({"TIMEZONE": "Mars"}, "timezone: 'Mars' is no time zone of the tz database, as Europe/Paris"),
        ({"MAILBOXES": "[{"}, "KUNMING_MAILBOXES: not JSON: Expecting property name enclosed in double quotes.*"),
        ({"MAILBOXES": mailbox(port=99999)}, "mailboxes.outcome.port: 99999: it should be less than.*"),
        ({"MAILBOXES": mailbox(passwort="x")}, "mailboxes.outcome.passwort: no such setting"),
        ({"MAILBOXES": mailbox(user="")}, "mailboxes.outcome.user: it is empty"),
        ({"MAILBOXES": '[{"name": "a"}]'}, "mailboxes.a.host: it is not set"),
        ({"DATABASE_URL": "sqlite://"}, "database_url: it should be sqlite:///FILE or postgresql.*"),
        ({"DATABASE_URL": "mysql://u:secret@h/k"}, "database_url: it should be sqlite:///FILE or postgresql.*"),
        ({"DATABASE_URL": "postgresql+psycopg://u:secret@h:port/k"}, "database_url: no address of a store.*"),
        ({"DATABASE_URL": "nonsense"}, "database_url: no address of a store.*"),
        ({"CONFIG": "nowhere.toml"}, "KUNMING_CONFIG or --config: there is no file nowhere.toml"),
    ],
)
def test_a_wrong_setting_is_named_as_the_documentation_does(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    got = line("status", folder=tmp_path, **{f"KUNMING_{name}": value for name, value in environment.items()})
    assert got[0] == 2
    assert re.fullmatch(said, got[1])
    assert "secret" not in got[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"colour = 1", "colour: no such setting"),
        (b"port = ", r"kunming.toml: Invalid value \(at .*"),
        (b'[[mailboxes]]\nname = "a"\nhost = "h"\nuser = "u"\n', "mailboxes.a.password: it is not set, nor .*"),
        (b"\xff\xfe", "kunming.toml: not UTF-8 text"),
    ],
)
def test_a_file_of_settings_that_is_wrong_is_named(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "kunming.toml").write_bytes(text)
    code, got = line("status", folder=tmp_path)
    assert code == 2
    assert re.fullmatch(said, got)


def test_another_file_of_settings_is_taken_before_and_after_the_command_and_from_the_environment(
    tmp_path: Path,
) -> None:
    (tmp_path / "kunming.toml").write_text("port = 'wrong'")
    (tmp_path / "mine.toml").write_text("database_url = 'sqlite:///mine.sqlite'\n")
    for arguments in (["--config", "mine.toml", "ledger"], ["ledger", "--config=mine.toml"]):
        assert "no store at mine.sqlite" in line(*arguments, folder=tmp_path)[1]
    assert "no store at mine.sqlite" in line("ledger", folder=tmp_path, KUNMING_CONFIG="mine.toml")[1]


def test_the_version_is_printed(tmp_path: Path) -> None:
    code, said = line("--version", folder=tmp_path)
    assert code == 0
    assert re.fullmatch(r"kunming \d+\.\d+\.\d+", said)


# --- import, backup, restore, doctor -----------------------------------------------------------------


def test_a_file_that_is_no_mail_is_refused_unless_that_is_forced(tmp_path: Path) -> None:
    (tmp_path / "kunming.toml").write_text(
        'port = 1\n[[mailboxes]]\nname = "a"\nhost = "h"\nuser = "u"\npassword = "p"'
    )
    code, said = line("import", NORWAY, "kunming.toml", folder=tmp_path)
    assert (code, said) == (2, "kunming.toml: it does not look like mail; --force takes it all the same")
    assert [path.name for path in tmp_path.iterdir()] == ["kunming.toml"]
    assert forked("import", "--force", "kunming.toml", folder=tmp_path)[0] == 0


def test_a_backup_needs_a_folder_and_replaces_no_file_unasked(imported: Path) -> None:
    assert line("backup", "nowhere/b", folder=imported) == (1, "nowhere/b: there is no folder nowhere")
    assert line("backup", "b", folder=imported)[0] == 0
    (imported / "b").write_bytes(b"mine")
    assert line("backup", "b", folder=imported)[0] == 1
    assert (imported / "b").read_bytes() == b"mine"
    assert line("backup", "b", "--over", folder=imported)[0] == 0
    with closing(sqlite3.connect(imported / "b")) as kept:
        assert kept.execute("SELECT count(*) FROM mail").fetchone() == (1,)


def test_a_backup_is_put_over_a_damaged_store(imported: Path) -> None:
    assert forked("backup", "b", folder=imported)[0] == 0
    for damaged in (b"no database" * 1000, (imported / STORE).read_bytes()[:5000]):
        (imported / STORE).write_bytes(damaged)
        code, said = line("restore", "b", folder=imported)
        assert (code, said) == (
            1, f"{STORE} is damaged, and may hold mail: say --over to put the backup in its place"
        )  # fmt: skip
        assert line("restore", "b", "--over", folder=imported)[0] == 0
        assert forked("verify", folder=imported)[1] == "1 mails, 0 faults\n"


def test_doctor_names_what_is_missing_with_its_package(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for program in ("sh", "env"):
        (tmp_path / "bin" / program).symlink_to(str(shutil.which(program)))
    code, out, _ = forked("doctor", folder=tmp_path, PATH=str(tmp_path / "bin"))
    assert code == 1
    assert "soffice is not installed (Debian: libreoffice-writer-nogui libreoffice-calc-nogui): RTF, old" in out
    assert "tesseract is not installed (Debian: tesseract-ocr): scans are kept, not read" in out
    (tmp_path / "bin" / "tesseract").write_text("#!/bin/sh\necho List; echo eng; echo osd; echo rus")
    (tmp_path / "bin" / "tesseract").chmod(0o755)
    code, out, _ = forked("doctor", folder=tmp_path, PATH=str(tmp_path / "bin"))
    assert code == 1
    assert "tesseract has no chi_sim (Debian: tesseract-ocr-chi-sim): scans in that language are read badly" in out
    assert "tesseract is not installed" not in out


# --- the service -------------------------------------------------------------------------------------


class Service:
    """A service that runs, from its first lines to its end."""

    def __init__(self, *arguments: str, folder: Path, **environment: str) -> None:
        self.process = start(*arguments, folder=folder, KUNMING_PORT=str(free_port()), **environment)
        self.lines: list[str] = []
        assert self.process.stdout is not None
        for said in self.process.stdout:
            self.lines.append(said.strip())
            if said.startswith("Open "):
                break
        found = re.search(r"http://\S+/", self.lines[-1]) if self.lines else None
        assert found, self.process.communicate()
        self.address = found[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def end(self) -> float:
        """Seconds that it takes to end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        return time.monotonic() - began


def counts(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(folder / STORE)) as store:
        return {
            table: store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("mail", "arrival", "reading", "edit", "event", "folder")
        }


def test_the_demo_adds_nothing_at_its_second_start_and_says_what_needs_review(tmp_path: Path) -> None:
    with Service("run", folder=tmp_path) as first:
        said = re.search(r"22 mails listed, 22 new; read 22 mails; (\d+) mails need review", first.lines[1])
        review = {one["mail"] for one in _edits(first.address) if one["needs_review"]}
        review |= {one["id"] for one in _mails(first.address) if one["review"]}
        first.end()
    assert said is not None
    assert int(said[1]) == len(review)
    before = counts(tmp_path)
    with Service("run", folder=tmp_path) as second:
        assert f"0 mails listed, 0 new; read 0 mails; {len(review)} mails need review" in second.lines[1]
        second.end()
    assert counts(tmp_path) == before
    assert before["event"] == 0


def _edits(address: str) -> list[dict[str, Any]]:
    answer: dict[str, Any] = json.loads(get(f"{address}api/v1/edits?limit=500"))
    assert answer["next"] is None
    edits: list[dict[str, Any]] = answer["edits"]
    return edits


def _mails(address: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(get(f"{address}api/v1/mails"))
    return answer


@pytest.mark.parametrize("command", ["run", "serve"])
def test_restore_is_refused_while_a_service_holds_the_store(imported: Path, command: str) -> None:
    assert forked("backup", "b", folder=imported)[0] == 0
    with Service(command, folder=imported) as service:
        code, said = line("restore", "b", "--over", folder=imported)
        assert code == 75
        assert re.fullmatch(r"database_url: data/kunming.sqlite is in use by .*: stop that first", said)
        assert str(service.process.pid) in said
        service.end()
    assert line("restore", "b", "--over", folder=imported)[0] == 0


def test_a_store_is_in_use_while_it_is_polled_or_served(store_url: str) -> None:
    store = sessions(open_store(store_url))
    uses = [
        in_use(store, now, "kunming serve"),
        holding_lease(store, now, doing="kunming poll"),
        holding_lease(store, now, name="schedule", doing="kunming run"),
    ]
    for use in uses:
        with use, pytest.raises(StoreInUse, match=r"in use by .*: stop that first"):
            refuse_while_in_use(store_url)
        refuse_while_in_use(store_url)
    ended = f"kunming poll, process 1 on {socket.gethostname()} started 1999-01-01T00:00:00+00:00"
    with store.begin() as session:
        take_lease(session, "poll", ended, now(), timedelta(minutes=10))
    refuse_while_in_use(store_url)
    store.kw["bind"].dispose()


def test_run_brings_an_older_store_to_this_version_and_keeps_a_backup(tmp_path: Path) -> None:
    of_schema(tmp_path, "0001")
    with Service("run", folder=tmp_path) as service:
        assert schema(tmp_path) > "0001"
        assert len(list((tmp_path / "data").glob("kunming.sqlite.before-*"))) == 1
        service.end()


@pytest.fixture
def slow(tmp_path: Path) -> dict[str, str]:
    """The environment in which each scan takes a minute: a tesseract that sleeps."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tesseract").write_text(
        f'#!/bin/sh\n[ "$1" = --list-langs ] && echo eng && exit\ntouch {tmp_path}/scanning\nexec sleep 60\n'
    )
    (tmp_path / "bin" / "tesseract").chmod(0o755)
    return {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "TMPDIR": str(tmp_path / "tmp")}


def with_a_scan(folder: Path) -> Path:
    """A mail with a picture of a page."""
    picture = io.BytesIO()
    page = Image.new("L", (1600, 2200), "white")
    for y in range(200, 2000, 60):
        ImageDraw.Draw(page).text((200, y), "In paragraph 5, delete effective.", fill="black", font_size=40)
    page.save(picture, "PNG")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@env.gov.no", "b@example.org", "Comments"
    message.set_content('In paragraph 5, delete "effective".')
    message.add_attachment(picture.getvalue(), maintype="image", subtype="png", filename="page.png")
    (folder / "scan.eml").write_bytes(message.as_bytes())
    return folder / "scan.eml"


def until(what: Path) -> None:
    end = time.monotonic() + 60
    while not what.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_run_ends_while_it_waits_for_a_model_that_says_nothing(tmp_path: Path) -> None:
    asked = threading.Event()

    def reply(_question: object) -> Reply:
        asked.set()
        time.sleep(60)
        return None

    (tmp_path / "doubtful.eml").write_text(DOUBTFUL)
    assert forked("import", "doubtful.eml", folder=tmp_path)[0] == 0
    configured = mailbox(port=1)
    with endpoint(reply) as there:
        model = {"KUNMING_MODEL__URL": there.url, "KUNMING_MODEL__NAME": "clerk", "KUNMING_MODEL__TIMEOUT": "600"}
        with Service("run", folder=tmp_path, KUNMING_MAILBOXES=configured, **model) as one:
            assert asked.wait(60)
            one.end()
    assert counts(tmp_path)["mail"] == 1


def test_a_command_ends_while_it_waits_for_a_model_that_says_nothing(tmp_path: Path) -> None:
    asked = threading.Event()

    def reply(_question: object) -> Reply:
        asked.set()
        time.sleep(60)
        return None

    (tmp_path / "doubtful.eml").write_text(DOUBTFUL)
    with endpoint(reply) as there:
        model = {"KUNMING_MODEL__URL": there.url, "KUNMING_MODEL__NAME": "clerk", "KUNMING_MODEL__TIMEOUT": "600"}
        process = start("import", "doubtful.eml", folder=tmp_path, **model)
        assert asked.wait(60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
        process.communicate()


def test_run_reads_waiting_mail_at_its_start_and_ends_in_the_middle_within_ten_seconds(
    tmp_path: Path, slow: dict[str, str]
) -> None:
    (tmp_path / "tmp").mkdir()
    imported = start("import", str(with_a_scan(tmp_path)), NORWAY, folder=tmp_path, **slow)
    until(tmp_path / "scanning")
    imported.kill()
    imported.communicate()
    assert counts(tmp_path)["mail"] == 2
    (tmp_path / "scanning").unlink()
    configured = mailbox(port=1)
    with Service("run", folder=tmp_path, KUNMING_MAILBOXES=configured, KUNMING_POLL_EVERY_MINUTES="60", **slow) as one:
        until(tmp_path / "scanning")
        assert "Norway" in get(one.address)
        children = psutil.Process(one.process.pid).children(recursive=True)
        assert any("sleep" in child.name() for child in children)
        assert one.end() < 10
        assert psutil.wait_procs(children, timeout=30)[1] == []
    assert list((tmp_path / "tmp").glob("kunming-*")) == []
    assert counts(tmp_path)["mail"] == 2


@pytest.mark.parametrize("signalled", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_in_the_temporary_folder_by_a_digest_that_is_killed(
    tmp_path: Path, slow: dict[str, str], signalled: signal.Signals
) -> None:
    (tmp_path / "tmp").mkdir()
    process = start("import", str(with_a_scan(tmp_path)), folder=tmp_path, **slow)
    until(tmp_path / "scanning")
    assert list((tmp_path / "tmp").glob("kunming-*"))
    process.send_signal(signalled)
    process.communicate()
    end = time.monotonic() + 20
    while list((tmp_path / "tmp").iterdir()):
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize("files", [7, 9])
def test_a_reader_that_cannot_start_ends_a_command_with_a_line(tmp_path: Path, files: int) -> None:
    command = f"ulimit -n {files}; exec {sys.executable} -c 'from cli import main; main()' parse {NORWAY}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 75
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert "Too many open files" in done.stderr
