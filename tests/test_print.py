"""The pages as Chromium prints them: what a drafter takes to a meeting has its sources and its marks."""

from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
from fixture_inbox import Inbox, change, document, inbox, message, outcomes, remark
from fixture_site import page, site
from PIL.Image import Image

__all__ = ["inbox", "page", "site"]
NEEDLESS = ("Overview", "Search", "Read it as", "Keep", "Download the mail", "Right as it stands", "Correct this mail")
"""What only a screen needs."""


def a_morning(inbox: Inbox) -> None:
    said = outcomes(
        "body.txt",
        ("edit", "In OP5, write “reach”. ", (0,), "an instruction"),
        ("unread", "Mention the oceans. ", (), "names no paragraph"),
        ("quoted", "> Dear Parties, we ask for comments. " * 30, (), "taken for quoted"),
    )
    edit = change("OP5", "effectiveness", "reach", author="Kari Nordmann", sources=("Norway.docx",), needs_review=True)
    inbox.mail(message("NOR"), edit, remark("OP5", "We welcome it."), sentences=said, parts=(document("Norway.docx"),))
    inbox.mail(message("FJI"), change("OP5", "effectiveness", "scope", sources=("Fiji.docx",)))


def printed(page: Any, address: str) -> tuple[str, list[Image]]:
    """The text of the printed page, and its sheets as pictures."""
    page.goto(address)
    with pypdfium2.PdfDocument(page.pdf(format="A4")) as document:
        sheets = list(document)
        text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)
        return " ".join(text.split()), [sheet.render(scale=2).to_pil().convert("RGB") for sheet in sheets]


def has_colour(sheets: Sequence[Image], colour: str) -> bool:
    return any(tuple(bytes.fromhex(colour)) in dict(colours(sheet)) for sheet in sheets)


def colours(sheet: Image) -> list[tuple[Any, int]]:
    """Each colour of a sheet, with how many of its points have it, the most common one first."""
    found = sheet.getcolors(sheet.width * sheet.height) or []
    return sorted(((colour, count) for count, colour in found), key=lambda one: -one[1])


@pytest.mark.parametrize(
    ("path", "sources"),
    [
        ("/paragraphs/OP5", ["Kari Nordmann", "Norway.docx", "mail 1", "Fiji.docx", "mail 2", "Collide"]),
        ("/parties/NOR", ["Kari Nordmann", "Norway.docx", "mail 1", "[reach]", "We welcome it."]),
        ("/mails/1", ["Kari Nordmann", "Norway.docx", "names no paragraph", "Quoted: 1 sentence", "To review"]),
        ("/search?q=welcome", ["We welcome it.", "Norway"]),
        ("/review/all", ["Norway", "mail 1"]),
        ("/reminders", ["Afghanistan"]),
    ],
)
def test_print_has_what_is_folded_on_the_screen(
    inbox: Inbox, site: str, page: Any, path: str, sources: list[str]
) -> None:
    a_morning(inbox)
    text, _ = printed(page, site + path)
    assert [word for word in sources if word not in text] == []
    assert [
        word for word in NEEDLESS if word in text.removeprefix("Kunming Declaration Revised Zero Draft Search")
    ] == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("/", ["1c5d52", "e5e0d6"]), ("/mails/1", ["1c5d52", "c77f12"]), ("/paragraphs", ["e6ddc5"])],
)
def test_print_has_the_dots_and_the_heat(inbox: Inbox, site: str, page: Any, path: str, wanted: list[str]) -> None:
    a_morning(inbox)
    _, sheets = printed(page, site + path)
    assert [colour for colour in wanted if not has_colour(sheets, colour)] == []


def test_deleted_and_inserted_words_are_told_apart_without_colour(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.emulate_media(media="print")
    page.goto(f"{site}/parties/NOR")
    lines = "node => getComputedStyle(node).textDecorationLine"
    assert page.locator("#OP5 del").evaluate(lines) == "line-through"
    assert page.locator("#OP5 ins").evaluate(lines) == "underline"
    assert page.locator("#OP5 ins").evaluate("node => getComputedStyle(node, '::before').content") == '"["'


def test_dark_pages_are_printed_on_white(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.emulate_media(color_scheme="dark")
    _, sheets = printed(page, f"{site}/paragraphs/OP5")
    assert colours(sheets[0])[0][0] == (255, 255, 255)
