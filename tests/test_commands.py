"""The command line as a person meets it: one line for what is wrong, and the exit code."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import psutil
import pytest
from forked import forked
from private_server import free_port

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
pytestmark = pytest.mark.outside
AWAY = "postgresql+psycopg://u@127.0.0.1:1/k"


def start(*arguments: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-c", "from cli import main; main()", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=known | {"PYTHONPATH": str(ROOT)} | environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def mailbox(**changes: object) -> str:
    known = {"name": "outcome", "host": "127.0.0.1", "user": "u", "password": "p", "security": "plain"}
    return json.dumps([known | changes])


@pytest.mark.parametrize(
    ("environment", "code", "line"),
    [
        ({}, 2, r"mailboxes: none is configured.*"),
        ({"KUNMING_COLOUR": "red"}, 2, r"KUNMING_COLOUR: no such setting"),
        ({"KUNMING_MAILBOXES": mailbox(port=1)}, 75, r"outcome: .*127\.0\.0\.1.*"),
        ({"KUNMING_MAILBOXES": mailbox(host="mail.example.org")}, 2, r"mailboxes.*plain would send the password.*"),
        ({"KUNMING_DATABASE_URL": AWAY, "KUNMING_MAILBOXES": mailbox()}, 75, r"database_url: .*"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_exit_code(
    tmp_path: Path, environment: Mapping[str, str], code: int, line: str
) -> None:
    got, out, err = forked("poll", folder=tmp_path, as_nobody=False, **environment)
    told = [one for one in (out + err).splitlines() if not re.match(r"\d{4}-\d\d-\d\d |read 0 mails", one)]
    assert got == code
    assert len(told) == 1
    assert re.fullmatch(line, told[0])


def test_no_other_address_is_served_until_there_are_accounts(tmp_path: Path) -> None:
    code, _, err = forked("serve", folder=tmp_path, KUNMING_HOST="0.0.0.0")
    wanted = "host = '0.0.0.0': only 127.0.0.1 is served until there are accounts (kunming account add)"
    assert (code, err.strip()) == (2, wanted)


def test_parse_prints_a_line_of_json_for_each_file_in_their_order(tmp_path: Path) -> None:
    files = [str(EXAMPLES / name) for name in ("12-bhutan.eml", "01-norway.eml", "05-paraguay.eml")]
    code, out, _ = forked("parse", "--json", *files, folder=tmp_path)
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(one["file"], one["message"]["party"]) for one in told] == list(
        zip(files, ("BTN", "NOR", "PRY"), strict=True)
    )


def test_parse_explains_how_each_sentence_was_read(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@env.gov.no", "Comments"
    mail.set_content('In paragraph 5, delete "wild", which adds nothing.\n\nParagraph 8 is fine by us.\n')
    file = tmp_path / "one.eml"
    file.write_bytes(mail.as_bytes())
    _, out, _ = forked("parse", "--explain", str(file), folder=tmp_path)
    explained = out[out.index("  edit") :].splitlines()
    assert explained[0] == '  edit: In paragraph 5, delete "wild", which adds nothing.'
    assert re.match(r"    OP5 delete, [01]\.\d\d$", explained[1])
    assert re.match(r"    taken, [01]\.\d\d: delete, OP5 \[ wild\|\] \(", explained[2])
    assert explained[-2:] == [
        "  remark (nothing tells that it is a remark): Paragraph 8 is fine by us.",
        "    OP8 comment, 0.70, needs review",
    ]


def test_parse_strict_ends_with_1_where_something_needs_review(tmp_path: Path) -> None:
    assert forked("parse", "--strict", str(EXAMPLES / "05-paraguay.eml"), folder=tmp_path)[0] == 1
    assert forked("parse", "--strict", str(EXAMPLES / "17-switzerland.eml"), folder=tmp_path)[0] == 0


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """`kunming run`, with Dovecot's mailbox where that is the parameter, and the lines that it says until it serves."""
    configured = {}
    if hasattr(request, "param"):
        server = request.getfixturevalue(request.param)
        server.append((EXAMPLES / "01-norway.eml").read_bytes())
        found = server.mailbox()
        told = found.model_dump(mode="json") | {"password": found.password.get_secret_value()}
        configured = {"KUNMING_MAILBOXES": json.dumps([told])}
    process = start("run", folder=tmp_path, KUNMING_PORT=str(free_port()), **configured)
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.strip())
        if line.startswith("Open "):
            break
    yield process, lines
    process.kill()
    process.communicate()


def get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def wait_for(holds: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_run_without_a_mailbox_shows_the_sample_mails_and_ends_cleanly(
    running: tuple[subprocess.Popen[str], list[str]], tmp_path: Path
) -> None:
    process, lines = running
    assert lines[0].startswith("No mailbox is configured: an embedded IMAP server holds the 22 sample mails")
    assert "22 mails listed, 22 new; read 22 mails" in lines[1]
    address = re.findall(r"http://\S+/", lines[2])[0]
    parties = {code: json.loads(get(f"{address}api/v1/parties/{code}")) for code in ("NOR", "PRY", "FRA")}
    states = (parties["NOR"]["state"], parties["PRY"]["state"], parties["FRA"]["covered_by"])
    assert states == ("commented", "unreadable", ["EU"])
    assert "Norway" in get(address)
    code, _, err = forked("run", folder=tmp_path, KUNMING_PORT="0")
    assert (code, "already polled by kunming run" in err) == (75, True)
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert psutil.wait_procs(started, timeout=30)[1] == []


@pytest.mark.parametrize("running", ["dovecot"], indirect=True)
def test_run_with_a_mailbox_makes_up_at_the_start_for_the_night_that_was_missed(
    running: tuple[subprocess.Popen[str], list[str]],
) -> None:
    process, [line] = running
    address = re.findall(r"http://\S+/", line)[0]
    wait_for(lambda: [poll for poll in json.loads(get(f"{address}api/v1/polls")) if poll["outcome"] != "running"])
    [poll] = json.loads(get(f"{address}api/v1/polls"))
    assert (poll["trigger"], poll["outcome"], poll["error"]) == ("missed", "ok", None)
    [folder] = [one for one in json.loads(get(f"{address}api/v1/ledger"))["folders"] if one["folder"] == "INBOX"]
    assert (folder["seen"], folder["gone"], folder["compared_at"] is None) == (1, 0, False)
    wait_for(lambda: json.loads(get(f"{address}api/v1/parties/NOR"))["state"] == "commented")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_another_draft_is_shown_corrected_kept_and_used(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("Test Declaration", "We, the Ministers,", "Recalling the first thing,", "We commit to:", "1. Do it."):
        document.add_paragraph(text)
    document.save(str(tmp_path / "d.docx"))
    code, out, _ = forked("draft", "add", "d.docx", "--deadline", "2022-01-01", folder=tmp_path)
    assert (code, [line.split()[0] for line in out.splitlines()[:5]]) == (
        0,
        ["title", "opening", "PP1", "commit", "OP1"],
    )
    made = tmp_path / "d.draft.json"
    made.write_text(made.read_text().replace('"PP1"', '"PP01"'))
    assert forked("draft", "add", made.name, folder=tmp_path)[0] == 0
    assert forked("draft", "use", "d", folder=tmp_path)[0] == 0
    assert "* d: Test Declaration" in forked("draft", "list", folder=tmp_path)[1]
    assert forked("draft", "use", "none", folder=tmp_path)[0] == 2
