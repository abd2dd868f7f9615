"""What a compilation says in plain English: who wants what, what it is, what is not in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from consultation.compilation import Compilation, CompiledParagraph, LeftOut, LeftOutKind, ProposedParagraph
from consultation.facts import EditFact, Speaker
from consultation.passages import Alternative, Passage

COMPILER = "Compilation"
"""The author of what the compilation itself says."""
_SHOWN = 60
"""Characters of the official words that a comment repeats."""
LEFT_OUT: dict[LeftOutKind, tuple[str, str]] = {
    "unplaced": ("statement without a place in the draft", "statements without a place in the draft"),
    "unreadable": ("file or part that could not be read", "files or parts that could not be read"),
    "not read": ("mail that is not read", "mails that are not read"),
    "not attributed": ("proposal of a mail not attributed to anyone", "proposals of mails not attributed to anyone"),
    "in review": ("proposal that needs review", "proposals that need review"),
    "superseded": ("mail that a later one has replaced", "mails that later ones have replaced"),
    "elsewhere": ("proposal for a paragraph that is not in the draft", "proposals for paragraphs not in the draft"),
}
"""What is left out, one and several."""


def count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def when(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


# --- who wants what ----------------------------------------------------------------------------------
# Nothing here is worded as a request ("delete …"): a compilation may be sent in, and is then read as a mail.


def who_wants_what(compilation: Compilation, official: str, passage: Passage) -> str | None:
    """Who wants what at a passage, a line an alternative; None where one alone proposes one thing."""
    if not passage.collide:
        return who_proposes(compilation, passage.alternatives[0])
    base = official[passage.start : passage.end]
    head = f"Proposals for “{shortened(base)}”:" if base else "Proposals to insert here:"
    return "\n".join([head, *(_line(compilation, one) for one in passage.alternatives)])


def who_wants_what_over(compilation: Compilation, official: str, passage: Passage) -> str:
    """Who wants what of words in which others propose changes."""
    words = shortened(official[passage.start : passage.end])
    lines = (_line(compilation, one) for one in passage.alternatives)
    return "\n".join([f"Proposals for all of “{words}”, in which others propose changes:", *lines])


def who_proposes(compilation: Compilation, alternative: Alternative) -> str | None:
    """All who propose the same; None for one alone."""
    return f"Same proposal: {names(compilation, alternative.members)}" if len(alternative.by) > 1 else None


def who_deletes_or_moves(compilation: Compilation, compiled: CompiledParagraph) -> str | None:
    """Who deletes or moves the whole paragraph, where that is not one Party's deletion alone."""
    if compiled.deleted is None:
        return None
    by, moved = compiled.deleted.by, compiled.moved_to
    if len(by) == 1 and not moved and not compiled.passages.apart:
        return None
    gone = [fact for fact in compiled.deleted.members if fact.speaker not in moved]
    lines = [f"{names(compilation, gone)}: (nothing)"] if gone else []
    lines += [f"{compilation.name(who)}: moved to follow {to}" for who, to in moved.items()]
    return "\n".join(["Proposals for the whole paragraph:", *lines])


def added(compilation: Compilation, addition: ProposedParagraph) -> str | None:
    moved = f"Moved here from {addition.moved_from}" if addition.moved_from else None
    lines = [line for line in (moved, who_proposes(compilation, addition.alternative)) if line]
    return "\n".join(lines) or None


def _line(compilation: Compilation, alternative: Alternative) -> str:
    what = f"“{alternative.new.strip() or alternative.new}”" if alternative.new else "(nothing)"
    return f"{names(compilation, alternative.members)}: {what}"


def names(compilation: Compilation, facts: Iterable[EditFact], *, reviews: bool = False) -> str:
    """The speakers, each once, in order; those that came late say so, and with `reviews` those that need review."""
    said: dict[Speaker, list[EditFact]] = {}
    for fact in facts:
        if fact.speaker:
            said.setdefault(fact.speaker, []).append(fact)
    return ", ".join(compilation.name(who) + _marked(compilation, own, reviews) for who, own in said.items())


def _marked(compilation: Compilation, facts: Iterable[EditFact], reviews: bool) -> str:
    own = list(facts)
    marks = {"late": all(map(compilation.is_late, own)), "to review": reviews and any(one.review for one in own)}
    shown = [mark for mark, holds in marks.items() if holds]
    return f" ({', '.join(shown)})" if shown else ""


