"""The entry point: what one Mail, or one file, says about the Draft.

open -> read each document -> place what it says -> join what is said twice -> who speaks, and what kind of mail it is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath

from parsing.asking.asking import Asked, Asking, ask
from parsing.asking.checked_answers import Read
from parsing.bounds import MOST_UNPLACED, listed, within_bounds
from parsing.carried import Carried, carried_mails, speakers_apart
from parsing.confidence import CLASS_UNREAD, CLASS_UNREADABLE, DOUBTFUL_CLASS
from parsing.deduplicate import deduplicated
from parsing.documents import Guard, PartNotRead, is_mail, read_leaf
from parsing.formats.blocks import located
from parsing.ledger import (
    Numbered,
    RangeClaim,
    cover,
    in_other_mail,
    of_cells,
    of_paragraphs,
    of_sentences,
    set_aside,
    text_of,
)
from parsing.mail.message import UNREAD, open_file, open_mail
from parsing.model import (
    Block,
    Consultation,
    Converters,
    Draft,
    Edit,
    Flags,
    Leaf,
    MarkedText,
    Message,
    OpenMail,
    Outcome,
    Part,
    Problem,
    Reading,
    Unplaced,
)
from parsing.placing.align import align
from parsing.placing.answers_in_quotes import with_answers_in_quotes
from parsing.placing.comment_table import read_tables
from parsing.placing.extracts import with_left_out
from parsing.placing.legend import without_legends
from parsing.placing.styling_marks import marked_by_hand
from parsing.placing.typed_marks import with_typed_marks
from parsing.placing.typed_tables import with_typed_tables
from parsing.prose.coverage import paragraphs_of
from parsing.prose.read_prose import understand
from parsing.prose.signs import request_in
from parsing.who.authenticity import authenticate
from parsing.who.claims import claim_of, marks_of, sibling_of
from parsing.who.classes import ASIDE, NOT_THEIRS, Classified, classify
from parsing.who.letter import Letter, letter_of
from parsing.who.party import attribute
from parsing.who.receipt import Received, received
from parsing.who.sender_authority import sender_authority

UNREADABLE = "It could not be read: it may hold comments."
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
NEED_ALL_READ = ("announcement", "no-comments")
"""Classes that are believed where every sentence was read."""
EDGE = 25
"""Lines at either end of a document that may say who speaks: letterhead, signature."""


def read_mail(
    raw: bytes,
    arrived: datetime | None,
    consultation: Consultation,
    converters: Converters,
    guard: Guard,
    *,
    asking: Asking | None = None,
) -> Reading:
    """The Reading of a Mail that came at `arrived` (INTERNALDATE). A Part whose reading `guard` stops is unreadable,
    and says why. With `asking` it holds the questions for a model, and what the answers that are known add.
    """
    return _read_opened(open_mail(raw), arrived, consultation, converters, guard, asking)


def _read_opened(
    mail: OpenMail,
    arrived: datetime | None,
    consultation: Consultation,
    converters: Converters,
    guard: Guard,
    asking: Asking | None,
) -> Reading:
    draft = consultation.draft
    carried = carried_mails(mail, draft)
    # The mail's own words first: documents may use up the time that a mail has.
    words = [_words(n, one, draft, guard) for n, one in enumerate(carried)]
    files = [tuple(_documents(one, draft, converters, guard)) for one in carried]
    said = [_MailReading(*each) for each in zip(carried, words, files, strict=True)]
    came = received(mail, arrived, consultation)
    if not speakers_apart(carried, consultation, proposes=bool(words[0].edits)):
        return _reading(said, _letter(said), came, consultation, asking)
    said = [_without_words_of(one, said[n + 1 :]) for n, one in enumerate(said)]
    own = [one for one in said if one.is_of_the_outer_mail]
    outer = _reading(own, _letter(own, alone=True), came, consultation, asking)
    others = [one for one in said if not one.is_of_the_outer_mail]
    inner = [_reading([one], _letter([one], alone=True), came, consultation, asking) for one in others]
    return replace(outer, mails=tuple(map(_with_unclear_speaker, inner)))


def read_envelope(
    raw: bytes,
    arrived: datetime | None,
    why: str,
    consultation: Consultation,
    _converters: Converters,
    _guard: Guard,
) -> Reading:
    """The Reading of a Mail by its headers alone: who speaks, and when it came. `why` says why its content is not
    read; it may hold comments.
    """
    mail = open_mail(_HEADERS_END.split(raw, maxsplit=1)[0] + b"\r\n\r\n")
    kind = Classified("comments", CLASS_UNREADABLE, (UNREADABLE,))
    message = _message(mail, letter_of(mail), kind, received(mail, arrived, consultation), consultation)
    return replace(unread(raw, why, replace(message, needs_review=True)), headers=mail.headers)


def unread(raw: bytes, why: str, message: Message | None = None) -> Reading:
    """The Reading of a Mail of which no more is known than the message, if that."""
    nobody = Message(None, None, "", None, "comments", evidence=(UNREADABLE,), needs_review=True)
    part = Part("mail.eml", "message/rfc822", len(raw), sha256(raw).hexdigest(), "unreadable", why)
    return Reading(message or nobody, problems=(Problem("message", why),), parts=(part,))


def read_file(
    name: str,
    data: bytes,
    consultation: Consultation,
    converters: Converters,
    guard: Guard,
    *,
    asking: Asking | None = None,
) -> Reading:
    """The Reading of a bare document; a file that is a mail is read as one."""
    if is_mail(name, data):
        return read_mail(data, None, consultation, converters, guard, asking=asking)
    draft = consultation.draft
    opened = open_file(PurePath(name).name, data)
    in_mails = {id(leaf) for mail in opened.inside for leaf in mail.leaves}
    leaves = [leaf for leaf in opened.leaves if id(leaf) not in in_mails]
    documents = [_document(leaf, draft, converters, guard) for leaf in leaves if leaf.part.why == UNREAD]
    found = [document.found for document in documents]
    edits, became = deduplicated(edit for one in found for edit in one.edits)
    sentences = tuple(_sentences(found, became))
    read = Read(edits, sentences, _unplaced((u for one in found for u in one.unplaced), sentences))
    asked = ask(map(_text_of_file, documents), read, draft, asking)
    return Reading(
        message=None,
        edits=asked.read.edits,
        unplaced=asked.read.unplaced,
        problems=(*opened.problems, *(p for one in found for p in one.problems), *asked.problems),
        parts=tuple(_with_fates(leaves, documents)),
        sentences=asked.read.sentences,
        mails=tuple(_read_opened(mail, None, consultation, converters, guard, asking) for mail in opened.inside),
        questions=asked.questions,
    )


@dataclass(frozen=True, slots=True)
class _TextReading:
    """What one text says about the draft. `rest` is what is in it beside the draft's own words."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[Block, ...] = ()
    text: str = ""
    source: str = ""
    claims: tuple[RangeClaim, ...] = ()
    stopped: str = ""
    """Why its reading was stopped."""


