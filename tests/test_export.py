"""The command that writes compilations."""

import io
from pathlib import Path

import openpyxl
import pytest
from fixture_inbox import Inbox, change, inbox, message, remark
from typer.testing import CliRunner

import cli
from cli import exit_code_of
from store.audit import read_audit

__all__ = ["inbox"]
pytestmark = pytest.mark.outside


@pytest.fixture
def with_edits(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    inbox.mail(message("NOR"), change("OP5", "Improve", "Raise"), remark("OP1", "Good."))
    inbox.mail(message("CHE"), change("OP5", "Improve", "Increase"))
    monkeypatch.setenv("KUNMING_DATABASE_URL", str(inbox.engine.url))
    return inbox


def export(folder: Path, *arguments: str) -> tuple[int, str, Path]:
    """The exit code, what was said, and the file."""
    out = folder / "out"
    done = CliRunner().invoke(cli.app, ["export", "--out", str(out), *arguments])
    if done.exception is None or isinstance(done.exception, SystemExit):
        return done.exit_code, done.output, out
    assert isinstance(done.exception, Exception)
    return exit_code_of(done.exception) or 1, str(done.exception), out


@pytest.mark.parametrize("file_format", ["docx", "xlsx", "csv", "json"])
def test_it_writes_each_format_and_says_what_is_in_it(with_edits: Inbox, tmp_path: Path, file_format: str) -> None:
    assert with_edits.ids
    code, said, out = export(tmp_path, "--format", file_format)
    assert (code, out.stat().st_size > 1000) == (0, True)
    assert "2 edits, 1 comment of 2 Parties; not in it: nothing" in said


def test_what_is_in_it_is_chosen(with_edits: Inbox, tmp_path: Path) -> None:
    assert with_edits.ids
    _, _, out = export(tmp_path, "--format", "xlsx", "--party", "nor", "--paragraph", "OP5", "--in-time")
    sheet = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))["Edits"]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == ["Norway"]


def test_who_took_something_out_is_kept(with_edits: Inbox, tmp_path: Path) -> None:
    export(tmp_path, "--format", "csv", "--party", "nor")
    with with_edits.sessions() as session:
        (entry,) = read_audit(session, 10)
    assert entry.who.endswith("at the command line")
    assert (entry.did, entry.what) == ("exported", "out: Norway; all paragraphs; with what needs review")


def test_who_made_a_backup_is_kept(with_edits: Inbox, tmp_path: Path) -> None:
    assert CliRunner().invoke(cli.app, ["backup", str(tmp_path / "kept")]).exit_code == 0
    with with_edits.sessions() as session:
        (entry,) = read_audit(session, 10)
    assert (entry.who.endswith("at the command line"), entry.did) == (True, "backed up")
    assert entry.what == str(tmp_path / "kept")


WRONG = (
    (("--party", "XXX"), "--party: there is no 'XXX'"),
    (("--paragraph", "OP99"), "--paragraph: there is no 'OP99'"),
    (("--since", "tomorrow"), "--since tomorrow: not a date such as 2021-09-06"),
    (("--language", "de"), "--language de: one of en, fr, es, ru, zh, ar"),
    (("--state", "angry"), "--state angry: one of commented"),
)


@pytest.mark.parametrize(("arguments", "message_"), WRONG)
def test_what_is_wrong_is_one_line(
    with_edits: Inbox, tmp_path: Path, arguments: tuple[str, ...], message_: str
) -> None:
    assert with_edits.ids
    code, said, out = export(tmp_path, "--format", "docx", *arguments)
    assert code == 2
    assert said.startswith(message_)
    assert not out.exists()


def test_a_form_is_one_of_a_word_file(with_edits: Inbox, tmp_path: Path) -> None:
    assert with_edits.ids
    code, said, _ = export(tmp_path, "--format", "csv", "--form", "tracked")
    assert (code, said) == (2, "--form tracked: only a Word file has forms: --format docx")
