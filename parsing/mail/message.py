"""A mail taken apart: its headers, what it says, every piece of it, and the mails that it carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from hashlib import sha256
from itertools import chain

from parsing.formats.sniff import sniff
from parsing.mail.addresses import Sender, sender_of
from parsing.mail.body import Said, choose
from parsing.mail.header_repair import mended, parse
from parsing.mail.headers import first, parameters, raw_field, raw_fields, read_headers
from parsing.mail.hops import read_date, received_at
from parsing.mail.leaves import payload
from parsing.mail.links import links_in
from parsing.mail.mapi import OutlookItem
from parsing.mail.outlook import item_headers
from parsing.mail.part_collector import UNREAD, OpeningLimits, PartCollector
from parsing.mail.parts import unpack
from parsing.mail.quoted_history import Forward, read_history
from parsing.mail.tree import HOLD_FILES, Inner, Tree
from parsing.model import Block, Leaf, MarkedText, OpenMail, Part, Problem
from parsing.text.charsets import known_charset

__all__ = ["UNREAD", "OpeningLimits", "open_mail"]

_OTHER_SENDERS = ("sender", "reply-to", "return-path")
_NO_MAIL = ("application/vnd.ms-outlook", "application/ms-tnef", "application/pkcs7-mime")
_NO_MAIL_BEGINS = (b"\xd0\xcf\x11\xe0", b"\x78\x9f\x3e\x22", b"\x30", b"-----BEGIN PKCS7")


def open_mail(raw: bytes, limits: OpeningLimits = OpeningLimits()) -> OpenMail:  # noqa: B008  frozen: one for all calls is right
    """The mail that these bytes are, whatever they are: what cannot be had is a Problem, never an exception.

    A saved Outlook item (.msg), a bare winmail.dat and a bare S/MIME file are opened as the mails that they are.
    """
    return _open(PartCollector(limits), raw, 0)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that came without a mail: itself as the first piece, what it holds, and the mails among that."""

    leaves: tuple[Leaf, ...]
    inside: tuple[OpenMail, ...] = ()
    problems: tuple[Problem, ...] = ()


def open_file(name: str, data: bytes, limits: OpeningLimits = OpeningLimits()) -> OpenFile:  # noqa: B008  as above
    """A bare file with all that it holds where it is an archive, or a PDF with files in it."""
    kind = sniff(data, name)
    if kind not in HOLD_FILES:
        part = Part(name, kind, len(data), sha256(data).hexdigest(), "unreadable", UNREAD)
        return OpenFile((Leaf(part, data),))
    collector = PartCollector(limits)
    tree = Tree(collector, 0)
    tree.file(data, name, kind)
    inside = tuple(_open(collector, inner, 1) for inner in tree.inner)
    return OpenFile(tuple(collector.leaves), inside, tuple(collector.problems))


def _open(collector: PartCollector, inner: Inner, depth: int) -> OpenMail:
    """The mail, and the mails that it carries after it: so each one's pieces stay together."""
    here = _Start(len(collector.leaves), len(collector.problems))
    if isinstance(inner, bytes) and inner.startswith(_NO_MAIL_BEGINS) and (kind := sniff(inner)) in _NO_MAIL:
        return _file(collector, inner, kind, depth, here)
    if isinstance(inner, OutlookItem):
        return _item(collector, inner, depth, here)
    message = _parsed(collector, inner, depth) if isinstance(inner, bytes) else inner
    tree = Tree(collector, depth, _hint(message))
    tree.walk(message)
    return _mail(collector, tree, message, here)


@dataclass(frozen=True, slots=True)
class _Start:
    """How many pieces and problems there were before a mail was opened."""

    leaves: int
    problems: int


def _parsed(collector: PartCollector, raw: bytes, depth: int) -> Message:
    message, why = parse(raw)
    if why:
        collector.problem("message", why)
    whole = None if message.is_multipart() else mended(raw, message)
    if whole is None:
        return message
    done = "opened: its headers are damaged"
    collector.put(payload(message).data, "mail.eml", "message/rfc822", "read", done, depth=depth)
    return parse(whole)[0]


def _file(collector: PartCollector, raw: bytes, kind: str, depth: int, here: _Start) -> OpenMail:
    """The mail that a file is without any MIME around it."""
    tree = Tree(collector, depth)
    inside = unpack(kind, "", raw, collector.limits.bytes)
    if inside is not None and inside.item is not None:
        return _item(collector, inside.item, depth, here)
    tree.file(raw, "", kind, depth=depth)
    return _mail(collector, tree, Message(), here)


def _item(collector: PartCollector, item: OutlookItem, depth: int, here: _Start) -> OpenMail:
    message = item_headers(item)
    tree = Tree(collector, depth)
    tree.item(item, depth)
    return _mail(collector, tree, message, here)


