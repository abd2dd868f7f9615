"""The words in XML, SVG and JSON of unknown kinds, and the address in a file that only points elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from parsing.formats.sheet import Tables
from parsing.formats.text import LONGEST, clean, cut, read_text
from parsing.model import Block, Cell, MarkedText, Problem, Run

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_POINTER = 2_000
"""Characters of a file that only names an address; a document has more, or says something else."""
_DEEPEST = 200


def read_xml(data: bytes) -> MarkedText:
    """The words of an XML file of any kind: an element that has text of its own is a Block with all that is in it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, collect_ids=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return MarkedText("xml", problems=(Problem("", f"the XML is damaged: {error}"),))
    if root is None:
        return MarkedText("xml", problems=(Problem("", "the XML is damaged"),))
    blocks = tuple(Block((Run(clean(words)),)) for words in _said(root))
    damaged = (Problem("", "the XML is damaged: what could be read of it was"),) if parser.error_log else ()
    return MarkedText("xml", blocks, problems=damaged if blocks else ())


def _said(element: Any) -> Iterator[str]:
    """Paragraphs: the text of each element that has any of its own, with that of the elements inside."""
    stack = [element]
    while stack:
        one = stack.pop()
        inside = list(one.iterchildren(tag=etree.Element))
        own = (one.text, *(child.tail for child in one))
        if any(text and text.strip() for text in own):
            yield " ".join("".join(one.itertext(etree.Element, etree.Entity)).split())
        else:
            stack += reversed(inside)


def read_json(text: str) -> MarkedText:
    """The words of a JSON file: a list of records is a table, all else its texts line by line."""
    text, problems = cut(text, LONGEST)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return read_text(text)
    if (records := _records(data)) is not None:
        return _table(records)
    blocks = tuple(Block((Run(clean(line)),)) for value in _texts(data, _DEEPEST) for line in value.split("\n"))
    return MarkedText("json", blocks, problems=problems)


def _records(data: Any) -> Sequence[Mapping[str, Any]] | None:
    """The records where JSON is a list of them; None where it is not."""
    if isinstance(data, list) and len(data) > 0 and all(isinstance(one, dict) for one in data):
        flat = all(not isinstance(value, (dict, list)) for one in data for value in one.values())
        return data if flat else None
    return None


def _table(records: Sequence[Mapping[str, Any]]) -> MarkedText:
    table = Tables("json")
    columns = list(dict.fromkeys(key for record in records for key in record))
    for column, key in enumerate(columns):
        table.cell(Cell(0, 0, column), [Run(clean(key))])
    for row, record in enumerate(records, 1):
        for column, key in enumerate(columns):
            if (value := record.get(key)) is not None:
                table.cell(Cell(0, row, column), [Run(clean(str(value)))])
    return table.text()


def _texts(data: Any, deep: int) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif deep and isinstance(data, (dict, list)):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _texts(one, deep - 1)


def address_in(text: str) -> str | None:
    """The address that a short file points to; None where it says something else."""
    found = _ADDRESS.findall(text)
    return found[0] if len(text) <= _POINTER and len(found) == 1 else None
