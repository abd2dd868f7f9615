"""What was typed into the fields of a PDF form (ISO 32000-1, 12.7), as characters at the places of the fields."""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
from lxml import etree
from pypdfium2 import raw

from parsing.formats.pdf_characters import Char
from parsing.formats.pdf_geometry import Box, Frame

_MOST_FIELDS = 2_000
_MOST_LINES = 1_000
_LONGEST = 100_000
"""Characters of one field."""
_SIZE = 10.0
"""Points: letters in a field that says nothing of its own."""
_TYPED = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_TICKED = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_TICK = "☒"


def typed_characters(page: pdfium.PdfPage, frame: Frame) -> Iterator[Char]:
    """The characters in the fields of a page whose document's forms were opened."""
    form = page.formenv.raw if page.formenv is not None else None
    if form is None:
        return
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET and (text := _value(form, annotation)):
                yield from _placed(text, _box(annotation, frame), n)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _value(form: Any, annotation: Any) -> str:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _TICKED:
        return _TICK if raw.FPDFAnnot_IsChecked(form, annotation) else ""
    if kind not in _TYPED:
        return ""
    return _string(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size)).strip()


def _string(get: Callable[[Any, int], int]) -> str:
    length = get(None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(min(length, 2 * _LONGEST))
    get(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), len(buffer))
    return buffer.raw.decode("utf-16-le", "replace").split("\0")[0].replace("\r\n", "\n").replace("\r", "\n")


def _box(annotation: Any, frame: Frame) -> Box:
    rect = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rect)
    return frame.box(rect.left, rect.bottom, rect.right, rect.top)


def _placed(text: str, box: Box, field: int) -> Iterator[Char]:
    """The lines of a field, one below the other inside it, each as wide as the field allows. Each is a paragraph: who
    ended a line by hand meant it.
    """
    lines = text.split("\n", _MOST_LINES - 1)
    leading = min(box.height / len(lines), 1.2 * _SIZE)
    size = max(min(_SIZE, leading / 1.2), 1.0)
    top = box.y0 if len(lines) > 1 else box.y0 + (box.height - leading) / 2
    for n, line in enumerate(lines):
        base = top + n * leading + size
        width = min(0.5 * size, box.width / max(len(line), 1))
        for k, letter in enumerate(line):
            x = box.x0 + k * width
            yield Char(
                letter, Box(x, base - size, x + width, base), base, size, frozenset(), field=field * _MOST_LINES + n
            )


def xfa_values(document: pdfium.PdfDocument) -> list[str]:
    """What was typed into a form of Adobe's own kind (XFA 3.3), whose pages say only "please wait"."""
    for n in range(max(raw.FPDF_GetXFAPacketCount(document), 0)):
        if _packet_name(document, n) == "datasets":
            return list(_leaves(_packet(document, n)))
    return []


def _packet_name(document: pdfium.PdfDocument, n: int) -> str:
    length = raw.FPDF_GetXFAPacketName(document, n, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    raw.FPDF_GetXFAPacketName(document, n, buffer, length)
    return buffer.value.decode("utf-8", "replace")


def _packet(document: pdfium.PdfDocument, n: int) -> bytes:
    length = ctypes.c_ulong()
    raw.FPDF_GetXFAPacketContent(document, n, None, 0, length)
    buffer = ctypes.create_string_buffer(max(length.value, 1))
    raw.FPDF_GetXFAPacketContent(document, n, buffer, length.value, length)
    return buffer.raw[: length.value]


def _leaves(data: bytes) -> Iterator[str]:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        return
    for element in () if root is None else root.iter(etree.Element):
        if not len(element) and element.text and element.text.strip():
            yield element.text.strip()
