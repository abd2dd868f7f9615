"""A mail taken apart: its headers, what it says, every piece of it, and the mails that it carries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from parsing.addresses import Sender, sender_of
from parsing.body import Said, choose, unenriched, unflow
from parsing.charsets import decode, known_charset
from parsing.desk import UNREAD, Desk, Limits
from parsing.headers import first, parameters, raw_field, raw_fields, read_headers
from parsing.hops import read_date, received_at
from parsing.model import Block, Leaf, MarkedText, OpenMail

__all__ = ["UNREAD", "Limits", "open_mail"]

_TEXTS = {"text/plain": "plain", "text/html": "html", "text/enriched": "plain", "text/richtext": "plain"}
_OTHER_SENDERS = ("sender", "reply-to", "return-path")


def open_mail(raw: bytes, limits: Limits = Limits()) -> OpenMail:  # noqa: B008  (frozen)
    """The mail that these bytes are, whatever they are: what cannot be had is a Problem, never an exception."""
    return _open(raw, Desk(limits), 0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part stands: the alternative that it belongs to, and whether it is the first of its container."""

    group: int | None = None


def _open(raw: bytes, desk: Desk, depth: int) -> OpenMail:
    try:
        message = message_from_bytes(raw)
    except RecursionError:
        message = BytesHeaderParser().parsebytes(raw)
        desk.problem("message", "its parts are nested too deep to be told apart: read as one text")
    return _Opening(desk, depth).mail(message)


class _Opening:
    """One mail being taken apart."""

    def __init__(self, desk: Desk, depth: int) -> None:
        self.desk = desk
        self.depth = depth
        self.texts: list[Said] = []
        self.files: list[Said] = []
        self.inside: list[OpenMail] = []
        self.hint: str | None = None

    def mail(self, message: Message) -> OpenMail:
        leaves, problems = len(self.desk.leaves), len(self.desk.problems)
        self.hint = _hint(message)
        self._walk(message)
        headers = read_headers(message, self.hint)
        sender = self._sender(message)
        taken, again = choose(self.texts)
        for said in taken:
            self.desk.settle(said.index, "read")
        for said in again:
            self.desk.settle(said.index, "ignored", "says again what the body says")
        return OpenMail(
            headers=headers,
            message_id=first(headers, "message-id") or None,
            sender_name=sender.name,
            sender_address=sender.address,
            subject=first(headers, "subject"),
            date=read_date(first(headers, "date")),
            received=received_at(headers.get("received", ())),
            body=MarkedText("message", tuple(block for said in taken for block in said.marked.blocks)),
            body_source=self.desk.name(taken[0].index) if taken else "",
            leaves=tuple(self.desk.leaves[leaves:]),
            inside=tuple(self.inside),
            problems=tuple(self.desk.problems[problems:]),
        )

    def _sender(self, message: Message) -> Sender:
        raw = [(name.lower(), value) for name, value in raw_fields(message)]
        froms = [value for name, value in raw if name == "from"]
        others = [(name, value) for wanted in _OTHER_SENDERS for name, value in raw if name == wanted]
        sender = sender_of(froms, others, self.hint)
        for doubt in sender.doubts:
            self.desk.problem("from", doubt)
        return sender

    def _walk(self, message: Message) -> None:
        stack: list[tuple[Message, int | None]] = [(message, None)]
        while stack:
            part, group = stack.pop()
            children = part.get_payload()
            if not isinstance(children, list):
                self._leaf(part, group)
                continue
            if part.get_content_type() == "multipart/alternative" and group is None:
                group = len(self.desk.leaves)
            stack += [(child, group) for child in reversed(children) if isinstance(child, Message)]

    def _leaf(self, part: Message, group: int | None) -> None:
        kind = part.get_content_type()
        declared = parameters(raw_field(part, "content-type"), self.hint)
        disposition = raw_field(part, "content-disposition") or ""
        name = parameters(disposition, self.hint).get("filename") or declared.get("name") or ""
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        charset = declared.get("charset")
        is_text = kind in _TEXTS and not disposition.lower().lstrip().startswith("attachment") and not name
        made_up = "body" + {"plain": ".txt", "html": ".html"}[_TEXTS[kind]] if is_text else ""
        index = self.desk.put(data, name or made_up, kind, "unreadable", UNREAD, depth=self.depth, charset=charset)
        if is_text:
            text = decode(data, charset, self.hint)
            flowed = declared.get("format", "").lower() == "flowed"
            words = unflow(text.text, declared.get("delsp", "").lower() == "yes") if flowed else text.text
            words = unenriched(words) if kind in ("text/enriched", "text/richtext") else words
            self.texts.append(Said(index, _TEXTS[kind], words, group))


def _hint(message: Message) -> str | None:
    """The charset that the mail's first text declares: raw bytes in its headers are most likely in it too."""
    for part in message.walk():
        declared = parameters(raw_field(part, "content-type")).get("charset")
        if (known := known_charset(declared)) and known != "us-ascii":
            return known
    return None
