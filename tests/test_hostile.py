"""Hostile mail, the whole road: each ends within its limits, says what it was, and the next one is read."""

import io
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import psutil
import pypdfium2
import pytest
from specimen_mail import attached, mail, multi, text

from ingest.sandbox import PartLimits, Sandbox
from parsing.model import Consultation, Reading
from parsing.reading import read_mail
from store import register
from store.shipped import shipped_draft

pytestmark = pytest.mark.outside
CONSULTATION = Consultation(shipped_draft(), register.load())
SECONDS = 60.0  # as the service allows
PLAIN = mail(b'In paragraph 5, replace "wild species" with "species".\n')


def zip_of(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def zeros() -> bytes:
    """A zip of 10 GB of zeros: ten files with the same packed bytes, which are made once."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    block, crc, packed = bytes(10_000_000), 0, b""
    for _ in range(100):
        crc, packed = zlib.crc32(block, crc), packed + packer.compress(block)
    packed += packer.flush()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(10):
            file = zipfile.ZipInfo(f"{n}.txt")
            file.compress_type, file.CRC, file.header_offset = zipfile.ZIP_DEFLATED, crc, out.tell()
            file.compress_size, file.file_size = len(packed), 1_000_000_000
            out.write(file.FileHeader() + packed)
            archive.filelist.append(file)
        archive.start_dir, archive._didModify = out.tell(), True  # type: ignore[attr-defined]
    return out.getvalue()


def laughs() -> bytes:
    """A .docx whose text is a billion laughs."""
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">{"".join(names)}]>'
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{namespace}"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>'
    return zip_of(word__document_xml=(head + body).encode())


def pages() -> bytes:
    """A PDF of 10,000 pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(10_000):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a zip of 10 GB of zeros": lambda: multi("mixed", text(b"hi"), attached(b"a.zip", zeros())),
    "a .docx with a billion laughs": lambda: multi("mixed", text(b"hi"), attached(b"a.docx", laughs())),
    "a PDF of 10,000 pages": lambda: multi("mixed", text(b"hi"), attached(b"a.pdf", pages())),
    "3,000 MIME parts": lambda: multi("mixed", *(attached(b"%d.txt" % n, b"hi") for n in range(3000))),
    "a mail just under the largest size": lambda: multi("mixed", text(b"hi"), attached(b"a.bin", b"x" * 43_000_000)),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(CONSULTATION, PartLimits(SECONDS, workers=1)) as children:
        children.run(read_mail, (PLAIN, None))
        yield children


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_each_ends_within_its_limits_and_the_next_mail_is_read(sandbox: Sandbox, made: Callable[[], bytes]) -> None:
    raw = made()
    before = memory()
    start = time.monotonic()
    reading = sandbox.run(read_mail, (raw, None))
    assert time.monotonic() - start < 2 * SECONDS
    assert isinstance(reading, Reading)
    assert all(part.why or part.fate in ("read", "empty", "converted") for part in reading.parts)
    following = sandbox.run(read_mail, (PLAIN, None))
    assert [edit.paragraph for edit in following.edits] == ["OP5"]
    assert memory() < before + 150_000_000


def memory() -> int:
    """Bytes that this process and its children hold."""
    me = psutil.Process()
    return sum(process.memory_info().rss for process in [me, *me.children(recursive=True)])
