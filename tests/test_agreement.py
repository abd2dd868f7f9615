"""Which proposals agree, which can all be made, which collide; who supports each: tables over pure functions."""

from typing import Any

import pytest
from fixture_inbox import DRAFT, REGISTER, change, remark

from consultation.agreement import changed_passages
from consultation.conflicts import DELETES, KEEPS, WORDINGS, Conflict, conflict, least_changes
from consultation.facts import EditFact, Speaker
from consultation.support import Support, support_of
from parsing.model import Edit

OP5 = DRAFT.text("OP5")
"""Improve the effectiveness of area-based conservation and management through establishing effective systems of
protected areas and adopting other effective area-based conservation measures, and protect wild species and reduce or
eliminate threats to biodiversity;
"""
GONE = Edit("OP5", "delete_paragraph")


def five(old: str, new: str) -> Edit:
    return change("OP5", old, new)


def kept(**more: Any) -> Edit:
    return remark("OP5", "Retain this.", intent="retain", **more)


CONFLICTS: list[tuple[str, Edit, Edit, Conflict | None]] = [
    ("the same", five("effectiveness", "reach"), five("effectiveness", "reach"), None),
    ("the same, with a word around", five("effectiveness", "reach"), five("the effectiveness", "the reach"), None),
    ("two wordings", five("effectiveness", "reach"), five("effectiveness", "scope"), WORDINGS),
    ("two wordings, spans that overlap", five("the effectiveness", "our reach"), five("effectiveness of", "scope of"),
     WORDINGS),
    ("apart", five("effectiveness", "reach"), five("wild species", "wildlife"), None),
    ("one goes further", five("effectiveness", "reach"), five("effectiveness of area-based", "reach of sound"), None),
    ("one deletes what another changes", five("effectiveness", ""), five("effectiveness", "reach"), DELETES),
    ("one deletes more", five("and reduce or eliminate threats", ""), five("or eliminate", ""), None),
    ("deletions that overlap", five("the effectiveness", ""), five("effectiveness of", ""), None),
    ("the whole paragraph goes", GONE, five("effectiveness", "reach"), DELETES),
    ("and with it some words", GONE, five("effectiveness", ""), None),
    ("twice", GONE, GONE, None),
    ("insertions at one point, of different things", five("areas|", ", including wetlands"),
     five("areas|", " by 2030"), None),
    ("insertions at one point, of one thing", five("areas|", " by 2030"), five("areas|", " by 2030 at the latest"),
     WORDINGS),
    ("two wordings that begin alike", five("effective systems", "effectively managed systems"),
     five("effective systems", "effectively governed systems"), WORDINGS),
    ("the same insertion, before and after a space", five("|effectiveness", "full "),
     five("the| effectiveness", " full"), None),
    ("an insertion into deleted words", five("protected areas and adopting", ""), five("areas|", " by 2030"), DELETES),
    ("an insertion beside deleted words", five("protected areas", ""), five("effective systems of| protected", " all"),
     None),
    ("part of a word", five("ness", ""), five("effectiveness", "reach"), WORDINGS),
    ("quotes and spaces", five("effectiveness", "“reach”"), five("effectiveness", '"reach"'), None),
    ("words that are kept", kept(start=OP5.index("wild"), end=OP5.index("wild") + 12), five("wild species", ""), KEEPS),
    ("words that are kept, and changed", kept(start=OP5.index("wild"), end=OP5.index("wild") + 12),
     five("wild species", "wildlife"), KEEPS),
    ("other words", kept(start=0, end=7), five("wild species", ""), None),
    ("the paragraph is kept", kept(), GONE, KEEPS),
    ("the paragraph is kept, and a word of it changed", kept(), five("effectiveness", "reach"), None),
    ("a comment that keeps nothing", remark("OP5", "Good."), GONE, None),
    ("two comments", kept(), kept(), None),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "one", "other", "why"), CONFLICTS)