@dataclass(frozen=True, slots=True)
class _Document:
    leaf: Leaf
    text: MarkedText
    found: _TextReading


@dataclass(frozen=True, slots=True)
class _MailReading:
    """What a mail says: in its words, and in its files."""

    carried: Carried
    words: _TextReading
    documents: tuple[_Document, ...]

    @property
    def is_of_the_outer_mail(self) -> bool:
        """Whether it is the mail itself, or one of those who asked, whose files nobody else sends."""
        return self.carried.level == 0 or self.carried.asks or (self.carried.from_host and not self.words.edits)

    @property
    def found(self) -> tuple[_TextReading, ...]:
        return (self.words, *(document.found for document in self.documents))


def _words(n: int, carried: Carried, draft: Draft, guard: Guard) -> _TextReading:
    """What the words of a mail say about the draft; of those who asked for comments only what asks for changes."""
    if carried.asks:
        return _TextReading()
    found = _placed(f"place text {n}", (carried.mail.body, carried.source, carried.whole), draft, guard)
    asks_for_changes = any(edit.action != "comment" for edit in found.edits)
    return found if asks_for_changes or not carried.from_host else _TextReading()


def _documents(carried: Carried, draft: Draft, converters: Converters, guard: Guard) -> Iterator[_Document]:
    return (_document(leaf, draft, converters, guard) for leaf in carried.leaves if leaf.part.why == UNREAD)


