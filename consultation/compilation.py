"""What is in a compilation, and what is not: the draft's paragraphs with the proposals of all, and what was left out.

Writing it as a file is the work of the package compilation/.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from consultation.choice import GENERAL, Choice, checked
from consultation.details import unplaced_facts
from consultation.facts import ConsultationSnapshot, EditFact, MailFact, Names, Speaker, SpeakerKind, name_of
from consultation.kept import KeptUnplaced
from consultation.passages import Alternative, Passages, passages_of
from consultation.redline import TEXT_ACTIONS, applied
from consultation.status import SpeakerStatus, Status, alphabetical, status
from parsing.model import Draft, Paragraph
from parsing.text.arabic import ARTICLE
from parsing.text.words import plain

LeftOutKind = Literal["unplaced", "unreadable", "not read", "not attributed", "in review", "superseded", "elsewhere"]
"""Why something is not in a compilation: without a place in the draft; in a Part that could not be read; in a Mail that
was not read; from an unknown sender; it needs review, and such was not wanted; another Mail has taken the place of its
own; it is about a paragraph that the draft does not have.
"""
_KINDS: Mapping[SpeakerKind, int] = {"party": 0, "group": 1, "observer": 2}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that a Mail says and that is not in the compilation. `text` are its words, `why` the reason."""

    kind: LeftOutKind
    speaker: Speaker | None
    text: str
    why: str = ""
    source: str = ""
    mail: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedParagraph:
    """A paragraph that is proposed to follow another; `moved_from` is the label of the one that moves here."""

    alternative: Alternative
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class CompiledParagraph:
    """One paragraph with all that is proposed for it. `deleted` are those who delete the whole of it, or move it away:
    then `moved_to` says where to, by speaker.
    """

    paragraph: Paragraph
    passages: Passages
    deleted: Alternative | None
    moved_to: Mapping[Speaker, str]
    added: tuple[ProposedParagraph, ...]
    comments: tuple[EditFact, ...]
    facts: tuple[EditFact, ...]
    """All edits and comments in it, in order."""

    @property
    def collisions(self) -> int:
        """The passages where proposals collide."""
        whole = self.deleted is not None and bool(self.passages.apart)
        return sum(one.collide for one in self.passages.apart) + len(self.passages.over) + whole


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in a compilation; `mails` counts those that it was made from, `reviews` what needs review in it."""

    mails: int
    parties: int
    groups: int
    observers: int
    edits: int
    comments: int
    reviews: int
    collisions: int


@dataclass(frozen=True, slots=True)
class Compilation:
    """Everything that a compilation shows, whatever its form. `names` are those of the Parties in `language`."""

    draft: Draft
    made_at: datetime
    deadline: datetime
    choice: Choice
    language: str
    paragraphs: tuple[CompiledParagraph, ...]
    general: tuple[EditFact, ...]
    counts: Counts
    left_out: tuple[LeftOut, ...]
    status: Status
    mails: Mapping[int, MailFact]
    names: Names
    marks: tuple[str, ...] = ()
    """Handling marks of the mails that it was made from."""
    entered: Mapping[str, datetime] = field(default_factory=dict)
    """When each edit that has no Mail was entered by hand, by its id."""
    note: str = ""
    """What else is to be said of the file."""

    @property
    def facts(self) -> tuple[EditFact, ...]:
        """All edits and comments in it, in the draft's order."""
        inside = tuple(fact for one in self.paragraphs for fact in one.facts)
        return (*inside, *self.general)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Those who propose or say something in it, in order."""
        found = {fact.speaker for fact in self.facts if fact.speaker}
        return tuple(sorted(found, key=self.order))

    def name(self, speaker: Speaker | None) -> str:
        return "" if speaker is None else name_of(speaker, self.names)

    def order(self, speaker: Speaker) -> tuple[int, str]:
        return _KINDS[speaker.kind], sorting_key(self.name(speaker), self.language)

    def date(self, fact: EditFact) -> datetime:
        """When its Mail came, by the time that counts; of what was entered by hand, when it was."""
        mail = self.mails.get(fact.mail) if fact.mail is not None else None
        return mail.counts_from if mail else self.entered.get(fact.id, self.made_at)

    def is_late(self, fact: EditFact) -> bool:
        mail = self.mails.get(fact.mail) if fact.mail is not None else None
        return mail is not None and mail.late


def compile_comments(
    snapshot: ConsultationSnapshot,
    choice: Choice,
    unplaced: Iterable[KeptUnplaced],
    *,
    made_at: datetime,
    language: str = "en",
    names: Names | None = None,
) -> Compilation:
    """The compilation of what is chosen; `unplaced` is what found no place, in all Mails. Raises NotInConsultation."""
    choice = checked(choice, snapshot)
    all_names: Names = {**snapshot.names, **(names or {})}
    status_now = status(snapshot)
    by_id = {mail.id: mail for mail in snapshot.mails}
    chosen = _Chosen(snapshot, choice, frozenset(_with_states(status_now, choice)), by_id)
    taken = [fact for fact in snapshot.current_edits if chosen.takes(fact) and choice.takes_review(fact)]
    by_label = _by_label(taken)

    def order(speaker: Speaker) -> tuple[int, str]:
        return _KINDS[speaker.kind], sorting_key(name_of(speaker, all_names), language)

    added = _additions(taken, snapshot.draft, order)
    paragraphs = tuple(
        _compiled(paragraph, by_label[paragraph.label], added[paragraph.label], order)
        for paragraph in snapshot.draft.paragraphs
        if choice.takes_paragraph(paragraph.label)
    )
    mails = chosen.mails()
    return Compilation(
        draft=snapshot.draft,
        made_at=made_at,
        deadline=snapshot.deadline,
        choice=choice,
        language=language,
        paragraphs=paragraphs,
        general=_ordered(by_label[GENERAL], order),
        counts=_counts(taken, mails, paragraphs),
        left_out=tuple(_left_out(chosen, unplaced)),
        status=status_now,
        mails=by_id,
        names=all_names,
        marks=tuple(dict.fromkeys(mark for mail in mails for mark in mail.flags.marks)),
        entered={f"c{one.id}": one.at for one in snapshot.corrections if one.kind == "entry"},
    )


# --- what is chosen ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chosen:
    """`with_states` are the names of the speakers whose state is asked for, if any is; `by_id` the mails."""

    snapshot: ConsultationSnapshot
    choice: Choice
    with_states: frozenset[str]
    by_id: Mapping[int, MailFact]

    def takes(self, fact: EditFact) -> bool:
        """Whether it belongs into the compilation, leaving review aside."""
        dated = self.takes_date(fact)
        place = fact.edit.paragraph
        known = self.snapshot.position(place) < len(self.snapshot.draft.paragraphs) or place == GENERAL
        return known and dated and self.choice.takes_paragraph(place) and self.takes_speaker(fact.speaker)

    def takes_date(self, fact: EditFact) -> bool:
        """Whether its Mail came when it was asked for; what has none has no such date."""
        mail = self.by_id.get(fact.mail) if fact.mail is not None else None
        return not self.choice.has_dates or (mail is not None and self.choice.takes_mail(mail))

    def takes_speaker(self, speaker: Speaker | None) -> bool:
        if speaker is None:
            return False
        return self.choice.takes_speaker(speaker) and (not self.choice.states or speaker.name in self.with_states)

    def mails(self) -> list[MailFact]:
        """The current mails of those who are chosen, that speak on the draft."""
        return [
            mail
            for mail in self.snapshot.mails
            if mail.is_current
            and mail.speaks_on_the_draft
            and self.choice.takes_mail(mail)
            and any(map(self.takes_speaker, mail.speakers))
        ]


def _with_states(status_now: Status, choice: Choice) -> Iterator[str]:
    rows: tuple[SpeakerStatus, ...] = (*status_now.parties, *status_now.groups, *status_now.observers)
    yield from (row.code for row in rows if row.state in choice.states)


def _by_label(facts: Iterable[EditFact]) -> Mapping[str, list[EditFact]]:
    out: dict[str, list[EditFact]] = defaultdict(list)
    for fact in facts:
        out[fact.edit.paragraph].append(fact)
    return out


def _counts(taken: Sequence[EditFact], mails: Sequence[MailFact], paragraphs: Iterable[CompiledParagraph]) -> Counts:
    speakers = {fact.speaker for fact in taken if fact.speaker}
    kinds = [speaker.kind for speaker in speakers]
    comments = sum(fact.edit.action == "comment" for fact in taken)
    return Counts(
        mails=len(mails),
        parties=kinds.count("party"),
        groups=kinds.count("group"),
        observers=kinds.count("observer"),
        edits=len(taken) - comments,
        comments=comments,
        reviews=sum(fact.needs_review for fact in taken),
        collisions=sum(one.collisions for one in paragraphs),
    )


# --- one paragraph -----------------------------------------------------------------------------------


_Order = Callable[[Speaker], tuple[int, str]]


def _compiled(
    paragraph: Paragraph, facts: Iterable[EditFact], added: Sequence[ProposedParagraph], order: _Order
) -> CompiledParagraph:
    own = _ordered(facts, order)
    moved_to = {
        fact.speaker: fact.edit.to or "" for fact in own if fact.speaker and fact.edit.action == "move_paragraph"
    }
    changes = [fact for fact in own if fact.edit.action in TEXT_ACTIONS and fact.speaker not in moved_to]
    gone = tuple(fact for fact in own if fact.edit.action in ("delete_paragraph", "move_paragraph"))
    return CompiledParagraph(
        paragraph=paragraph,
        passages=passages_of(paragraph.text, changes, order),
        deleted=Alternative("", gone) if gone else None,
        moved_to=moved_to,
        added=tuple(added),
        comments=tuple(fact for fact in own if fact.edit.action == "comment"),
        facts=own,
    )


def _ordered(facts: Iterable[EditFact], order: _Order) -> tuple[EditFact, ...]:
    """By speaker; those of one speaker stay as they are."""
    return tuple(sorted((fact for fact in facts if fact.speaker), key=lambda fact: order(fact.speaker)))  # type: ignore[arg-type]  # has one


def _additions(facts: Iterable[EditFact], draft: Draft, order: _Order) -> Mapping[str, list[ProposedParagraph]]:
    """By the paragraph that they follow: new paragraphs and those moved there, each mail's in its own order.

    What says the same is one addition.
    """
    facts = list(facts)
    groups: dict[tuple[str, str, str | None], list[tuple[str, EditFact]]] = defaultdict(list)
    for fact in _ordered(sorted(facts, key=lambda one: (one.mail or 0, one.index)), order):
        edit = fact.edit
        if edit.action == "add_paragraph":
            groups[edit.paragraph, plain(edit.new), None].append((edit.new, fact))
        elif edit.action == "move_paragraph" and edit.to:
            new = _moved_text(fact, facts, draft)
            groups[edit.to, plain(new), edit.paragraph].append((new, fact))
    out: dict[str, list[ProposedParagraph]] = defaultdict(list)
    for (label, _, moved_from), members in groups.items():
        alternative = Alternative(members[0][0], tuple(fact for _, fact in members))
        out[label].append(ProposedParagraph(alternative, moved_from))
    return out


def _moved_text(move: EditFact, facts: Iterable[EditFact], draft: Draft) -> str:
    """The paragraph that is moved, with its mover's own changes in it."""
    label = move.edit.paragraph
    return applied(
        draft.text(label), (f.edit for f in facts if f.speaker == move.speaker and f.edit.paragraph == label)
    )