def test_two_proposals_can_both_be_made_or_not(_what: str, one: Edit, other: Edit, why: Conflict | None) -> None:
    assert conflict(OP5, one, other) == why
    assert conflict(OP5, other, one) == why


def test_a_long_change_is_taken_apart() -> None:
    edit = five("effective systems of protected areas", "effectively managed systems of protected areas by 2030")
    words = [(OP5[one.start : one.end], one.new) for one in least_changes(OP5, edit)]
    assert words == [("effective", "effectively"), ("", "managed"), ("", "by 2030")]


def facts(*edits: Edit) -> list[EditFact]:
    return [EditFact(str(n), edit, edit, 0, 1) for n, edit in enumerate(edits)]


def test_a_passage_says_which_proposals_cannot_both_be_made_and_why() -> None:
    edits = facts(
        five("effectiveness", "reach"), five("effectiveness", "reach"), five("effectiveness", "scope"),
        five("effectiveness", ""), five("wild species", "wildlife"),
    )  # fmt: skip
    first, second = changed_passages(OP5, edits)
    assert [len(one.members) for one in first.proposals] == [2, 1, 1]
    assert (first.collide, set(first.why), len(first.rivals)) == (True, {WORDINGS, DELETES}, 3)
    assert (second.collide, second.why) == (False, ())


def test_a_wider_proposal_collides_only_with_what_it_does_not_make_itself() -> None:
    rewrite = five("effectiveness of area-based conservation and management through establishing effective systems",
                   "reach of area-based conservation and management through establishing lasting systems")  # fmt: skip
    agreeing = facts(rewrite, five("effectiveness", "reach"), five("effective systems", "lasting systems"))
    assert [(one.over, one.collide) for one in changed_passages(OP5, agreeing)] == [(0, False)]
    wide = five(OP5, OP5.replace("effectiveness", "reach").replace("effective systems", "lasting systems"))
    agreeing = facts(wide, *(fact.edit for fact in agreeing[1:]))
    assert [(one.over, one.collide) for one in changed_passages(OP5, agreeing)] == [(2, False), (0, False), (0, False)]
    against = facts(wide, five("effectiveness", "scope"), five("effective systems", "lasting systems"))
    first, *_ = changed_passages(OP5, against)
    assert (first.over, first.why) == (2, (WORDINGS,))


def test_a_comment_that_keeps_words_stands_with_what_deletes_them() -> None:
    span = {"start": OP5.index("wild"), "end": OP5.index("wild") + 12}
    (passage,) = changed_passages(OP5, facts(five("wild species", "")), facts(kept(**span), remark("OP5", "Good.")))
    assert ([one.edit.intent for one in passage.kept], passage.why) == (["retain"], (KEEPS,))


NOR, CHE, SVN = (Speaker("party", code) for code in ("NOR", "CHE", "SVN"))
EU, USA = Speaker("party", "EU"), Speaker("observer", "USA")
AFRICA, LDCS = Speaker("group", "African Group"), Speaker("group", "LDCs")
SUPPORT = [
    ((NOR, CHE), (2, 2)),
    ((NOR, NOR), (1, 1)),
    ((EU,), (1, 28)),
    ((EU, SVN), (2, 28)),
    ((AFRICA,), (0, 54)),
    ((AFRICA, LDCS), (0, 54 + 46 - 33)),
    ((NOR, USA), (1, 1)),
    ((USA,), (0, 0)),
]


@pytest.mark.parametrize(("speakers", "counted"), SUPPORT)
def test_support_counts_parties_and_those_they_speak_for_once(
    speakers: tuple[Speaker, ...], counted: tuple[int, int]
) -> None:
    support = support_of(REGISTER, speakers)
    assert (len(support.parties), support.speaks_for) == counted


def test_support_tells_parties_groups_and_observers_apart() -> None:
    assert support_of(REGISTER, (USA, AFRICA, NOR, EU)) == Support((NOR, EU), (AFRICA,), (USA,), 83)