def _without_words_of(said: _MailReading, others: Sequence[_MailReading]) -> _MailReading:
    """The mail without what it was found to say, or to set aside, where the words belong to mails of their own."""
    first, last = said.carried.span
    spans = [one.carried.span for one in others if one.carried.source == said.carried.source]
    inside = [(start, end) for start, end in spans if first <= start < end <= last]
    own = (c for c in said.words.claims if not any(c.start < end and start < c.end for start, end in inside))
    passed_on = (RangeClaim(start, end, "quoted", why="a mail of its own") for start, end in inside)
    return replace(said, words=replace(said.words, claims=(*own, *passed_on)))


def _letter(said: Sequence[_MailReading], *, alone: bool = False) -> Letter:
    documents = [document for one in said for document in one.documents]
    return letter_of(
        said[0].carried.mail,
        documents=[_edges(document.found.rest) for document in documents],
        authors=_authors(documents),
        alone=alone,
    )


def _reading(
    said: Sequence[_MailReading], letter: Letter, came: Received, consultation: Consultation, asking: Asking | None
) -> Reading:
    """The Reading of a mail, and of those that it carries for the same speaker."""
    draft, mail = consultation.draft, said[0].carried.mail
    found = [one for each in said for one in each.found]
    edits, became = deduplicated(edit for one in found for edit in one.edits)
    sentences = tuple(_own_sentences(said[0], _sentences(found, became)))
    unplaced = _unplaced((u for one in found for u in one.unplaced), sentences)
    kind = _class_of(said, letter, edits, unplaced, draft)
    if kind.kind in ASIDE:
        sentences = tuple(in_other_mail(sentences, kind.kind, draft))
        unplaced = _unplaced((one for one in unplaced if request_in(one.text, draft)), sentences)
    kind = _doubted(kind, unplaced)
    read = Read(() if kind.kind in NOT_THEIRS else edits, sentences, unplaced, kind.kind)
    asked = _asked(said, read, draft, asking)
    message = _message(mail, letter, kind, came, consultation)
    reading = Reading(
        message=message,
        edits=asked.read.edits,
        unplaced=asked.read.unplaced,
        problems=(
            *mail.problems,
            *_of_a_sibling(message),
            *(p for one in found for p in one.problems),
            *asked.problems,
        ),
        parts=tuple(_parts(said)),
        sentences=asked.read.sentences,
        questions=asked.questions,
        body=_text(mail.body.blocks),
        headers=mail.headers,
    )
    asks = bool(reading.unplaced) or kind.confidence < DOUBTFUL_CLASS or _needs_review(reading)
    return _for_review(reading) if asks else reading


def _of_a_sibling(message: Message) -> Iterator[Problem]:
    if message.flags.sibling:
        yield Problem("message", f"it belongs with another mail of its sender: “{message.flags.sibling}”")


def _asked(said: Sequence[_MailReading], read: Read, draft: Draft, asking: Asking | None) -> Asked:
    """What a model is asked about a mail and adds to it: about its words, but for those of who asked for comments, and
    those of its files.
    """
    words = [(one.carried.mail.body.blocks, one.carried.source) for one in said if not one.carried.asks]
    files = [_text_of_file(document) for one in said for document in one.documents]
    return ask((*words, *files), read, draft, asking, subject=said[0].carried.mail.subject)


def _text_of_file(document: _Document) -> tuple[Sequence[Block], str]:
    return located(document.text.blocks), document.leaf.part.name


def _class_of(
    said: Sequence[_MailReading], letter: Letter, edits: Iterable[Edit], unplaced: Iterable[Unplaced], draft: Draft
) -> Classified:
    fates = Counter(document.leaf.part.fate for each in said for document in each.documents)
    all_fates = Counter(part.fate for part in _parts(said))
    proposals = [edit for edit in edits if edit.intent != "support"]
    not_placed = sum(bool(request_in(one.text, draft)) for one in unplaced)
    return classify(
        letter,
        proposals=len(proposals) + not_placed,
        doubtful=sum(edit.needs_review for edit in proposals) + not_placed,
        documents=fates["read"] + fates["converted"],
        unreadable=all_fates["unreadable"] + all_fates["not-obtained"],
    )


def _needs_review(reading: Reading) -> bool:
    fates = {part.fate for part in reading.parts}
    return not fates.isdisjoint(("unreadable", "not-obtained")) or any(edit.needs_review for edit in reading.edits)


