"""The vocabulary: what readers return and what the store keeps. Frozen, and free of behaviour that reads anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Mark = Literal["kept", "inserted", "deleted", "undone"]
"""The fate of a character: undone was inserted by one author and deleted by another."""

Place = Literal["body", "table", "header", "footer", "footnote", "endnote", "textbox"]
Action = Literal["replace", "insert", "delete", "delete_paragraph", "add_paragraph", "move_paragraph", "comment"]
Origin = Literal[
    "tracked-change", "margin-comment", "silent-change", "comparison", "formatting",
    "table", "instruction", "rewrite", "remark",
]  # fmt: skip
ReadBy = Literal["rules", "model", "both"]
"""Who read an Edit: the rules, a language model whose words were verified, or both, saying the same."""
Fate = Literal["read", "converted", "empty", "ignored", "unreadable", "not-obtained"]
Kind = Literal["comments", "no-comments", "auto-reply", "bounce", "rsvp", "announcement", "spam"]
"""The class of a Mail (called kind in code: class is a reserved word)."""

TextRole = Literal["own", "quoted", "signature", "disclaimer"]
"""Whose words a block of a mail holds: the sender's own, history that is quoted, a signature, a disclaimer."""

OutcomeKind = Literal[
    "edit", "remark", "reason", "place", "courtesy", "signature", "disclaimer", "quoted", "official text", "unread",
]  # fmt: skip
"""What a sentence turned out to be; `unread` needs review."""

State = Literal[
    "none", "announced", "received", "unreadable", "no-comments", "commented", "covered"
]  # fmt: skip
"""The headline of a Party's Status."""


# --- the Draft and who may comment on it -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One labelled place of a Draft; `number` as printed before it, None where it has none."""

    label: str
    part: str
    number: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of the text that is commented on. `deadline` is the last day on which comments are in time. What is
    remembered by a draft is found by its other fields: hashing all the paragraphs each time is slow.
    """

    id: str
    title: str
    version: str
    language: str
    deadline: date
    comments_to: str
    copy_to: str
    paragraphs: tuple[Paragraph, ...] = field(hash=False)
    source: str = ""

    def text(self, label: str) -> str:
        """The official text of a paragraph; KeyError for a label that the draft does not have."""
        return self.paragraph(label).text

    def paragraph(self, label: str) -> Paragraph:
        for paragraph in self.paragraphs:
            if paragraph.label == label:
                return paragraph
        raise KeyError(label)


@dataclass(frozen=True, slots=True)
class Party:
    """One of the Parties to the Convention. `code` is ISO 3166 alpha-3, or EU; `alpha2` the country's domain, too."""

    code: str
    alpha2: str
    name: str
    region: str
    names: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    eu: bool = False
    dialling: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    """Towns of the government, and international dialling codes with their plus."""


