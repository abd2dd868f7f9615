"""The files that a PDF carries (ISO 32000-1, 7.11.4): in a portfolio, beside the pages, pinned to a page."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

MOST_FILES = 200
_MOST_PAGES = 300
_LARGEST = 64_000_000


def embedded_files(data: bytes) -> list[tuple[str, bytes]]:
    """(name, bytes) of the files inside a PDF; none where it cannot be opened."""
    if b"/EmbeddedFile" not in data and b"/FileAttachment" not in data and b"/ObjStm" not in data:
        return []
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return []
    try:
        found = [*_beside(document), *_pinned(document)]
        return list(dict.fromkeys(found))[:MOST_FILES]
    finally:
        document.close()


def _beside(document: pdfium.PdfDocument) -> Iterator[tuple[str, bytes]]:
    for n in range(min(raw.FPDFDoc_GetAttachmentCount(document), MOST_FILES)):
        yield from _file(raw.FPDFDoc_GetAttachment(document, n))


def _pinned(document: pdfium.PdfDocument) -> Iterator[tuple[str, bytes]]:
    for number in range(min(len(document), _MOST_PAGES)):
        page = document[number]
        try:
            yield from _on_page(page)
        finally:
            page.close()


def _on_page(page: pdfium.PdfPage) -> Iterator[tuple[str, bytes]]:
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_FILES)):
        annotation = raw.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_FILEATTACHMENT:
                yield from _file(raw.FPDFAnnot_GetFileAttachment(annotation))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _file(attachment: Any) -> Iterator[tuple[str, bytes]]:
    """One file, where its bytes can be had."""
    if not attachment:
        return
    length = ctypes.c_ulong()
    if not raw.FPDFAttachment_GetFile(attachment, None, 0, length) or length.value > _LARGEST:
        return
    buffer = ctypes.create_string_buffer(max(length.value, 1))
    if raw.FPDFAttachment_GetFile(attachment, buffer, length.value, length):
        yield _name(attachment), buffer.raw[: length.value]


def _name(attachment: Any) -> str:
    length = raw.FPDFAttachment_GetName(attachment, None, 0)
    buffer = ctypes.create_string_buffer(max(min(length, 4_000), 2))
    raw.FPDFAttachment_GetName(attachment, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), len(buffer))
    return buffer.raw.decode("utf-16-le", "replace").split("\0")[0] or "embedded"
