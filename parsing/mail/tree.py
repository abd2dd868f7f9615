"""The pieces of a mail: every leaf of its MIME tree, what containers hold, its texts, and the mails that it carries."""

import re
from collections.abc import Sequence
from email.message import Message
from itertools import chain

from parsing.formats.pictures import is_small
from parsing.formats.sniff import BINARY, EMPTY, sniff
from parsing.mail.archives import ArchivedFile
from parsing.mail.body import Said, unenriched, unflow
from parsing.mail.calendars import calendar_text
from parsing.mail.header_repair import parse
from parsing.mail.headers import decode_words, parameters, raw_field, raw_fields
from parsing.mail.leaves import Leafed, Mended, encoded_again, payload, repaired
from parsing.mail.mapi import Attached, OutlookItem
from parsing.mail.outlook import item_texts, path_of
from parsing.mail.part_collector import UNREAD, PartCollector
from parsing.mail.parts import Unpacked, split_encoded, unpack
from parsing.text.charsets import Decoded, decode, fit

_TEXTS = {"text/plain": "plain", "text/html": "html", "text/enriched": "plain", "text/richtext": "plain"}
_MAILS = ("message/rfc822", "message/global", "message/news")
_IGNORED = {
    "application/pkcs7-signature": "a signature",
    "application/x-pkcs7-signature": "a signature",
    "application/pgp-signature": "a signature",
    "application/pgp-keys": "a key",
    "text/vcard": "a business card",
    "text/x-vcard": "a business card",
    "text/directory": "a business card",
    "text/x-amp-html": "restates what the body says",
    "text/rfc822-headers": "the headers of a mail that was returned",
    "application/applefile": "what a Mac keeps beside a file",
    "message/delivery-status": "what a mail server reports",
    "message/disposition-notification": "what a mail program reports",
    "message/feedback-report": "what a mail server reports",
}
_STOCK = re.compile(
    r"multi-?part message in MIME|MIME[- ]encapsulated|S/MIME (?:signed|enc)|OpenPGP/MIME|mime[- ](?:aware|compli)",
    re.IGNORECASE,
)
"""What programs write before the first part, for readers of the last century."""

_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")

Inner = Message | OutlookItem | bytes