# --- what is not in it -------------------------------------------------------------------------------


def _left_out(chosen: _Chosen, unplaced: Iterable[KeptUnplaced]) -> Iterator[LeftOut]:
    """What the chosen speakers' mails hold and the compilation does not, and what is from an unknown sender."""
    mails = {mail.id: mail for mail in chosen.snapshot.mails if mail.is_current and chosen.choice.takes_mail(mail)}
    for one in unplaced_facts(unplaced, mails.values(), chosen.snapshot.statements):
        if _may_be_asked(chosen, one.mail):
            said = one.unplaced
            yield LeftOut("unplaced", one.mail.speaker, said.text, said.why, said.source, one.mail.id)
    for mail in mails.values():
        if mail.speaks_on_the_draft and _may_be_asked(chosen, mail):
            yield from _of_mail(mail)
    yield from _of_edits(chosen)
    yield from _of_superseded(chosen)


def _may_be_asked(chosen: _Chosen, mail: MailFact) -> bool:
    """Whether the mail may be of one who is chosen: a mail from an unknown sender may be anybody's."""
    return not mail.speakers or any(map(chosen.takes_speaker, mail.speakers))


def _of_mail(mail: MailFact) -> Iterator[LeftOut]:
    for name in mail.unreadable:
        yield LeftOut("unreadable", mail.speaker, name, "a Part that could not be read", "", mail.id)
    if mail.stage != "read":
        yield LeftOut("not read", mail.speaker, mail.subject, _STAGES[mail.stage], "", mail.id)


