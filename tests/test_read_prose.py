"""What delegations say in words, and what it does to the official text. The sentences are in tests/sayings, a
language a file, each with what is to come of it: `OP5 [old|new]` words exchanged, put in or taken out, `-PP9` a
paragraph deleted, `OP7 + text` one added after OP7, `OP12 > OP4` one moved, `OP9 #split` a remark with its intent, `!`
unplaced, `?` needs a person, `-` nothing. A line that ends in a tab and `~` is not read so yet, but a person is asked.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scaling import takes_linear_time

from parsing.model import Block, Edit, Run, TextRole
from parsing.prose.read_prose import Understood, understand
from store.shipped import shipped_draft

DRAFT = shipped_draft()
SAYINGS = Path(__file__).parent / "sayings"


def _blocks(*lines: str, role: TextRole = "own") -> list[Block]:
    return [Block((Run(line),) if line.strip() else (), role=role) for line in lines]


def _said(text: str, at: tuple[str, ...] = ()) -> Understood:
    return understand(_blocks(*text.split("\n")), DRAFT, "body", at=at)


def _short(understood: Understood) -> str:
    edits = [_of_edit(edit) for edit in understood.edits]
    return " & ".join(edits + ["!"] * len(understood.unplaced)) or "-"


def _of_edit(edit: Edit) -> str:
    doubt = "?" if edit.needs_review else ""
    if edit.action == "delete_paragraph":
        return f"-{edit.paragraph}{doubt}"
    if edit.action == "move_paragraph":
        return f"{edit.paragraph} > {edit.to}{doubt}"
    if edit.action == "add_paragraph":
        return f"{edit.paragraph} + {edit.new}{doubt}"
    if edit.action == "comment":
        return f"{edit.paragraph} #{edit.intent or ''}{doubt}"
    return f"{edit.paragraph}{doubt} [{edit.old}|{edit.new}]"


@dataclass(frozen=True)
class Saying:
    text: str
    expected: str
    is_read: bool


def _sayings() -> Iterator[Saying]:
    for file in sorted(SAYINGS.glob("*.tsv")):
        for line in file.read_text("utf-8").splitlines():
            text, expected, *mark = line.split("\t")
            assert mark in ([], ["~"]), line
            yield Saying(text.replace("\\n", "\n"), expected, not mark)


ALL_SAYINGS = [pytest.param(saying, id=ascii(saying.text)[1:-1]) for saying in _sayings()]


_ITEM = re.compile(r" & (?=-?\w+\??(?: |$)|[!-])")
_DOUBT = re.compile(r"^(-?\w+)\?")


def _items(short: str) -> set[str]:
    """What comes of a sentence, without whether it needs a person."""
    return {_DOUBT.sub(r"\1", item) for item in _ITEM.split(short)} - {"!"}


@pytest.mark.parametrize("saying", ALL_SAYINGS)
def test_what_delegations_say_is_read_or_needs_a_person(saying: Saying) -> None:
    said = _said(saying.text)
    sure = [_of_edit(edit) for edit in said.edits if not edit.needs_review]
    told = bool(said.unplaced) or any(edit.needs_review for edit in said.edits)
    told = told or any(outcome.kind == "unread" for outcome in said.outcomes)
    assert _items(saying.expected).issuperset(sure)
    assert told or _items(_short(said)) == _items(saying.expected)
    assert not saying.is_read or _short(said) == saying.expected


def test_nearly_all_that_delegations_say_is_read() -> None:
    sayings = list(_sayings())
    same = sum(_items(_short(_said(saying.text))) == _items(saying.expected) for saying in sayings)
    assert same >= 0.95 * len(sayings)
    assert sum(saying.is_read for saying in sayings) >= 0.80 * len(sayings)


def _after(label: str, understood: Understood) -> str:
    """The paragraph with the edits made in it."""
    text = DRAFT.text(label)
    made = [edit for edit in understood.edits if edit.paragraph == label and edit.start is not None]
    for edit in sorted(made, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


@pytest.mark.parametrize("saying", ALL_SAYINGS)
def test_every_edit_fits_the_official_text(saying: Saying) -> None:
    for edit in _said(saying.text).edits:
        if edit.start is not None and edit.end is not None:
            assert DRAFT.text(edit.paragraph)[edit.start : edit.end] == edit.old


@pytest.mark.parametrize(
    ("said", "label", "reads"),
    [
        ("OP12: after “youth” add “persons with disabilities”", "OP12", "youth, persons with disabilities, civil"),
        ("OP12: after “youth,” add “elders,”", "OP12", "women, youth, elders, civil"),
        ("OP5: after “protected areas” add “, including at sea,”", "OP5", "protected areas, including at sea, and"),
        ("OP5: after “protected areas” add “and corridors ”", "OP5", "protected areas and corridors and"),
        ("OP1: after “reporting” add “verification”", "OP1", "monitoring, reporting, verification and review"),
        ("OP7: add “, in any form” after “genetic resources”", "OP7", "genetic resources, in any form, including"),
        ("OP7: add “, in any form,” after “genetic resources”", "OP7", "genetic resources, in any form, including"),
        ("OP13: before “ecosystems and” add “, marine”", "OP13", "terrestrial, marine ecosystems"),
        ("OP4: add “with resources;” at the end", "OP4", "goal of them with resources;"),
        ("OP6: add “and birds” at the end", "OP6", "protected and birds.;"),
        ("PP3: at the beginning add “Deeply”", "PP3", "Deeply concerned that"),
        ("PP3: replace “concerned” with “gravely concerned”", "PP3", "Gravely concerned that"),
        ("OP9: delete “promote health, ”", "OP9", "food production, and contribute"),
        ("OP9: delete “promote health”", "OP9", "food production, and contribute"),
        ("OP7: delete “Step up our efforts to”", "OP7", "Ensure the fair"),
        ("OP6: delete “severely”", "OP6", "judiciary, crack down on"),
        ("PP11: delete “, as well as the outcomes … Environmental Justice”", "PP11", "People and Planet,"),
        ("OP5: replace “wild species,” with “wild fauna,”", "OP5", "protect wild fauna and reduce"),
        ("OP6: replace “and strict” with “and firm system of”", "OP6", "a sound and firm system of biodiversity"),
        ("OP3: replace “or ‘mainstreaming’” with “and mainstreaming”", "OP3", "integration, and mainstreaming of"),
    ],
)  # fmt: skip
def test_spaces_commas_and_capitals_come_out_right(said: str, label: str, reads: str) -> None:
    assert reads in _after(label, _said(said))


def test_lines_broken_to_a_width_are_one_sentence() -> None:
    text = (
        '   Para. 7, line 2: after "sustainable use of biodiversity" insert ",\n'
        '   including through indigenous and community conserved areas and".\n'
        "\n"
        '   Para. 12, line 3: replace "other relevant stakeholders" with "other\n'
        '   rights-holders and stakeholders".'
    )  # fmt: skip
    assert _short(_said("A. PREAMBLE\n\n" + text.split("\n\n", maxsplit=1)[0])) == (
        "PP7 [|, including through indigenous and community conserved areas and]"
    )
    assert "rights-holders and stakeholders" in _after("OP12", _said(text))


def test_lines_that_each_begin_with_a_label_are_sentences_of_their_own() -> None:
    text = 'OP9 please exchange the words "mitigate" and "climate change"\nOP2 to be deleted (it repeats OP1)'
    assert "-OP2" in _short(_said(text))
    assert "OP9 [ mitigate|]" not in _short(_said(text))


def test_a_list_has_its_place_in_the_heading_above() -> None:
    text = 'OP5:\n- after "protected areas" add "at sea"\n- delete "wild"\n\nOP6\n- delete "severely"'
    assert _short(_said(text)) == "OP5 [| at sea] & OP5 [ wild|] & OP6 [ severely|]"


def test_a_heading_of_a_part_decides_between_preamble_and_commitments() -> None:
    assert _short(_said("PREAMBLE\n- Paragraph 5: delete")) == "-PP5"
    assert _short(_said("PREÁMBULO\n\n- Párrafo 5: suprimir")) == "-PP5"
    assert _short(_said("Paragraph 5: delete")) == "-OP5"


def test_the_place_goes_by_the_words_before_the_number() -> None:
    (edit,) = _said('Paragraph 5: delete "existential"').edits
    assert (edit.paragraph, edit.needs_review) == ("PP5", True)
    assert "named as OP5" in edit.evidence


def test_counting_the_opening_as_the_first_paragraph_is_seen() -> None:
    (edit,) = _said('Fourth preambular paragraph: replace "jeopardizes" with "threatens"').edits
    assert (edit.paragraph, edit.needs_review) == ("PP3", True)


def test_words_in_several_paragraphs_and_no_number_are_unplaced() -> None:
    understood = _said('Replace "biodiversity" with "nature".')
    assert understood.edits == ()
    assert "several places" in understood.unplaced[0].why


def test_a_number_that_does_not_exist_is_unplaced_with_the_reason() -> None:
    (unplaced,) = _said('In paragraph 25, delete "biodiversity".').unplaced
    assert (unplaced.why, unplaced.source) == ("the draft has no OP25", "body")


def test_contradictory_acts_are_both_kept_for_a_person() -> None:
    edits = _said('OP6: delete "severely crack down". OP6: replace "crack down on" with "combat".').edits
    assert [edit.needs_review for edit in edits] == [True, True]
    assert all(edit.confidence <= 0.5 for edit in edits)


def test_an_answer_between_quoted_lines_speaks_of_the_quoted_paragraph() -> None:
    blocks = _blocks("> " + DRAFT.text("PP6"), role="quoted")
    blocks += _blocks("Please explain which crises are meant.")
    (edit,) = understand(blocks, DRAFT, "body").edits
    assert (edit.paragraph, edit.comment) == ("PP6", "Please explain which crises are meant.")


def test_quoted_history_signatures_and_disclaimers_state_nothing() -> None:
    for role in ("quoted", "signature", "disclaimer"):
        assert _short(understand(_blocks('OP5: delete "wild".', role=role), DRAFT, "body")) == "-"


@pytest.mark.parametrize(
    "text",
    [
        "Dear colleagues,",
        "Thank you for the early circulation of the draft Declaration.",
        "Please find attached the comments of Norway on the Declaration.",
        "Brazil reserves its right to present further proposals.",
        "New Zealand supports a short and ambitious declaration and offers the following:",
        "Nous vous prions d'agréer l'expression de notre haute considération.",
        "Quedamos atentos a cualquier inquietud.",
        "Направляем замечания к проекту декларации.",
        "感谢有机会就宣言草案提出意见。",
        "وتفضلوا بقبول فائق الاحترام والتقدير،",
        "Best regards,\nA. Person\nParagraph 5 Street\nTel. 12",
        "We have no comments on paragraph 5.",
    ],
)
def test_courtesies_are_nothing(text: str) -> None:
    assert _short(_said(text)) == "-"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("OP6 is too long. We would prefer to see it shortened.", "OP6"),
        (
            "On the thirteenth commitment: Mountain ecosystems are not reflected, and we request suitable wording.",
            "OP13",
        ),
        ("Turkey reserves its position on the last paragraph in square brackets.", "note"),
        ("- We would like to see the ocean mentioned in the Declaration.", "general"),
        ("COMENTARIO GENERAL\nColombia considera que debe corresponder una ambición equivalente.", "general"),
        ("Российская сторона исходит из того, что Декларация не должна предрешать итоги переговоров.", "general"),
        ("我们认为宣言应更多地关注海洋生物多样性。", "general"),
        ("تؤكد مصر على أهمية التوازن بين أهداف الاتفاقية الثلاثة في نص الإعلان.", "general"),
    ],
)
def test_remarks_stand_in_the_delegations_own_words(text: str, label: str) -> None:
    (edit,) = _said(text).edits
    assert (edit.paragraph, edit.action, edit.origin) == (label, "comment", "remark")
    assert edit.comment.rstrip(".。") in text.replace("\n", " ")


def test_a_reason_belongs_to_its_edit() -> None:
    (edit,) = _said('OP7: replace "Step up" with "Scale up". It is the agreed term.').edits
    assert edit.comment == "It is the agreed term."
    (edit,) = _said('OP7: replace "Step up" with "Scale up", because it is the agreed term.').edits
    assert edit.comment == "because it is the agreed term."


def test_a_paragraph_said_again_is_its_difference() -> None:
    text = DRAFT.text("PP6").replace("many", "many INTERLINKED")
    (edit,) = _said(text).edits
    assert (edit.paragraph, edit.action, edit.new, edit.origin) == ("PP6", "insert", "interlinked ", "rewrite")
    assert _short(_said(DRAFT.text("PP6"))) == "-"


def test_before_and_after_stand_on_lines_of_their_own() -> None:
    assert _short(_said("OP8\nOriginal: emerging technologies\nProposed: new and emerging technologies")) == (
        "OP8 [emerging technologies|new and emerging technologies]"
    )
    assert _short(_said('In OP5, replace:\n"wild species"\nwith:\n"wild fauna"')) == "OP5 [wild species|wild fauna]"


def test_the_text_of_a_new_paragraph_may_come_on_the_next_line() -> None:
    text = (
        "Please add a new paragraph after paragraph 7 of the commitments, to read:\n\n“Promote cooperation in science;”"
    )
    assert _short(_said(text)) == "OP7 + Promote cooperation in science;"


def test_a_row_names_the_place_and_the_origin() -> None:
    blocks = _blocks("Delete “severely”. This is too strong.")
    (edit,) = understand(blocks, DRAFT, "table.docx", at=("OP6",), origin="table").edits
    assert (edit.paragraph, edit.old, edit.origin, edit.sources) == ("OP6", " severely", "table", ("table.docx",))
    assert edit.comment == "This is too strong."
    (remark,) = _said("This paragraph is too long.", at=("OP6",)).edits
    assert (remark.paragraph, remark.action) == ("OP6", "comment")


def test_capitals_show_what_is_new_in_paragraphs_one_after_the_other() -> None:
    changed = DRAFT.text("OP8").replace("assessment", "assessment, MONITORING")
    text = f"DEEPLY {DRAFT.text('PP3')}\n\n8. {changed}\n\nCiao\nJo"
    assert _short(_said(text)) == "PP3 [C|Deeply c] & OP8 [|, monitoring]"


def test_a_line_with_a_label_of_its_own_is_not_the_rest_of_the_one_above() -> None:
    text = (
        'Para 1: We suggest to strengthen this, e.g. by adding "ambitious and" before "effective".\n'
        "Para 5: In line with the Leaders' Pledge for Nature, add a reference to 30x30."
    )
    assert _short(_said(text)) == "OP1 [|ambitious and ] & OP5 #?"


def test_every_edit_has_its_evidence() -> None:
    (edit,) = _said('In OP5, delete "wild".').edits
    assert edit.evidence == 'In OP5, delete "wild".'


def _instructions(count: int) -> list[tuple[str, str, str]]:
    """A paragraph, a word that occurs there once, and another word for it."""
    words = [(p.label, word) for p in DRAFT.paragraphs if p.number for word, n in _words_of(p.text) if n == 1]
    return [(label, word, f"{word}ish") for label, word in words[:count]]


def _words_of(text: str) -> list[tuple[str, int]]:
    return sorted(Counter(re.findall(r"\b[a-z]{4,}\b", text)).items())


def _list_of(count: int) -> str:
    return "\n".join(f'{label}: replace "{old}" with "{new}"' for label, old, new in _instructions(count))


def test_two_hundred_instructions_in_one_mail_are_two_hundred_edits() -> None:
    understood = _said(_list_of(200))
    assert [(edit.paragraph, edit.old, edit.new) for edit in understood.edits] == _instructions(200)
    assert not understood.unplaced
    assert not any(edit.needs_review for edit in understood.edits)


def test_instructions_are_read_in_linear_time() -> None:
    assert takes_linear_time(_said, _list_of, 50)


@pytest.mark.parametrize(
    "text",
    ["", " ", '"', "“", "'", "OP", "OP5:", "[", "“”", "\u200f", "1.", "- ", "第", "paragraph of", "delete", "\x00"],
)
def test_fragments_harm_nobody(text: str) -> None:
    understood = _said(text)
    assert all(edit.action == "comment" for edit in understood.edits)


@pytest.mark.parametrize(
    ("part", "times"),
    [('"', 1250), ('" ', 1250), ("' a", 1250), ("[a ", 1250), ("1, ", 1250), ("paragraph ", 1250), ("delete ", 1250),
     ("delete “a” ", 125), ("word ", 5000), ("删除第五段", 2000), ("para 1, 2 and ", 750),
     ('replace "a" with "b" and "c" with "d", ', 75), ("第5段删去“x”之后的文字，", 250), ("Preamble\n", 500),
     ("Preamble\n2. delete “a”\n", 125)],
)  # fmt: skip
def test_monotonous_text_is_read_in_linear_time(part: str, times: int) -> None:
    assert takes_linear_time(_said, lambda count: part * count, times)


def test_a_list_of_numbers_behind_an_act_is_read_in_linear_time() -> None:
    assert takes_linear_time(_said, lambda count: "OP5: delete “wild” new paragraph, " + "1 and " * count, 2000)
