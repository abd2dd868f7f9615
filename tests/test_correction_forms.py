"""No input breaks the desk: corrections are checked by kind when they are made, and again whenever they are applied."""

from typing import Any

import pytest
from fixture_inbox import DRAFT, NOON, NOW, REGISTER, change, message, remark
from hypothesis import given, settings
from hypothesis import strategies as st

from api.json_output import CorrectionJson
from consultation.correction_forms import GIVEN, KEPT
from consultation.correction_words import correction_lines
from consultation.edit_content import WrongCorrection
from consultation.facts import ConsultationSnapshot
from consultation.kept import Correction, KeptConsultation, KeptEdit, KeptMail
from consultation.new_corrections import check_correction, check_undo
from consultation.review_queue import review_queue
from consultation.snapshot import make_snapshot
from consultation.status import status

HASHES = [f"{n:064}" for n in (1, 2, 3)]
MAILS = tuple(
    KeptMail(n, sha256, 100, NOON, crashed=False, refused=False, twin_of=None, message=message("NOR"))
    for n, sha256 in enumerate(HASHES, 1)
)
EDITS = (
    KeptEdit(1, change("OP5", "effectiveness", "reach")),
    KeptEdit(2, remark("OP1", "Good.")),
    KeptEdit(3, change("OP6", "ensure", "guarantee")),
)


def snapshot(*said: Correction) -> ConsultationSnapshot:
    return make_snapshot(KeptConsultation(DRAFT, MAILS, EDITS, said), REGISTER)


def row(kind: Any, target: Any, value: Any, number: int = 1, **more: Any) -> Correction:
    return Correction(number, NOW, **{"who": "A drafter", "why": ""} | more, kind=kind, target=target, value=value)


def check(kind: str, target: Any, value: Any, *said: Correction) -> None:
    check_correction(snapshot(*said), kind=kind, target=target, value=value, who="A drafter", why="")


AN_EDIT = {"paragraph": "OP5", "action": "comment", "comment": "Good."}
WRONG: list[tuple[str, Any, Any, str]] = [
    ("party", {"mail": 1}, {"observer": 5}, "value.observer 5: Input should be a valid string"),
    ("party", {"mail": 1}, {"party": ["NOR"]}, "value.party: Input should be a valid string"),
    ("party", {"mail": 1}, {"party": "NOR", "role": "x"}, "value.role: there is no such field"),
    ("party", {"mail": 1}, {"party": "NOR", "accepted": True}, "value.accepted: the value of a correction of the kind"),
    ("party", {"mail": True}, {"party": "NOR"}, "target.mail True: "),
    ("party", {"mail": 1.5}, {"party": "NOR"}, "target.mail 1.5: "),
    ("party", {"mail": 2**64}, {"party": "NOR"}, "target.mail 18446744073709551616: "),
    ("party", {"mail": -1}, {"party": "NOR"}, "target.mail -1: "),
    ("party", {"mail": "²"}, {"party": "NOR"}, "mail '²': there is none"),
    ("party", {}, {"party": "NOR"}, "mail '': there is none"),
    ("party", [1], {"party": "NOR"}, "target: an object is expected"),
    ("party", {"mail": 1}, None, "value: an object is expected"),
    ("party", {"mail": 1}, {"observer": "a\ud800b"}, "value.observer: a text of whole characters is expected"),
    ("party", {"mail": 1}, {"observer": "a\0b"}, "a text without NUL is expected"),
    ("party", {"mail": 1}, {"observer": "x" * 301}, "value.observer 'xxx"),
    ("party", {"mail": 1}, {"\ud800": "x"}, "value: a text of whole characters is expected"),
    ("entry", {"party": "NOR"}, {"edit": AN_EDIT | {"intent": ["support"]}, "source": "a call"},
     "value.edit.intent: Input should be a valid string"),
    ("entry", {"party": "NOR"}, {"edit": AN_EDIT | {"start": 10**12, "end": 10**12}, "source": "a call"},
     "value.edit.start 1000000000000: "),
    ("entry", {"party": "NOR"}, {"edit": AN_EDIT | {"start": 5, "end": 10**6}, "source": "a call"},
     "start, end: 5 to 1000000 does not lie"),
    ("entry", {"party": "NOR"}, {"edit": AN_EDIT | {"start": 0.5}, "source": "a call"}, "value.edit.start 0.5: "),
    ("entry", {"party": "NOR"}, {"edit": AN_EDIT | {"comment": "x" * 100_001}, "source": "a call"},
     "value.edit.comment"),
    ("entry", {"party": "NOR"}, {"edit": "OP5", "source": "a call"}, "value.edit: an object is expected"),
    ("entry", {"party": "NOR", "group": "WEOG"}, {"edit": AN_EDIT, "source": "a call"}, "target: one of party, group"),
    ("entry", {"party": "NOR"}, {"edit": {"paragraph": "OP5", "action": "delete", "old": "the", "nth": "²"},
                                 "source": "a call"}, "OP5 holds 'the' "),
    ("deadline", {"party": "NOR"}, {"deadline": "9999-12-31", "granted_by": "x"}, "deadline 9999-12-31: more time is"),
    ("deadline", {"party": "NOR"}, {"deadline": "2021-09-05", "granted_by": "x"}, "deadline 2021-09-05: more time is"),
    ("deadline", {"party": "NOR"}, {"deadline": "0001-01-01", "granted_by": "x"}, "deadline 0001-01-01: more time is"),
    ("deadline", {"party": "NOR"}, {"deadline": 20210913, "granted_by": "x"}, "value.deadline 20210913: "),
    ("deadline", {"party": "NOR"}, {"deadline": "2021-09-13", "granted_by": 7}, "value.granted_by 7: "),
    ("deadline", {"party": "XXX"}, {"deadline": "2021-09-13", "granted_by": "x"}, "party 'XXX': no Party"),
    ("superseded", {"mail": 1}, {"superseded": "no"}, "value.superseded 'no': "),
    ("superseded", {"mail": 1}, {"by": [2]}, "value.by"),
    ("claim", {"mail": 1}, {"accepted": "yes"}, "value.accepted 'yes': "),
    ("claim", {"mail": 1}, {"accepted": True}, "mail 1 claims nothing that needs a decision"),
    ("undo", {"correction": "²"}, {}, "correction '²': a number is expected"),
    ("undo", {"correction": 2**70}, {}, "target.correction 1180591620717411303424: "),
    ("undo", {"correction": "9" * 300}, {}, "correction 99999999999999999999: there is none"),
    ("undo", {"correction": 1}, {"why": "x"}, "value.why: there is no such field"),
    ("place", {"edit": 7}, {"paragraph": "OP5"}, "target.edit 7: "),
    ("dismiss", {"edit": "1-x", "mail": 1}, {}, "target.mail: the target of a correction of the kind dismiss"),
    ("disposition", {"edit": "1-x"}, {"disposition": {}}, "value.disposition"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "value", "says"), WRONG)
