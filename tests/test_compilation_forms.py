"""The bracketed form and the form by paragraph, and the names of States in six languages."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from small import SMALL
from specimen_compilation import DRAFT, NOW, change, compiled, consultation, without_place
from test_compilation_word import SAID, Said

from compilation import phrases
from compilation.bracketed import bracketed, bracketed_words
from compilation.submissions import submissions
from compilation.words import words
from compilation.write import LANGUAGES
from consultation.choice import Choice
from consultation.compilation import Compilation, compile_comments, sorting_key
from parsing.model import Edit
from store.register import load, un_names

OP5 = DRAFT.text("OP5")


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def op5(*said: tuple[str, Edit]) -> str:
    """How OP5 begins in brackets."""
    edits: dict[str, list[Edit]] = {}
    for who, edit in said:
        edits.setdefault(who, []).append(edit)
    found = next(
        line for line in lines(bracketed(compiled(edits))) if line.startswith(("5.", "[5.")) or "\tImprove" in line
    )
    return found.partition(" of area-based")[0].partition("\t")[2]


# --- brackets ----------------------------------------------------------------------------------------


def test_alternatives_stand_in_brackets_in_order() -> None:
    found = op5(
        ("NOR", change("OP5", "effectiveness", "quality")),
        ("CHL", change("OP5", "effectiveness", "reach")),
        ("PER", change("OP5", "effectiveness", "reach")),
        ("JPN", change("OP5", "effectiveness", "")),
    )
    assert found == "Improve the [effectiveness][reach – Chile, Peru][delete – Japan][quality – Norway]"


def test_what_is_put_in_stands_in_brackets_with_its_spaces_outside() -> None:
    assert op5(("NOR", change("OP5", "the| effectiveness", " full"))) == "Improve the [full – Norway] effectiveness"
    assert op5(("NOR", change("OP5", "the |effectiveness", "full "))) == "Improve the [full – Norway] effectiveness"


def test_a_deletion_over_others_has_brackets_around_theirs() -> None:
    found = op5(
        ("JPN", change("OP5", "Improve the effectiveness", "")),
        ("NOR", change("OP5", "Improve", "Raise")),
        ("CHE", change("OP5", "effectiveness", "reach")),
    )
    assert found == "[[Improve][Raise – Norway] the [effectiveness][reach – Switzerland]][delete – Japan]"


def test_a_whole_paragraph_and_new_ones() -> None:
    said = {
        "NOR": [Edit("OP5", "delete_paragraph"), Edit("OP6", "move_paragraph", to="OP8")],
        "BRA": [Edit("OP5", "add_paragraph", new="Conserve the ocean;", comment="It is missing.")],
    }
    found = lines(bracketed(compiled(said)))
    assert f"5.\t[{OP5}][delete – Norway]" in found
    assert "[Conserve the ocean; – Brazil]" in found
    assert "Brazil: It is missing." in found
    assert f"6.\t[{DRAFT.text('OP6')}][move to follow OP8 – Norway]" in found
    assert f"[{DRAFT.text('OP6')} – Norway, moved from OP6]" in found


def test_it_has_a_key_and_what_is_not_in_it() -> None:
    snapshot = consultation({"NOR": [change("OP5", "Improve", "Raise")]})
    compilation = compile_comments(snapshot, Choice(), [without_place(1, "Be bold.")], made_at=NOW)
    for form in (bracketed, submissions):
        found = lines(form(compilation))
        assert any(line.startswith("Made: 8 September 2021") for line in found)
        assert "Norway: Be bold. (body, mail 1) – names no paragraph" in found
    assert any("says who wants to delete" in line for line in lines(bracketed(compilation)))


@settings(max_examples=80, deadline=timedelta(seconds=20))
@given(SAID)
def test_in_brackets_stand_all_official_words_in_their_order_and_every_alternative(said: Said) -> None:
    compilation = compiled(said, SMALL)
    for one in compilation.paragraphs:
        found = list(bracketed_words(one, lambda alternative: phrases.names(compilation, alternative.members)))
        official = "".join(word.text for word in found if not word.looks)
        assert "".join(official.split()) == "".join(one.paragraph.text.split())
        shown = "".join(word.text for word in found)
        assert shown.count("[") == shown.count("]")
        for alternative in (
            kept for passage in (*one.passages.apart, *one.passages.over) for kept in passage.alternatives
        ):
            words = alternative.new.strip().replace("\n", " ¶ ") or ("¶" if "\n" in alternative.new else "delete")
            who = phrases.names(compilation, alternative.members)
            assert f"{words} – {who}]" in shown or "delete “" in shown


# --- by paragraph ------------------------------------------------------------------------------------


def in_language(language: str, **more: Any) -> Compilation:
    at = {"CHE": datetime(2021, 9, 9, 9, tzinfo=UTC)}
    said = {code: [change("OP5", "Improve", f"Raise {code}")] for code in ("CHE", "DEU", "EGY", "observer:IUCN")}
    snapshot = consultation(said, at=at)
    return compile_comments(snapshot, Choice(), (), made_at=NOW, language=language, names=un_names(language), **more)


def test_under_each_paragraph_parties_then_groups_then_observers() -> None:
    said = {
        "observer:IUCN": [change("OP5", "Improve", "Lift")],
        "group:African Group": [Edit("OP5", "comment", comment="Good.")],
        "NOR": [change("OP5", "Improve", "Raise", comment="It can be measured.")],
        "CHL": [Edit("OP5", "delete_paragraph")],
        "BRA": [Edit("OP5", "add_paragraph", new="Conserve the ocean;")],
    }
    found = lines(submissions(compiled(said)))
    at = found.index("OP5")
    below = found[at + 1 : found.index("OP6")]
    assert below[0] == f"5. {OP5}"
    changed = OP5.replace("Improve", "ImproveRaise")
    assert below[1:7] == [
        "SUBMISSIONS FROM PARTIES", "Brazil", "New paragraph: Conserve the ocean;", "Chile", "Delete the paragraph.",
        "Norway",
    ]  # fmt: skip
    assert below[7].partition("…")[0].strip() == changed[: len(below[7].partition("…")[0].strip())]
    assert below[8:12] == [
        "Comment: It can be measured.", "SUBMISSIONS FROM GROUPS OF PARTIES", "African Group", "Comment: Good.",
    ]  # fmt: skip
    assert below[12:14] == ["SUBMISSIONS FROM OBSERVERS", "IUCN"]


ORDERS = {
    "en": ["Egypt", "Germany", "Switzerland"],
    "fr": ["Allemagne", "Égypte", "Suisse"],
    "es": ["Alemania", "Egipto", "Suiza"],
    "ru": ["Германия", "Египет", "Швейцария"],
    "zh": ["埃及", "德国", "瑞士"],
    "ar": ["ألمانيا", "سويسرا", "مصر"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_names_and_their_order_are_those_of_the_language(language: str) -> None:
    compilation = in_language(language)
    found = lines(submissions(compilation))
    own = words(language)
    at = found.index(own["parties"])
    names = [name for name in ORDERS[language] if any(line.startswith(name) for line in found[at:])]
    places = [next(n for n, line in enumerate(found[at:]) if line.startswith(name)) for name in ORDERS[language]]
    assert names == ORDERS[language]
    assert places == sorted(places)
    assert own["observers"] in found
    late = ORDERS[language][{"en": 2, "fr": 2, "es": 2, "ru": 2, "zh": 2, "ar": 1}[language]]
    assert f"{late} ({own['late']})" in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_all_words(language: str) -> None:
    assert words(language).keys() == words("en").keys()


NAMES = (
    ("fr", "CIV", "Côte d'Ivoire"),
    ("fr", "NIU", "Nioué"),
    ("es", "NZL", "Nueva Zelandia"),
    ("ru", "GBR", "Соединенное Королевство Великобритании и Северной Ирландии"),
    ("zh", "DOM", "多米尼加"),
    ("ar", "RUS", "الاتحاد الروسي"),
    ("en", "EU", "European Union"),
    ("ru", "EU", "Европейский союз"),
)


@pytest.mark.parametrize(("language", "code", "name"), NAMES)
def test_names_are_those_of_the_united_nations(language: str, code: str, name: str) -> None:
    assert un_names(language)[code] == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_party_has_a_name_of_its_own(language: str) -> None:
    found = un_names(language)
    assert found.keys() == {party.code for party in load().parties}
    assert len(set(found.values())) == len(found)


ORDERED = (
    ("fr", ("Bénin", "Égypte", "Fidji")),
    ("es", ("Ecuador", "Egipto", "El Salvador")),
    ("zh", ("阿富汗", "巴西", "中国")),
    ("ar", ("إثيوبيا", "الأرجنتين", "الأردن", "باكستان", "الصين", "كندا")),
)


@pytest.mark.parametrize(("language", "names"), ORDERED)
def test_states_are_in_the_order_of_their_names(language: str, names: tuple[str, ...]) -> None:
    keys = [sorting_key(name, language) for name in names]
    assert keys == sorted(keys)


def test_arabic_headings_run_from_right_to_left() -> None:
    document = docx.Document(io.BytesIO(submissions(in_language("ar"))))
    heading = next(one for one in document.paragraphs if one.text == words("ar")["parties"])
    assert heading._p.xpath("./w:pPr/w:bidi")
