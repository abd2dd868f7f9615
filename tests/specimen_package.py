"""Office packages in a few words: parts by name, relationships and content types made of what is given."""

import io
import re
import zipfile
from collections.abc import Mapping

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_SHEET = "http://purl.oclc.org/ooxml/spreadsheetml/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
MAIN_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def package(
    kind: str, main: str, parts: Mapping[str, str], *, strict: bool = False, backslashes: bool = False
) -> bytes:
    """A package whose main part has that name. `parts` holds the XML by name; "A -> KIND B" as a name is a relationship
    of A, its text the id.
    """
    base = _STRICT if strict else _OFFICE
    related: dict[str, list[str]] = {"": [_relation("r0", f"{base}/officeDocument", "/" + main)]}
    content = {}
    for name, text in parts.items():
        if " -> " not in name:
            content[name] = text
            continue
        source, _, rest = name.partition(" -> ")
        what, target = rest.split(" ")
        related.setdefault(source, []).append(_relation(text, f"{base}/{what}", "/" + target))
    for source, lines in related.items():
        folder, _, file = source.rpartition("/")
        content[f"{folder}/_rels/{file}.rels".lstrip("/")] = f"<Relationships>{''.join(lines)}</Relationships>"
    content["[Content_Types].xml"] = f'<Types><Override PartName="/{main}" ContentType="{MAIN_TYPES[kind]}"/></Types>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in content.items():
            archive.writestr(name.replace("/", "\\") if backslashes else name, text)
    return buffer.getvalue()


def _relation(identity: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identity}" Type="{kind}" Target="{target}"/>'


_CELL = re.compile(r'(?P<place>[A-Z]+\d+)(?P<attributes>(?: \w+="[^"]*")*)(?:=(?P<text>.*)|(?P<inside><.*))', re.DOTALL)


def rows(*lines: str) -> str:
    """Rows of a sheet from lines of cells: A1=text, or A1 t="s"<v>1</v> with what is in the XML."""
    out = ""
    for n, line in enumerate(lines, 1):
        cells = ""
        for found in map(_CELL.fullmatch, line.split(" | ")):
            assert found is not None
            inside = found["inside"] or f"<is><t>{found['text']}</t></is>"
            kind = "" if found["inside"] else ' t="inlineStr"'
            cells += f'<c r="{found["place"]}"{found["attributes"]}{kind}>{inside}</c>'
        out += f'<row r="{n}">{cells}</row>'
    return out


_SHEET = '<worksheet xmlns="{}"><sheetData>{}</sheetData></worksheet>'


def workbook(
    *sheets: str, strict: bool = False, main: str = "xl/workbook.xml", parts: Mapping[str, str] | None = None
) -> bytes:
    """A workbook whose sheets have these rows; `parts` as in `named`."""
    space = STRICT_SHEET if strict else SHEET
    base = _STRICT if strict else _OFFICE
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="s{n}"/>' for n in range(len(sheets)))
    content = {
        main: f'<workbook xmlns="{space}" xmlns:r="{base}"><sheets>{listed}</sheets></workbook>',
        **{f"xl/s{n}.xml": _SHEET.format(space, one) for n, one in enumerate(sheets)},
        **{f"{main} -> worksheet xl/s{n}.xml": f"s{n}" for n in range(len(sheets))},
    }  # fmt: skip
    return package("xlsx", main, content | named(parts or {}), strict=strict)


def named(parts: Mapping[str, str]) -> dict[str, str]:
    """Parts that are given as keywords under their names: a__b_xml is a/b.xml, x_to_KIND_as_y is "x -> KIND y"."""
    words = (("_to_", " -> "), ("_as_", " "), ("__", "/"), ("_xml", ".xml"))
    found = {}
    for name, text in parts.items():
        own = name
        for word, meaning in words:
            own = own.replace(word, meaning)
        found[own] = text
    return found