def _mail(collector: PartCollector, tree: Tree, message: Message, here: _Start) -> OpenMail:
    headers = read_headers(message, tree.hint)
    sender = _sender(collector, message, tree.hint)
    subject = first(headers, "subject")
    date = _date(collector, first(headers, "date"))
    texts = _own_texts(collector, tree)
    body = _joined(texts)
    answers = not headers.keys().isdisjoint(("in-reply-to", "references"))
    history = read_history(body.blocks, subject, sender.name, answers=answers)
    _links(collector, tree.depth, texts, history.blocks)
    inside = [_open(collector, inner, tree.depth + 1) for inner in tree.inner]
    if len(collector.leaves) == here.leaves:
        collector.problem("message", "it holds neither a text nor a file")
    inside += [_forwarded(forward) for forward in history.forwards]
    return OpenMail(
        headers=headers,
        message_id=first(headers, "message-id") or None,
        sender_name=sender.name,
        sender_address=sender.address,
        subject=subject,
        date=date,
        received=received_at(headers.get("received", ())),
        body=replace(body, blocks=history.blocks),
        body_source=collector.name(texts[0].index) if texts else "",
        leaves=tuple(collector.leaves[here.leaves :]),
        inside=tuple(inside),
        problems=tuple(collector.problems[here.problems :]),
    )


def _date(collector: PartCollector, value: str) -> datetime | None:
    date = read_date(value)
    if date is None and value:
        collector.problem("date", f"not a date: {value[:100]}")
    return date


def _joined(texts: Sequence[Said]) -> MarkedText:
    """The texts as one, in their order."""
    blocks = chain.from_iterable(said.marked.blocks for said in texts)
    problems = chain.from_iterable(said.marked.problems for said in texts)
    return MarkedText("message", tuple(blocks), problems=tuple(problems))


def _own_texts(collector: PartCollector, tree: Tree) -> list[Said]:
    """The texts that are the mail's own words; gives each text its outcome.

    A text with a file name is the mail's own only where no other text says anything, and so is an invitation's.
    """
    taken, again = choose([said for said in tree.texts if not said.named])
    if not _say_anything(taken):
        more, say_the_same = choose([said for said in tree.texts if said.named])
        taken, again = taken + more, again + say_the_same
    if not _say_anything(taken):
        taken += choose(tree.invitations())[0]
    for said in taken:
        collector.settle(said.index, "read")
    for said in again:
        collector.settle(said.index, "ignored", "restates what the body says")
    return taken


def _say_anything(texts: Sequence[Said]) -> bool:
    return any(run.text.strip() for block in _joined(texts).blocks for run in block.runs)


def _sender(collector: PartCollector, message: Message, hint: str | None) -> Sender:
    raw = [(name.lower(), value) for name, value in raw_fields(message)]
    froms = [value for name, value in raw if name == "from"]
    others = [(name, value) for wanted in _OTHER_SENDERS for name, value in raw if name == wanted]
    sender = sender_of(froms, others, hint)
    for doubt in sender.doubts:
        collector.problem("from", doubt)
    return sender


def _links(collector: PartCollector, depth: int, texts: Sequence[Said], blocks: Sequence[Block]) -> None:
    """Files behind links are pieces of the mail that we do not have."""
    own = "\n".join("".join(run.text for run in block.runs) for block in blocks if block.role == "own")
    for link in links_in(own, [said.text for said in texts if said.kind == "html"]):
        collector.put(
            b"", link.name, "text/uri-list", "not-obtained", f"the file behind a link: {link.url}", depth=depth
        )


def _forwarded(forward: Forward) -> OpenMail:
    """The mail that was forwarded as text: who wrote it is what the text claims, and it has no pieces of its own."""
    sender = sender_of([forward.headers["from"]] if "from" in forward.headers else [])
    headers: Mapping[str, Sequence[str]] = {name: (value,) for name, value in forward.headers.items()}
    return OpenMail(
        headers=headers,
        message_id=None,
        sender_name=sender.name,
        sender_address=sender.address,
        subject=forward.headers.get("subject", ""),
        date=read_date(forward.headers.get("date", "")),
        received=None,
        body=MarkedText("message", forward.blocks),
        body_source="",
        inside=tuple(_forwarded(deeper) for deeper in forward.forwards),
        problems=tuple(Problem("from", doubt) for doubt in sender.doubts),
    )


def _hint(message: Message) -> str | None:
    """The charset that the mail's first text declares: raw bytes in its headers are most likely in it too."""
    part = message
    for _ in range(10):
        declared = parameters(raw_field(part, "content-type")).get("charset")
        if (known := known_charset(declared)) and known != "us-ascii":
            return known
        child = part.get_payload(0) if part.is_multipart() and part.get_payload() else None
        if not isinstance(child, Message):
            return None
        part = child
    return None