def _for_review(reading: Reading) -> Reading:
    message = reading.message
    return reading if message is None else replace(reading, message=replace(message, needs_review=True))


def _with_unclear_speaker(inner: Reading) -> Reading:
    """The Reading of a mail inside another, for review where nobody is known to speak in it."""
    message = inner.message
    is_clear = message is not None and (message.party or message.group or message.observer)
    return inner if is_clear else _for_review(inner)


def _own_sentences(said: _MailReading, sentences: Iterable[Outcome]) -> Iterator[Outcome]:
    """The sentences of a mail; of one that is in another's text those alone that are its own."""
    carried = said.carried
    if carried.mail.body_source or carried.level == 0:
        yield from sentences
        return
    first, last = carried.span
    for one in sentences:
        start, end = max(one.start, first), min(one.end, last)
        if one.source != carried.source:
            yield one
        elif one.text[max(start - one.start, 0) : max(end - one.start, 0)].strip():
            yield replace(one, start=start, end=end, text=one.text[start - one.start : end - one.start])


def _document(leaf: Leaf, draft: Draft, converters: Converters, guard: Guard) -> _Document:
    leaf, text = read_leaf(leaf, converters, guard)
    part = leaf.part
    found = _placed(f"place {part.sha256}", (text, part.name, None), draft, guard)
    if found.stopped and part.fate in ("read", "converted"):
        leaf = replace(leaf, part=replace(part, fate="unreadable", why=found.stopped))
    return _Document(leaf, text, found)


_Passage = tuple[MarkedText, str, MarkedText | None]
"""A text, its source, and the text of the Part where it is a passage of that."""


def _placed(step: str, passage: _Passage, draft: Draft, guard: Guard) -> _TextReading:
    text, source, whole = passage
    try:
        return guard(step, lambda: _place(text, source, draft, whole))
    except PartNotRead as stopped:
        why = f"its words were not compared with the draft: {stopped}"
        return _TextReading(problems=(Problem(source, why),), rest=text.blocks, stopped=why)


def _place(text: MarkedText, source: str, draft: Draft, whole: MarkedText | None = None) -> _TextReading:
    """What is typed becomes tables and marks; then marks, tables, the draft's own paragraphs and words are read.

    `whole` is the text of the Part where `text` is a passage of it.
    """
    text = within_bounds(text)
    if whole is None:
        text = whole = replace(text, blocks=located(text.blocks))
    text = with_answers_in_quotes(text, draft)
    marked = with_left_out(marked_by_hand(with_typed_marks(with_typed_tables(text, draft), draft)), draft)
    tables = read_tables(marked, draft, source)
    aligned = align(tables.text, draft, source)
    prose = paragraphs_of(marked, without_legends(aligned.rest, marked))
    said = understand(prose, draft, source)
    edits = (*aligned.edits, *tables.edits, *said.edits)
    words = text_of(whole)
    compared = Numbered(aligned.edits)
    in_tables = Numbered(tables.edits, len(aligned.edits))
    claims = (
        *set_aside(text.blocks, draft),
        *of_cells(_gone(marked.blocks, tables.text.blocks), in_tables, draft),
        *of_paragraphs(_gone(tables.text.blocks, aligned.rest), compared, draft),
        *(RangeClaim(*block.span, "place", why="a legend") for block in _gone(aligned.rest, prose) if block.span),
        *of_sentences(words, prose, said.outcomes, len(aligned.edits) + len(tables.edits)),
    )
    return _TextReading(
        edits=edits,
        unplaced=(*aligned.unplaced, *tables.unplaced, *said.unplaced),
        problems=(
            *(replace(problem, source=_within(source, problem.source)) for problem in text.problems),
            *aligned.problems,
        ),
        rest=aligned.rest,
        text=words,
        source=source,
        claims=claims,
    )


def _gone(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Block]:
    """The blocks that a reader has taken out."""
    left = {block.span for block in after}
    return (block for block in before if block.span not in left and block.role == "own")


def _sentences(found: Sequence[_TextReading], became: Sequence[int]) -> Iterator[Outcome]:
    """The outcomes of all texts, with the indexes of the edits as the mail has them."""
    first = 0
    claims: dict[str, list[RangeClaim]] = {}
    texts: dict[str, str] = {}
    for one in found:
        texts.setdefault(one.source, one.text)
        claims.setdefault(one.source, []).extend(_renumbered(claim, first, became) for claim in one.claims)
        first += len(one.edits)
    for source, text in texts.items():
        yield from cover(text, claims[source], source)