class Tree:
    """One mail taken apart: its pieces go to the collector; mails inside are kept in `inner`, to be opened next."""

    def __init__(self, collector: PartCollector, depth: int, hint: str | None = None) -> None:
        self.collector = collector
        self.depth = depth
        self.hint = hint
        self.texts: list[Said] = []
        self.inner: list[Inner] = []
        self.calendars: list[tuple[int, str]] = []
        self.layers = 0

    # --- the MIME tree -------------------------------------------------------------------------------

    def walk(self, message: Message, group: int | None = None) -> None:
        """Takes all parts below a message, in their order. A stack of its own: nesting costs no recursion."""
        stack: list[tuple[Message | str, int | None, bool]] = [(message, group, False)]
        while stack and not self.collector.full("message"):
            part, group, related = stack.pop()
            if isinstance(part, str):
                self._stray(part)
            elif part.is_multipart():
                children = [child for child in part.get_payload() if isinstance(child, Message)]
                stack += reversed(self._branch(part, children, group, related))
            else:
                self._leaf(part, group, related)

    def _branch(
        self, part: Message, children: Sequence[Message], group: int | None, related: bool
    ) -> list[tuple[Message | str, int | None, bool]]:
        kind = part.get_content_type()
        if self._is_message(part, kind, children):
            return []
        if kind == "multipart/alternative" and group is None:
            group = len(self.collector.leaves)
        inside = related or kind == "multipart/related"
        strays = [text if _says(text) else "" for text in (part.preamble, part.epilogue)]
        middle: list[tuple[Message | str, int | None, bool]] = [(child, group, inside) for child in children]
        before, after = ([(text, None, False)] if text else [] for text in strays)
        return [*before, *middle, *after]

    def _is_message(self, part: Message, kind: str, children: Sequence[Message]) -> bool:
        """Whether a part of type message was taken as what it is: a report, a mail, a mail that is elsewhere."""
        if kind == "message/delivery-status":
            self._report(children)
            return True
        if kind == "message/external-body":
            self._elsewhere(part, children)
            return True
        if kind == "message/partial":
            self._fragment(part)
        return kind in _MAILS and self._as_mail(part, children)

    def _as_mail(self, part: Message, children: Sequence[Message]) -> bool:
        """Whether a mail that is attached was put aside to be opened as one."""
        if self.depth >= self.collector.limits.depth:
            self.collector.problem(
                "message", f"mails within mails deeper than {self.collector.limits.depth}: not told apart"
            )
            return False
        if (data := encoded_again(part, children)) is not None:
            kind = part.get_content_type()
            self.collector.put(data, _name_of(part, self.hint), kind, "read", "opened", depth=self.depth)
            self.inner.append(data)
            return True
        self.inner += children
        return True

    def _report(self, children: Sequence[Message]) -> None:
        lines = chain.from_iterable([*(f"{name}: {value}" for name, value in raw_fields(c)), ""] for c in children)
        data = "\n".join(lines).encode("utf-8", "surrogateescape")
        self.collector.put(
            data, "", "message/delivery-status", "ignored", "what a mail server reports", depth=self.depth
        )

    def _elsewhere(self, part: Message, children: Sequence[Message]) -> None:
        told = parameters(raw_field(part, "content-type"), self.hint)
        where = "; ".join(f"{key}={value}" for key, value in told.items())
        kind = children[0].get_content_type() if children else "message/external-body"
        name = _name_of(children[0], self.hint) if children else ""
        name = name or told.get("name", "")
        self.collector.put(b"", name, kind, "not-obtained", f"is elsewhere: {where}", depth=self.depth)

    def _fragment(self, part: Message) -> None:
        told = parameters(raw_field(part, "content-type"))
        number, total = told.get("number", "?"), told.get("total", "?")
        if (number, total) != ("1", "1"):
            self.collector.problem(
                "message", f"piece {number} of {total} of a mail that was cut; the others came apart"
            )

    def _stray(self, text: str) -> None:
        """Text before the first part or after the last one."""
        data = text.encode("utf-8", "surrogateescape")
        index = self.collector.put(data, "outside the parts.txt", "text/plain", "read", depth=self.depth)
        self.texts.append(Said(index, "plain", decode(data, hint=self.hint).text))

    def _entity(self, raw: bytes, group: int | None = None) -> bool:
        """Takes the parts of an entity that was in a leaf: signed, or parted by another boundary than declared.

        False where it is nested too deep: it then is to be read as it stands.
        """
        if self.layers >= self.collector.limits.depth:
            self.collector.problem(
                "message", f"wrapped more than {self.collector.limits.depth} times: not opened further"
            )
            return False
        message, why = parse(raw)
        if why:
            self.collector.problem("message", why)
            return False
        self.layers += 1
        self.walk(message, group)
        self.layers -= 1
        return True

    # --- leaves --------------------------------------------------------------------------------------

    def _leaf(self, part: Message, group: int | None, related: bool) -> None:
        leaf = payload(part)
        declared = parameters(raw_field(part, "content-type"), self.hint)
        name, kind = _name_of(part, self.hint), part.get_content_type()
        placed = decode_words(raw_field(part, "content-disposition") or "").lower().partition(";")[0].strip()
        whole = repaired(part, leaf)
        if whole is not None:
            if self._is_taken_mended(leaf.data, name, kind, whole, group):
                return
            leaf = Leafed(whole.data)
        if kind.startswith("multipart/"):
            kind = "text/plain"
        found = kind_of(leaf.data, kind, name)
        if found in _TEXTS and placed != "attachment":
            self._text(leaf.data, found, name, declared, group)
        else:
            small = (related or placed != "attachment") and found.startswith("image/") and is_small(leaf.data)
            self.file(leaf.data, name, found, declared.get("charset"), small=small)

    def _is_taken_mended(self, data: bytes, name: str, kind: str, whole: Mended, group: int | None) -> bool:
        """Keeps a part whose encoding or boundary is wrong as it came; whether it was taken apart as it was meant."""
        index = self.collector.put(data, name, kind, "ignored", whole.why, depth=self.depth)
        self.collector.problem(self.collector.name(index), whole.why)
        return whole.entity is not None and self._entity(whole.entity, group)

    def _text(self, data: bytes, kind: str, name: str, declared: dict[str, str], group: int | None) -> None:
        said = _TEXTS[kind]
        shown = name or ("body.html" if said == "html" else "body.txt")
        charset = declared.get("charset")
        index = self.collector.put(data, shown, kind, "unreadable", UNREAD, depth=self.depth, charset=charset)
        # yEnc is bytes that look like letters: no charset, and each one counts
        text = (
            decode(data, charset, self.hint) if b"=ybegin " not in data else Decoded(data.decode("latin-1"), "latin-1")
        )
        self._doubt_charset(index, text, charset)
        words = unenriched(text.text) if kind in ("text/enriched", "text/richtext") else text.text
        if declared.get("format", "").lower() == "flowed":
            words = unflow(words, declared.get("delsp", "").lower() == "yes")
        if said == "plain":
            words, files = split_encoded(words)
            for file in files:
                self._found(file, self.depth + 1)
        if "-----BEGIN PGP MESSAGE-----" in words:
            self.collector.problem(self.collector.name(index), "encrypted with PGP: only the recipient's key opens it")
        self.texts.append(Said(index, said, words, group, named=bool(name)))

    def _doubt_charset(self, index: int, text: Decoded, charset: str | None) -> None:
        declared = f"the charset that it declares ({decode_words(charset)})" if charset else "no charset"
        if text.guessed:
            reason = f"is not what it is in: {text.charset} is a guess" if charset else ""
            self.collector.problem(
                self.collector.name(index),
                f"{declared} {reason}" if reason else f"declares no charset: {text.charset} is a guess",
            )
        elif text.broken:
            self.collector.problem(self.collector.name(index), f"some characters are broken in {text.charset}")

    def invitations(self) -> list[Said]:
        """What the calendars of the mail say."""
        return [Said(index, "plain", text) for index, text in self.calendars if text.strip()]

    # --- files and what they hold --------------------------------------------------------------------

    def file(
        self,
        data: bytes,
        name: str,
        kind: str,
        charset: str | None = None,
        *,
        depth: int | None = None,
        small: bool = False,
    ) -> None:
        """Puts a file down, and what it holds where it is a container."""
        depth = self.depth if depth is None else depth
        why = _IGNORED.get(kind) or ("a small picture inside the text" if small else "")
        fate, why = ("ignored", why) if why else ("unreadable", UNREAD)
        index = self.collector.put(
            data, name, kind, "ignored" if fate == "ignored" else "unreadable", why, depth=depth, charset=charset
        )
        if kind == "text/calendar":
            self._calendar(index, data, charset)
        elif kind in _MAILS:
            self._mail_file(index, data, depth)
        elif fate != "ignored" and data:
            self._open(index, data, depth)

    def _calendar(self, index: int, data: bytes, charset: str | None) -> None:
        text = calendar_text(decode(data, charset, self.hint).text)
        first = fit(text.partition("\n")[0])
        self.collector.settle(index, "ignored", f"a calendar invitation: {first}" if first else "a calendar file")
        self.calendars.append((index, text))

    def _mail_file(self, index: int, data: bytes, depth: int) -> None:
        if depth >= self.collector.limits.depth:
            self.collector.settle(
                index, "unreadable", f"deeper than {self.collector.limits.depth} containers: not opened"
            )
            self.collector.problem(
                self.collector.name(index), f"deeper than {self.collector.limits.depth} containers: not opened"
            )
            return
        self.collector.settle(index, "read", "opened")
        self.inner.append(data)

    def _open(self, index: int, data: bytes, depth: int) -> None:
        collector, name, kind = self.collector, self.collector.name(index), self.collector.leaves[index].part.type
        if depth >= collector.limits.depth:
            self._too_deep(index)
            return
        inside = unpack(kind, name, data, collector.bytes_left)
        if inside is None:
            return
        for problem in inside.problems:
            collector.problem(name, problem)
        if inside.sealed:
            collector.settle(index, "unreadable", inside.sealed)
            collector.problem(name, inside.sealed)
        elif not inside.is_document:
            collector.settle(index, "read", "opened")
        self._take(inside, index, depth)

    def _take(self, inside: Unpacked, index: int, depth: int) -> None:
        """Takes what was unpacked; of what is sealed there is nothing."""
        collector, name, kind = self.collector, self.collector.name(index), self.collector.leaves[index].part.type
        if inside.entity is not None and not self._entity(inside.entity):
            collector.settle(index, "unreadable", "wrapped too often to be opened")
        if inside.item is not None:
            self._item_inside(inside.item, kind)
        for file in inside.files:
            if collector.full(name):
                return
            self._found(file, depth + 1)

    def _too_deep(self, index: int) -> None:
        """A container in so many others stays closed; what is more than a container is read all the same."""
        collector = self.collector
        if collector.leaves[index].part.type in _CONTAINERS:
            why = f"deeper than {collector.limits.depth} containers: not opened"
            collector.settle(index, "unreadable", why)
            collector.problem(collector.name(index), why)

    def _found(self, file: ArchivedFile, depth: int) -> None:
        self.collector.bytes_left -= len(file.data)
        if file.why:
            index = self.collector.put(file.data or b"", file.name, BINARY, "not-obtained", file.why, depth=depth)
            self.collector.settle(index, "unreadable", file.why)
            self.collector.problem(self.collector.name(index), file.why)
            return
        self.file(file.data, file.name, kind_of(file.data, BINARY, file.name), depth=depth)

    # --- Outlook's items -----------------------------------------------------------------------------

    def _item_inside(self, item: OutlookItem, kind: str) -> None:
        """A .msg is a mail of its own; a winmail.dat is the same mail once more, in Outlook's form."""
        if kind == "application/vnd.ms-outlook":
            self.inner.append(item)
        else:
            self.item(item, self.depth + 1)

    def item(self, item: OutlookItem, depth: int) -> None:
        """Takes the texts and files of an Outlook item."""
        group = len(self.collector.leaves)
        for problem in item.problems:
            self.collector.problem("message", problem)
        for text in item_texts(item):
            index = self.collector.put(
                text.data, text.name, text.type, "unreadable", UNREAD, depth=depth, charset=text.charset
            )
            self.texts.append(Said(index, text.kind, text.text, group))
        for attached in item.attachments:
            if self.collector.full("message"):
                return
            self._attached(attached, depth)

    def _mail_item(self, item: OutlookItem, depth: int) -> None:
        deepest = self.collector.limits.depth
        if depth < deepest:
            self.inner.append(item)
        else:
            self.collector.problem("message", f"mails within mails deeper than {deepest}: not opened")

    def _attached(self, attached: Attached, depth: int) -> None:
        if attached.item is not None:
            self._mail_item(attached.item, depth)
            return
        if not attached.data and (path := path_of(attached)):
            self.collector.put(b"", attached.name or path, BINARY, "not-obtained", f"is elsewhere: {path}", depth=depth)
            return
        kind = kind_of(attached.data, attached.type or BINARY, attached.name)
        if attached.type == "multipart/signed" and self._entity(attached.data):
            return
        self.collector.bytes_left -= len(attached.data)
        small = bool(attached.content_id) and kind.startswith("image/") and is_small(attached.data)
        self.file(attached.data, attached.name, kind, depth=depth, small=small)


