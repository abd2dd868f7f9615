"""The pieces of one mail as they are found: their names, their fates, and how much may still be opened."""

import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from parsing.mail.headers import one_line
from parsing.model import Fate, Leaf, Part, Problem

_ENDINGS: dict[str, str] = tomllib.loads(Path(__file__).with_name("mail.toml").read_text(encoding="utf-8"))["endings"]
_UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")
_LONGEST_NAME = 200

UNREAD = "no reader has looked at it yet"
"""Why of a Part that a reader of formats is to read: it counts as unreadable until one did."""


@dataclass(frozen=True, slots=True)
class OpeningLimits:
    """How far a mail is opened: containers within containers, pieces, and bytes that containers may unfold to."""

    depth: int = 8
    count: int = 10_000
    bytes: int = 256 << 20


class PartCollector:
    """The pieces and problems of one mail and of all that it carries, in their order."""

    def __init__(self, limits: OpeningLimits) -> None:
        self.limits = limits
        self.leaves: list[Leaf] = []
        self.problems: list[Problem] = []
        self.bytes_left = limits.bytes
        self._names: dict[str, int] = {}
        self._said: set[tuple[str, str]] = set()

    def put(
        self, data: bytes, name: str, kind: str, fate: Fate, why: str = "", *, depth: int, charset: str | None = None
    ) -> int:
        """The index of a new piece under a name of its own. An empty one has the fate empty, whatever is said."""
        if not data and fate != "not-obtained":
            fate, why = "empty", why if why != UNREAD else ""
        kind = kind if _TYPE.fullmatch(kind) else "application/octet-stream"
        digest = hashlib.sha256(data).hexdigest()
        part = Part(self._own_name(name, kind), kind, len(data), digest, fate, one_line(why), depth)
        self.leaves.append(Leaf(part, data, charset))
        return len(self.leaves) - 1

    def settle(self, index: int, fate: Fate, why: str = "") -> None:
        """Sets the outcome of a piece, where it is known only after the piece was noted."""
        leaf = self.leaves[index]
        if leaf.part.fate != "empty":
            self.leaves[index] = replace(leaf, part=replace(leaf.part, fate=fate, why=one_line(why)))

    def name(self, index: int) -> str:
        return self.leaves[index].part.name

    def problem(self, source: str, problem: str) -> None:
        """Keeps a Problem, once however often it occurs."""
        problem = one_line(problem)
        if (source, problem) not in self._said:
            self._said.add((source, problem))
            self.problems.append(Problem(source, problem))

    def full(self, source: str) -> bool:
        """Whether no further piece may be opened; says so when that is new."""
        if len(self.leaves) < self.limits.count:
            return False
        self.problem(source, f"more than {self.limits.count} pieces: what follows is not opened")
        return True

    def _own_name(self, name: str, kind: str) -> str:
        base = safe_name(name) or f"part{_ENDINGS.get(kind, '')}"
        stem, dot, ending = base.rpartition(".")
        own, number = base, self._names.get(base.casefold(), 0)
        while own.casefold() in self._names:
            number += 1
            own = f"{stem} ({number + 1}).{ending}" if dot and stem else f"{base} ({number + 1})"
        self._names[base.casefold()] = number
        self._names.setdefault(own.casefold(), 0)
        return own


def safe_name(name: str) -> str:
    """A file name for any disk and any page: no folder, no control or direction character, composed, not too long."""
    text = unicodedata.normalize("NFC", one_line(name).replace("\\", "/"))
    base = _UNFIT.sub("_", text.rstrip("/").rpartition("/")[2]).strip(" .")
    if len(base) <= _LONGEST_NAME:
        return base
    stem, dot, ending = base.rpartition(".")
    return stem[: _LONGEST_NAME - len(ending)] + dot + ending if len(ending) < 10 else base[:_LONGEST_NAME]
