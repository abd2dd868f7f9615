"""Whether a picture is too small to hold a page of text: a logo, an icon, a counter."""

import re
import struct

_SMALL_BYTES = 8_000
_SMALL_PIXELS = 90_000
"""A page that can be read by OCR has some 500,000; a letterhead's logo 300 by 200."""
_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(....)", re.DOTALL)


def is_small(data: bytes) -> bool:
    """By its pixels where its header gives them, else by its bytes."""
    size = _size(data)
    return size[0] * size[1] <= _SMALL_PIXELS if size else len(data) <= _SMALL_BYTES


def _size(data: bytes) -> tuple[int, int] | None:
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data.startswith(b"\xff\xd8") and (frame := _FRAME.search(data)):
        return struct.unpack(">HH", frame[1])
    return None
