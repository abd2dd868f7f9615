"""What two transports of one mail have in common."""

import hashlib
import re
import tomllib
from pathlib import Path


def fingerprint(raw: bytes) -> str | None:
    """The SHA-256 of all that the sender wrote: the headers but those of transport, and the body to its last byte. Ends
    of lines and the folding of headers count for nothing, since transports change them. None without a Message-ID: then
    nothing says that two such mails are one.
    """
    head, _, body = re.sub(rb"\r\n?", b"\n", raw).partition(b"\n\n")
    fields = [b" ".join(field.split()) for field in re.split(rb"\n(?![ \t])", head)]
    written = [field for field in fields if not _is_transport(_name(field))]
    if not any(_name(field) == "message-id" and field.partition(b":")[2].strip() for field in written):
        return None
    return hashlib.sha256(b"\n".join([*sorted(map(_plain, written)), b"", body.rstrip(b"\n")])).hexdigest()


def _name(field: bytes) -> str:
    return field.partition(b":")[0].strip().lower().decode("latin-1")


def _plain(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + value.strip()


def _is_transport(name: str) -> bool:
    return name in _NAMES or name.startswith(_STARTS)


_TABLE: list[str] = tomllib.loads((Path(__file__).parent / "twin.toml").read_text("utf-8"))["transport"]
_NAMES = frozenset(name for name in _TABLE if not name.endswith("*"))
_STARTS = tuple(name.rstrip("*") for name in _TABLE if name.endswith("*"))