def _renumbered(claim: RangeClaim, first: int, became: Sequence[int]) -> RangeClaim:
    if not claim.edits:
        return claim
    return replace(claim, edits=tuple(dict.fromkeys(became[first + n] for n in claim.edits)))


def _unplaced(found: Iterable[Unplaced], sentences: Sequence[Outcome]) -> tuple[Unplaced, ...]:
    """What found no place, and with it every sentence that is unread."""
    out = list(found)
    inside = [(one.source, "".join(one.text.split())) for one in out[:MOST_UNPLACED]]
    # Whether a sentence holds one of them is asked of those that are listed: asked of all, it takes for ever.
    others = {(one.source, _letters(one.text)) for one in out[MOST_UNPLACED:]}
    for sentence in sentences:
        if sentence.kind != "unread" or (others and (sentence.source, _letters(sentence.text)) in others):
            continue
        words = "".join(sentence.text.split())
        if not any(sentence.source == source and text in words for source, text in inside):
            out.append(Unplaced(" ".join(sentence.text.split()), sentence.source, sentence.why))
    return listed(out)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _within(source: str, place: str) -> str:
    return f"{source}: {place}" if place and place != source else source


def _edges(blocks: Sequence[Block]) -> str:
    lines = [line for line in _text(blocks).splitlines() if line.strip()]
    return "\n".join(lines if len(lines) <= 2 * EDGE else lines[:EDGE] + lines[-EDGE:])


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join("".join(run.text for run in block.runs if run.mark in ("kept", "inserted")) for block in blocks)


def _authors(documents: Sequence[_Document]) -> tuple[str, ...]:
    runs = (run for document in documents for block in document.text.blocks for run in block.runs)
    return tuple(dict.fromkeys(run.author for run in runs if run.author))


def _message(mail: OpenMail, letter: Letter, kind: Classified, came: Received, consultation: Consultation) -> Message:
    checked = authenticate(mail, consultation)
    stands = sender_authority(mail, checked, consultation)
    speaks = attribute(
        letter,
        consultation.register,
        consultation.directory,
        kind=kind.kind,
        doubtful=checked.verdict == "mismatch",
    )
    return Message(
        message_id=mail.message_id,
        sender=mail.sender_address or mail.sender_name or None,
        subject=mail.subject,
        date=mail.date,
        kind=kind.kind,
        party=speaks.party,
        group=speaks.group,
        observer=speaks.observer,
        late=came.late,
        copied=came.copied,
        received=came.at,
        confidence=round(min(speaks.confidence, kind.confidence), 2),
        evidence=(*speaks.evidence, *kind.evidence, *came.evidence),
        flags=Flags(
            claim=claim_of(letter),
            copy=came.copy,
            authenticity=checked.verdict,
            doubts=checked.doubts,
            marks=marks_of(letter),
            joint=speaks.joint,
            sibling=sibling_of(letter),
            speaks_for=stands.speaks_for,
            unproven=stands.unproven,
        ),
    )


def _parts(said: Sequence[_MailReading]) -> Iterator[Part]:
    """Every Part in its place, with the fate that its reader gave it."""
    for one in said:
        for part in _with_fates(one.carried.leaves, one.documents):
            stopped = one.words.stopped if part.name == one.carried.mail.body_source else ""
            yield replace(part, fate="unreadable", why=stopped) if stopped else part


def _with_fates(leaves: Sequence[Leaf], documents: Sequence[_Document]) -> Iterator[Part]:
    """The Parts in their places, with the fates that the readers of documents gave them."""
    read = iter(documents)
    for leaf in leaves:
        yield next(read).leaf.part if leaf.part.why == UNREAD else leaf.part


def _doubted(kind: Classified, unplaced: Sequence[Unplaced]) -> Classified:
    """The class, or comments where a sentence that nobody has read speaks against it."""
    if kind.kind not in NEED_ALL_READ or not unplaced:
        return kind
    why = f"It looked like {kind.kind}, but not all of it was read: “{unplaced[0].text[:80]}”."
    return Classified("comments", CLASS_UNREAD, (*kind.evidence, why))
