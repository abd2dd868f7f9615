"""Whether a picture is too small to hold a page of text: a logo, an icon, a counter."""

import io
import re
import struct
import warnings

from PIL import Image

_SMALL_BYTES = 8_000
_SMALL_PIXELS = 90_000
"""A page that can be read by OCR has some 500,000; a letterhead's logo 300 by 200."""
_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(....)", re.DOTALL)


def is_small(data: bytes) -> bool:
    """By its pixels where its header gives them, else by its bytes."""
    size = size_of(data)
    return size[0] * size[1] <= _SMALL_PIXELS if size else len(data) <= _SMALL_BYTES


def is_small_picture(data: bytes) -> bool:
    """Whether a picture has few pixels; one whose size is not known has not."""
    size = size_of(data)
    return size is not None and size[0] * size[1] <= _SMALL_PIXELS


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height by the header; None where it does not give them."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data.startswith(b"\xff\xd8") and (frame := _FRAME.search(data)):
        return struct.unpack(">HH", frame[1])
    return _size_by_pillow(data)


def _size_by_pillow(data: bytes) -> tuple[int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged tags that do not matter
            with Image.open(io.BytesIO(data)) as picture:
                return picture.size
    except Exception:  # noqa: BLE001 - Pillow raises a dozen kinds on damaged pictures, and on what is none
        return None