def test_a_correction_that_cannot_be_is_refused_with_one_line_that_names_the_field(
    kind: str, target: Any, value: Any, says: str
) -> None:
    with pytest.raises(WrongCorrection) as refused:
        check(kind, target, value)
    assert str(refused.value).startswith(says) or says in str(refused.value)
    assert "\n" not in str(refused.value)
    str(refused.value).encode()


@pytest.mark.parametrize(
    ("who", "why"), [("a\ud800", ""), ("A", "b\0"), ("x" * 301, ""), ("A", "x" * 10_001), ("", "")]
)
def test_who_decides_and_why_are_texts_of_a_size(who: str, why: str) -> None:
    with pytest.raises(WrongCorrection, match=r"^(by|why): "):
        check_correction(snapshot(), kind="confirm", target={"mail": 1}, value={}, who=who, why=why)


def by(one: int, other: int, number: int = 1) -> Correction:
    value = {"superseded": True, "by": HASHES[other - 1]}
    return row("superseded", {"mail": HASHES[one - 1]}, value, number)


def same(one: int, other: int, number: int = 1) -> Correction:
    return row("same", {"mail": HASHES[one - 1]}, {"as": HASHES[other - 1]}, number)


CIRCLES: list[tuple[tuple[Correction, ...], str, Any, Any]] = [
    ((by(1, 2),), "superseded", {"mail": 2}, {"by": 1}),
    ((by(1, 2), by(2, 3, 2)), "superseded", {"mail": 3}, {"by": 1}),
    ((same(1, 2),), "superseded", {"mail": 2}, {"by": 1}),
    ((by(1, 2),), "same", {"mail": 2}, {"as": 1}),
]


@pytest.mark.parametrize(("said", "kind", "target", "value"), CIRCLES)
def test_mails_in_a_circle_are_refused(said: tuple[Correction, ...], kind: str, target: Any, value: Any) -> None:
    with pytest.raises(WrongCorrection, match=r"itself gives way to mail|is itself a copy of"):
        check(kind, target, value, *said)