@dataclass(frozen=True, slots=True)
class Group:
    """Parties that speak together; `members` are Party codes, empty where they are not known."""

    name: str
    aliases: tuple[str, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observer:
    """A non-Party that is known by name or domain, as the United States."""

    name: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Everyone who may speak: the 196 Parties, the Groups, the non-Parties that are known."""

    parties: tuple[Party, ...]
    groups: tuple[Group, ...] = ()
    observers: tuple[Observer, ...] = ()


@dataclass(frozen=True, slots=True)
class FocalPoint:
    """A line of a secretariat's own directory: whose address this is. `party` is a code, None for the secretariat's own
    people and others who speak for nobody; `role` as the directory says.
    """

    address: str
    name: str
    party: str | None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Consultation:
    """What a Mail is read against: the Draft, who may speak, when the deadline's day ends (offset from UTC), and the
    server whose Authentication-Results are believed (its authserv-id). Where there is none, `believes_directory` says
    that an address of the directory is believed to be its sender's own.
    """

    draft: Draft
    register: Register
    directory: tuple[FocalPoint, ...] = ()
    deadline_offset: timedelta = timedelta(hours=-12)
    authserv_id: str | None = None
    believes_directory: bool = False


Directory = Sequence[FocalPoint]


# --- marked text: what a reader of a format gives ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """Characters with one mark. `author` and `date` are those of the insertion or the deletion (of an undone run:
    of the insertion; `deleted_by` then names the other). `move` pairs the two ends of a move. `style` holds what the
    eye sees: bold, italic, underline, strike, colour, highlight.
    """

    text: str
    mark: Mark = "kept"
    author: str | None = None
    date: str | None = None
    move: str | None = None
    deleted_by: str | None = None
    style: frozenset[str] = frozenset()
    hand: bool = False
    """Whether the mark was read from the styling (strike-through, bold …) and not tracked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a block is in a table: which table, row and column, all from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a file. `end` marks the paragraph's own end: deleted, it runs on into the next block when
    accepted; inserted, it does so when rejected. `number` is the displayed number of an automatic list.
    """

    runs: tuple[Run, ...]
    end: Mark = "kept"
    place: Place = "body"
    number: str | None = None
    heading: bool = False
    cell: Cell | None = None
    end_author: str | None = None
    end_date: str | None = None
    role: TextRole = "own"
    """Whose words these are; what is not the sender's own is marked, never cut."""
    indented: bool = False
    """Whether it is in a blockquote that may be a quotation or an indent: nothing in the HTML tells."""
    anchor: int | None = None
    """Of a note: where in the whole marked text it is referred to (counted as for MarginComment)."""
    span: tuple[int, int] | None = None
    """Where it is in the text of its Part: the texts of all blocks, whatever their marks, a line each."""

    @property
    def text(self) -> str:
        """All its characters, whatever their marks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class MarginComment:
    """A comment beside the text. It is anchored at characters [start, end) of the whole marked text: the texts of all
    blocks, whatever their marks, each block followed by one character for its end. Without a place both are None.
    """

    text: str
    author: str | None = None
    date: str | None = None
    start: int | None = None
    end: int | None = None
    parent: int | None = None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person must look at, with its place: the name of a Part, or of a place inside it."""

    source: str
    problem: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """What a file says, before anything is placed."""

    format: str
    blocks: tuple[Block, ...] = ()
    comments: tuple[MarginComment, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Converters:
    """The programs outside Python that readers may ask, handed in by the caller; None where one is not installed, and
    `missing` then says so in a sentence. `office` turns (data, suffix such as ".doc") into an OpenDocument file (text,
    sheet or slides) that keeps the tracked changes; `ocr` turns a picture (PNG) into text. Both raise NotConverted.
    """

    office: Callable[[bytes, str], bytes] | None = None
    ocr: Callable[[bytes], str] | None = None
    missing: tuple[str, ...] = ()


class NotConverted(Exception):
    """A program outside Python did not give a result; the message is the sentence for the Part."""


class NoTimeLeft(NotConverted):
    """The time for the Part is used up: nothing more of it is converted."""


# --- what a Mail holds -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a Mail and its outcome. `size` in bytes and `sha256` are of the decoded content; `depth` is 0
    for the mail's own pieces, 1 for those inside an attached mail or archive, and so on.
    """

    name: str
    type: str
    size: int
    sha256: str
    fate: Fate
    why: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    """One piece of a Mail with its decoded content. `charset` is the one that a text part declares."""

    part: Part
    data: bytes
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class OpenMail:
    """A Mail taken apart. `headers` have lower-case names and decoded values, in their order. `leaves` holds every
    piece, containers' contents too. `body` is what the mail itself says, with quoted history, signature and disclaimers
    marked by their role; `body_source` names its Part. `inside` are the mails that this one carries: attached as
    message/rfc822 or .msg, or forwarded inline. `received` is the topmost Received hop's instant.
    """

    headers: Mapping[str, Sequence[str]]
    message_id: str | None
    sender_name: str
    sender_address: str
    subject: str
    date: datetime | None
    received: datetime | None
    body: MarkedText
    body_source: str
    leaves: tuple[Leaf, ...] = ()
    inside: "tuple[OpenMail, ...]" = ()
    problems: tuple[Problem, ...] = ()

    @property
    def own_leaves(self) -> tuple[Leaf, ...]:
        """The pieces that are none of a mail inside it."""
        inside = {id(leaf) for inner in self.inside for leaf in inner.leaves}
        return tuple(leaf for leaf in self.leaves if id(leaf) not in inside)


@dataclass(frozen=True, slots=True)
class Edit:
    """One proposed change, or one comment, at one place of one Draft. `start` and `end` are offsets into the official
    text of `paragraph`, in Unicode code points; `official[start:end] == old` for every text edit.
    """

    paragraph: str
    action: Action
    start: int | None = None
    end: int | None = None
    old: str = ""
    new: str = ""
    to: str | None = None
    comment: str = ""
    intent: str | None = None
    author: str | None = None
    date: str | None = None
    origin: Origin = "tracked-change"
    sources: tuple[str, ...] = ()
    confidence: float = 1.0
    needs_review: bool = False
    evidence: str = ""
    """The words of the source that say so, and what was doubtful about the place."""
    read_by: ReadBy = "rules"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Something that a delegation said and that found no place in the draft: kept, and shown for its Party."""

    text: str
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one sentence, or table cell: characters [start, end) of the text of the Part `source`. `edits` are
    indexes into the Reading's edits, `why` the reason in words. The outcomes of a Part cover its text, once.
    """

    source: str
    start: int
    end: int
    kind: OutcomeKind
    text: str = ""
    edits: tuple[int, ...] = ()
    why: str = ""
    weighed: tuple[str, ...] = ()
    """How its quotations were understood, likeliest first; not kept, since every reading makes it again."""


# --- what a language model is asked -------------------------------------------------------------------


Ask = Literal["doubtful", "all"]
"""Which Mails a model is asked about: those in which anything is unread or unsure, or all."""
Trust = Literal["review", "verified"]
"""Whether what a model alone has read always needs review, or only where a check leaves a doubt."""


@dataclass(frozen=True, slots=True)
class AskedSentence:
    """A sentence under the number by which a question and its answer name it: characters [start, end) of the text of
    the Part `source`; `text` as the model is shown it.
    """

    number: int
    source: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a language model is asked about a Mail, or a stretch of it. `key` is the SHA-256 of all that it says;
    `messages` are (role, content) of the chat-completions protocol.
    """

    key: str
    messages: tuple[tuple[str, str], ...]
    sentences: tuple[AskedSentence, ...]


Replaces = Literal["all", "previous", "first"]
Copied = Literal["ok", "missing", "not provable"]
Authenticity = Literal["verified", "unverified", "mismatch"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a Mail says of its Party's earlier ones: that it replaces all of them, the one before or the first, or
    withdraws what was sent. `of` are the Message-IDs that it names, `why` the words that say so.
    """

    replaces: Replaces | None = None
    withdraws: bool = False
    of: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Flags:
    """What is shown beside a Mail and never decides whether it counts. `joint` are the codes of further Parties that it
    also speaks for; `marks` its handling marks, as OFFICIAL; `doubts` say why it is not verified, a sentence each;
    `sibling` are the words that say that another mail of the sender belongs to it: with a password, or a file.
    `speaks_for` and `unproven` say what its sender may decide (parsing.who.sender_authority): the Parties and Observers
    for whom the address is known to speak (None where the Reading does not say), and why it may not be the sender's.
    """

    claim: Claim = Claim()
    copy: Copied | None = None
    authenticity: Authenticity = "unverified"
    doubts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    sibling: str = ""
    speaks_for: tuple[str, ...] | None = None
    unproven: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Who wrote, for whom, when, and what kind of mail it is; `evidence` says why, a sentence each."""

    message_id: str | None
    sender: str | None
    subject: str
    date: datetime | None
    kind: Kind
    party: str | None = None
    group: str | None = None
    observer: str | None = None
    late: bool = False
    copied: bool = False
    received: datetime | None = None
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    flags: Flags = Flags()
    needs_review: bool = False
    """Whether anything in it needs review: its class, an edit, a sentence that is unread, an unreadable Part."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the parsers make of one Mail. `message` is None for a bare document. `mails` are the Readings of mails
    inside it that several have written; one that is passed on alone is read as the mail itself.
    """

    message: Message | None
    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    parts: tuple[Part, ...] = ()
    body: str = ""
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sentences: tuple[Outcome, ...] = ()
    mails: "tuple[Reading, ...]" = ()
    questions: tuple[Question, ...] = ()
    """What a language model is asked about it, where one is."""
