"""ISO-2022-JP and EUC-JP with the signs that NEC and IBM put into unused rows of JIS X 0208 (①, ㈱, 髙): programs of
Windows write them (code pages 50220 and 51932), and Python's codecs refuse them. Code page 932 has them all.
"""

import re
from collections.abc import Iterator

_ISO_2022 = re.compile(rb"\x1b(\$[@B]|\$\([@BD]|\([BJIH])")
_DOUBLE = (b"$@", b"$B", b"$(@", b"$(B")
_KANA = b"(I"
_EUC = re.compile(
    rb"([\xa1-\xfe][\xa1-\xfe])|\x8e([\xa1-\xdf])|(\x8f[\xa1-\xfe][\xa1-\xfe])|([\x00-\x7f]+)|(.)", re.DOTALL
)


def from_iso_2022_jp(data: bytes) -> str | None:
    """The text; None where the bytes are no ISO-2022-JP."""
    return _decoded(b"".join(_of_iso_2022(data)))


def from_euc_jp(data: bytes) -> str | None:
    """The text; None where the bytes are no EUC-JP."""
    try:
        return "".join(_of_euc(data))
    except UnicodeDecodeError:
        return None


def _of_iso_2022(data: bytes) -> Iterator[bytes]:
    """The bytes in code page 932. A line ends in ASCII, whatever came before (RFC 1468)."""
    first, *rest = _ISO_2022.split(data)
    yield first
    for escape, text in zip(rest[::2], rest[1::2], strict=True):
        stretch, end, others = text.partition(b"\n")
        if escape in _DOUBLE:
            yield _shifted(stretch)
        elif escape == _KANA:
            yield bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in stretch)
        else:
            yield stretch
        yield end + others


def _of_euc(data: bytes) -> Iterator[str]:
    for double, kana, triple, plain, wrong in _EUC.findall(data):
        if triple:
            yield triple.decode("euc_jp")
        elif double:
            yield _shifted(bytes(byte & 0x7F for byte in double)).decode("cp932")
        else:
            yield (kana + plain + wrong).decode("cp932" if kana else "ascii")


def _shifted(pairs: bytes) -> bytes:
    """Pairs of JIS X 0208 in Shift_JIS (JIS X 0208:1997, appendix 1); single bytes between them are left out."""
    out = bytearray()
    codes = [byte for byte in pairs if 0x21 <= byte <= 0x7E]
    for row, cell in zip(codes[::2], codes[1::2], strict=False):
        lead = (row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0)
        trail = cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20)
        out += bytes((lead, trail))
    return bytes(out)


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("cp932")
    except UnicodeDecodeError:
        return None