@pytest.mark.parametrize(
    "said",
    [
        (by(1, 2), by(2, 1, 2)),
        (by(1, 2), by(2, 3, 2), by(3, 1, 3)),
        (same(1, 2), same(2, 1, 2)),
        (same(1, 2), by(2, 1, 2)),
    ],
)
def test_of_a_circle_that_was_written_all_the_same_one_row_has_no_effect(said: tuple[Correction, ...]) -> None:
    now = snapshot(*said)
    assert any(mail.is_current for mail in now.mails[: len(said)])
    assert [bool(one.not_applied) for one in now.corrections] == [False] * (len(said) - 1) + [True]


ROWS: list[tuple[Any, Any, Any]] = [
    ("party", {"mail": HASHES[0]}, {"party": None, "group": None, "observer": 5}),
    ("party", {"mail": HASHES[0]}, {"party": "XXX", "group": None, "observer": None}),
    ("party", {"mail": HASHES[0]}, {"party": "NOR"}),
    ("party", [], {}),
    ("kind", {"mail": HASHES[0]}, {"kind": "nice"}),
    ("kind", {"mail": 1}, {"kind": "spam"}),
    ("magic", {}, {}),
    ("deadline", {"party": "NOR"}, {"deadline": "9999-12-31", "granted_by": "x"}),
    ("deadline", {"party": "NOR"}, {"deadline": "soon", "granted_by": "x"}),
    ("entry", {"party": None}, {}),
    ("entry", {"party": "NOR"}, {"edit": AN_EDIT, "source": "x", "draft": DRAFT.id}),
    ("entry", {"party": "NOR"}, {"source": "x", "draft": DRAFT.id, "edit": AN_EDIT | {
        "start": 4, "end": 99_999, "old": "", "new": "", "to": None, "intent": None}}),
    ("confirm", {"mail": HASHES[0]}, {"seen": "all"}),
    ("confirm", {"mail": HASHES[0]}, {"seen": ["\ud800"]}),
    ("place", {"mail": HASHES[0], "edit": {}, "nth": 0}, {"paragraph": "OP5", "start": 0, "end": 1}),
    ("statement", {"mail": HASHES[0], "statement": {"text": 1}}, {}),
    ("disposition", {"entered": -1}, {"disposition": None, "note": ""}),
    ("translation", {"entered": 1}, {"text": None}),
    ("undo", {"correction": float("nan")}, {}),
    ("superseded", {"mail": HASHES[0]}, {"superseded": 1, "by": None}),
    ("claim", {"mail": HASHES[0]}, {"accepted": None}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "value"), ROWS)
def test_a_row_that_says_what_cannot_be_is_told_and_skipped(kind: Any, target: Any, value: Any) -> None:
    good = row("kind", {"mail": HASHES[1]}, {"kind": "spam"}, 2)
    now = snapshot(row(kind, target, value), good)
    bad, kept = now.corrections
    assert (bool(bad.not_applied), kept.not_applied) == (True, "")
    assert [mail.kind for mail in now.mails] == ["comments", "spam", "comments"]
    assert_shown(now)


def assert_shown(now: ConsultationSnapshot) -> None:
    """All that shows corrections can show these."""
    status(now)
    review_queue(now)
    for one in now.corrections:
        CorrectionJson.model_validate(one).model_dump_json()
    for line in correction_lines(now):
        f"{line.about} {line.says} {line.correction.who} {line.correction.why}".encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(HASHES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(sorted({name for target, value in GIVEN.values() for name in target | value}))
OBJECTS = ANYTHING | st.dictionaries(FIELDS, ANYTHING, max_size=4)


@settings(deadline=None)
@given(kind=st.sampled_from([*KEPT, "magic"]), target=OBJECTS, value=OBJECTS, who=st.text())
def test_whatever_stands_in_a_row_the_desk_is_shown(kind: Any, target: Any, value: Any, who: str) -> None:
    assert_shown(snapshot(row(kind, target, value, who=who)))


@settings(deadline=None)
@given(kind=st.sampled_from([*GIVEN, "magic"]), target=OBJECTS, value=OBJECTS)
def test_whatever_is_given_is_kept_in_its_form_or_refused(kind: str, target: Any, value: Any) -> None:
    now = snapshot()
    try:
        new = check_correction(now, kind=kind, target=target, value=value, who="A", why="")
    except WrongCorrection as error:
        str(error).encode()
    else:
        assert snapshot(row(new.kind, new.target, new.value)).corrections[0].not_applied == ""


def test_a_row_that_cannot_be_read_can_be_undone() -> None:
    bad = row("party", [], {}, 7)
    new = check_undo([bad], target={"correction": 7}, value={}, who="A drafter", why="")
    assert (new.kind, new.target) == ("undo", {"correction": 7})