def shortened(text: str, limit: int = _SHOWN) -> str:
    words = " ".join(text.split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def comment_text(fact: EditFact) -> str:
    """What a comment says; for what has no words of its own, what it asks for."""
    edit = fact.edit
    said = edit.comment or edit.new or edit.evidence
    if edit.intent and edit.action == "comment":
        return f"[{edit.intent}] {said}" if said else f"[{edit.intent}]"
    return said


# --- what it is --------------------------------------------------------------------------------------


def title(compilation: Compilation) -> str:
    return f"{compilation.draft.title}: compilation of proposals"


def description(compilation: Compilation) -> list[tuple[str, str]]:
    """What the compilation is, as (name, value)."""
    draft, counts = compilation.draft, compilation.counts
    made = [
        ("Draft", f"{draft.title}, {draft.version}"),
        ("Made", when(compilation.made_at)),
        ("Comments until", when(compilation.deadline)),
        ("Made of", "; ".join(_choices(compilation))),
        ("Mails", f"{counts.mails:,}"),
        ("Speakers", _speakers(compilation)),
        ("Proposals", f"{count(counts.edits, 'edit')}, {count(counts.comments, 'comment')}"),
        ("Collisions", count(counts.collisions, "passage") + " for which proposals differ"),
        ("Needs review", f"{count(counts.reviews, 'edit or comment', 'edits and comments')} of these, marked so"),
        ("Not in it", "; ".join(left_out_counts(compilation)) or "nothing"),
    ]
    if not counts.edits + counts.comments:
        made.append(("Empty", "No proposal and no comment fits this choice."))
    if compilation.note:
        made.append(("Note", compilation.note))
    return [*made, *_marks(compilation), *_late(compilation)]


def _marks(compilation: Compilation) -> list[tuple[str, str]]:
    return [("Handling marks", ", ".join(compilation.marks))] if compilation.marks else []


def _late(compilation: Compilation) -> list[tuple[str, str]]:
    late = names(compilation, (fact for fact in compilation.facts if compilation.is_late(fact)))
    return [("Came late", late.replace(" (late)", ""))] if late else []


def _speakers(compilation: Compilation) -> str:
    counts = compilation.counts
    kinds = ((counts.parties, "Party", "Parties"), (counts.groups, "Group", ""), (counts.observers, "observer", ""))
    return ", ".join(count(*kind) for kind in kinds if kind[0]) or "none"


def _choices(compilation: Compilation) -> Iterator[str]:
    """The choice, a phrase each."""
    choice = compilation.choice
    if choice.speakers:
        yield ", ".join(compilation.names.get(name, name) for name in choice.speakers)
    else:
        yield "all who have commented"
    if choice.states:
        yield f"whose state is {' or '.join(choice.states)}"
    yield f"paragraphs {', '.join(choice.paragraphs)}" if choice.paragraphs else "all paragraphs"
    if choice.since:
        yield f"from {choice.since}"
    if choice.until:
        yield f"until {choice.until}"
    if choice.late is not None:
        yield "what came late" if choice.late else "what came in time"
    reviews = {"all": "with what needs review", "without": "without what needs review", "only": "what needs review"}
    yield reviews[choice.review]


def left_out_counts(compilation: Compilation) -> list[str]:
    kinds = Counter(one.kind for one in compilation.left_out)
    return [count(kinds[kind], *LEFT_OUT[kind]) for kind in LEFT_OUT if kinds[kind]]


def left_out_line(compilation: Compilation, one: LeftOut, limit: int = 300, *, with_mail: bool = True) -> str:
    """One thing that is not in it: who, what, where, why."""
    who = compilation.name(one.speaker) or "Not attributed"
    mail = f"mail {one.mail}" if with_mail and one.mail is not None else ""
    place = ", ".join(word for word in (one.source, mail) if word)
    why = f" – {one.why}" if one.why else ""
    return (
        f"{who}: {shortened(one.text, limit)} ({place}){why}" if place else f"{who}: {shortened(one.text, limit)}{why}"
    )


def by_kind(left_out: Sequence[LeftOut]) -> Iterator[tuple[LeftOutKind, list[LeftOut]]]:
    """What is not in it, by the reason."""
    for kind in LEFT_OUT:
        found = [one for one in left_out if one.kind == kind]
        if found:
            yield kind, found


TRACKED_LEGEND = [
    "How to read it:",
    "Each proposal is a tracked change under the name of the one who makes it, dated when its mail came.",
    "With all changes rejected this is the official text.",
    "Where proposals for the same words differ, these are deleted once, under the first who changes them.",
    "Their alternatives follow in the order of the names, each under its author; a comment lists who wants what.",
    "What several propose alike is shown once, under the first of them; a comment names all.",
    "A paragraph that is moved is deleted at its place and inserted at the new one.",
]