_STAGES = {
    "unread": "the mail is not read yet",
    "failed": "reading the mail failed",
    "refused": "the mail is too large: only its headers were kept",
}


def _of_edits(chosen: _Chosen) -> Iterator[LeftOut]:
    """The current edits that the choice would take, and that are not in it."""
    snapshot, choice = chosen.snapshot, chosen.choice
    labels = {GENERAL, *(paragraph.label for paragraph in snapshot.draft.paragraphs)}
    for fact in snapshot.current_edits:
        if not chosen.takes_date(fact):
            continue
        if fact.speaker is None and choice.takes_paragraph(fact.edit.paragraph):
            yield _edit_left_out("not attributed", fact, "its mail is not attributed to anyone")
        elif fact.edit.paragraph not in labels and chosen.takes_speaker(fact.speaker):
            yield _edit_left_out("elsewhere", fact, "the draft has no such paragraph")
        elif chosen.takes(fact) and fact.needs_review and not choice.takes_review(fact):
            yield _edit_left_out("in review", fact, fact.review)


def _edit_left_out(kind: LeftOutKind, fact: EditFact, why: str) -> LeftOut:
    edit = fact.edit
    words = " → ".join(text for text in (edit.old, edit.new) if text) or edit.comment or edit.action
    return LeftOut(kind, fact.speaker, f"{edit.paragraph}: {words}", why, ", ".join(edit.sources), fact.mail)


def _of_superseded(chosen: _Chosen) -> Iterator[LeftOut]:
    for mail in chosen.snapshot.mails:
        if mail.superseded and mail.speaks_on_the_draft and any(map(chosen.takes_speaker, mail.speakers)):
            yield LeftOut("superseded", mail.speaker, mail.subject, mail.superseded.why, "", mail.id)


# --- the order of States -----------------------------------------------------------------------------


def sorting_key(name: str, language: str) -> str:
    """The key by which the United Nations list States in that language: in Chinese by the pronunciation of the
    characters, in Arabic without the article, else by the letters, accents aside.
    """
    if language == "zh":
        return name.encode("gb18030", "replace").hex()
    return alphabetical(name.removeprefix(ARTICLE) if language == "ar" else name)