_LIKE_TEXT = ("message/rfc822", "application/xml")
"""What a text may look like that is declared as one."""
_ARCHIVES = frozenset({
    "application/zip", "application/gzip", "application/x-tar", "application/x-7z-compressed", "application/x-bzip2",
    "application/x-xz",
})  # fmt: skip
_CONTAINERS = _ARCHIVES | {"application/vnd.ms-outlook", "application/ms-tnef", "application/pkcs7-mime"}
HOLD_FILES = _ARCHIVES | {"application/pdf"}
"""The types of files that hold other files, beside those that are mails."""


def kind_of(data: bytes, declared: str, name: str) -> str:
    """The type by content; what is declared where the content could be several things."""
    found = sniff(data, name)
    if found.startswith("text/") and name.lower().endswith(".eml") and _HEADERS.match(data):
        return "message/rfc822"
    if found in (BINARY, EMPTY) or "signature" in declared:
        return declared
    if declared.startswith("text/"):
        return declared if found.startswith("text/") or found in _LIKE_TEXT else found
    return declared if found == "text/plain" and declared not in (BINARY, "") else found


def _name_of(part: Message, hint: str | None) -> str:
    """The file name of a part, by Content-Disposition, else by Content-Type, else by its description."""
    told = parameters(raw_field(part, "content-disposition"), hint)
    return told.get("filename") or parameters(raw_field(part, "content-type"), hint).get("name") or ""


def _says(text: str | None) -> bool:
    """Whether a preamble or epilogue says anything that someone wrote."""
    return bool(text and text.strip()) and not _STOCK.search((text or "")[:400])
