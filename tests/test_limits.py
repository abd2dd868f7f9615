"""What costs too much of one mail: each Part has its own time, what was read before stays, the rest is stated."""

import io
import os
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from ingest.sandbox import PartLimits, Sandbox
from parsing.bounds import MOST_UNPLACED, listed, within_bounds
from parsing.documents import unguarded
from parsing.model import Block, Consultation, Converters, MarkedText, Reading, Run, Unplaced
from parsing.reading import read_mail
from store import register
from store.shipped import shipped_draft

pytestmark = pytest.mark.outside
CONSULTATION = Consultation(shipped_draft(), register.load())
EDIT = 'In paragraph 5, delete "effective".'
READ = "In paragraph 1, delete all of it."


def mail(*files: tuple[str, bytes], body: str = EDIT) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@env.gov.no", "b@example.org", "Comments"
    message.set_content(body)
    for name, data in files:
        kind = "image" if name.endswith(".png") else "application" if name.endswith(".pdf") else "text"
        sub = {"image": "png", "application": "pdf", "text": "plain"}[kind]
        message.add_attachment(data, maintype=kind, subtype=sub, filename=name)
    return message.as_bytes()


def page(seed: int) -> Image.Image:
    """A page that looks as if it were full of print, each another."""
    made = Image.effect_noise((1240, 1754), 60 + seed)
    return made.point(lambda value: 0 if value < 90 else 255)


def pdf(pages: int) -> bytes:
    out = io.BytesIO()
    first, *others = [page(n) for n in range(pages)]
    first.save(out, "PDF", save_all=True, append_images=others)
    return out.getvalue()


def png(seed: int) -> bytes:
    out = io.BytesIO()
    page(seed).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def slow_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tesseract that reads the first page that it sees at once, and each other one for longer than any limit."""
    program, first = tmp_path / "tesseract", tmp_path / "first"
    program.write_text(
        f"""#!/bin/sh
        [ "$1" = --list-langs ] && echo eng && exit
        page=$(cksum)
        (set -C; echo "$page" > {first}) 2>/dev/null  # of several at once only one can make it
        [ "$page" = "$(cat {first})" ] || exec sleep 60
        echo "{READ}"
        """.replace("        ", "")
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def in_the_body(reading: Reading) -> list[str]:
    """The words that the edits of the mail's own text delete."""
    return [edit.old for edit in reading.edits if edit.sources == ("body.txt",)]


def read(raw: bytes, limits: PartLimits) -> Reading:
    with Sandbox(CONSULTATION, limits) as children:
        found = children.run(read_mail, (raw, None))
    assert isinstance(found, Reading), found
    return found


@pytest.mark.usefixtures("slow_tesseract")
def test_pages_that_were_scanned_in_time_stay_and_the_rest_and_the_edit_beside_them_too() -> None:
    found = read(mail(("scans.pdf", pdf(5))), PartLimits(seconds=24, workers=1))
    assert [(edit.paragraph, edit.new) for edit in found.edits if edit.sources == ("body.txt",)] == [("OP5", "")]
    [body, scans] = found.parts
    assert (body.fate, scans.fate) == ("read", "converted")
    said = [problem for problem in found.problems if problem.source.startswith("scans.pdf")]
    assert any("used up before" in problem.problem for problem in said)
    assert 1 <= len(said) <= 4


@pytest.mark.usefixtures("slow_tesseract")
def test_many_scans_have_a_time_each_and_the_mail_has_one_too() -> None:
    pictures = [(f"{n}.png", png(n)) for n in range(12)]
    found = read(mail(*pictures), PartLimits(seconds=10, workers=1, parts=2))
    assert in_the_body(found) == [" effective"]
    fates = [part.fate for part in found.parts[1:]]
    assert fates[0] == "converted"
    assert fates[-1] == "unreadable"
    assert found.parts[-1].why == "it was not read: the 20 seconds for one mail were used up before"


def test_a_mail_of_170_000_rows_is_bounded_and_says_how_many_there_were() -> None:
    requests = (f'Delete the words "foo bar {n}".' for n in range(3_000))
    rows = "\r\n".join((*requests, *map(str, range(167_000))))
    found = read_mail(mail(("rows.txt", rows.encode())), None, CONSULTATION, Converters(), unguarded)
    assert len(found.unplaced) == MOST_UNPLACED
    assert found.unplaced[-1].text == f"… and {3_000 - MOST_UNPLACED + 1:,} more passages"
    [problem] = [problem.problem for problem in found.problems if problem.source == "rows.txt"]
    assert problem.startswith("it holds 170,000 paragraphs and cells with ")
    assert problem.endswith("the first 20,000 are read, 150,000 are not")
    assert in_the_body(found) == [" effective"]


def text(*sizes: int) -> MarkedText:
    return MarkedText("text", tuple(Block((Run("x" * size),)) for size in sizes))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((), 0),
        ((10,) * 100, 100),
        ((1,) * 20_000, 20_000),
        ((1,) * 20_001, 20_000),
        ((1_000_000, 1_000_000), 2),
        ((1_000_000, 1_000_000, 1), 2),
        ((3_000_000,), 1),
        ((3_000_000, 1), 1),
    ],
)
def test_a_text_is_read_as_far_as_its_bounds_and_says_what_is_not(given: tuple[int, ...], kept: int) -> None:
    found = within_bounds(text(*given))
    assert len(found.blocks) == kept
    assert [f"{len(given) - kept:,} are not" in problem.problem for problem in found.problems] == (
        [] if kept == len(given) else [True]
    )


@pytest.mark.parametrize(("given", "last"), [(3, "2"), (1_000, "999"), (1_001, "… and 2 more passages")])
def test_the_passages_of_a_mail_are_listed_up_to_a_number(given: int, last: str) -> None:
    found = listed([Unplaced(str(n), "body.txt", "no place") for n in range(given)])
    assert len(found) == min(given, MOST_UNPLACED)
    assert found[-1].text == last
