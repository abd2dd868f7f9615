"""The styles of a Word file: whatever program wrote their part, each is the element that a parser finds."""

import pytest
from specimen import W

from parsing.formats.ooxml import child, get
from parsing.formats.word_stylesheet import WordStyleSheet

_STRUCK = "<w:style w:type='character' w:styleId='Struck'><w:rPr><w:strike/></w:rPr></w:style>"
_BOLD = '<w:style w:styleId="Bold" w:type="character"><w:rPr><w:b/></w:rPr></w:style>'


def part(inside: str, declare: str = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n') -> str:
    return f"{declare}<w:styles xmlns:w='{W}'>{inside}</w:styles>"


def looks(xml: str | bytes, *names: str) -> list[str | None]:
    """What each named style says first of its characters; None where there is no such style."""
    data = xml if isinstance(xml, bytes) else xml.encode()
    sheet = WordStyleSheet(lambda: data)
    return [_look(sheet.element(name)) for name in names]


def _look(style: object | None) -> str | None:
    if style is None:
        return None
    properties = child(style, "rPr")
    return "" if properties is None else next(name for name in ("strike", "b") if child(properties, name) is not None)


@pytest.mark.parametrize(
    "xml",
    [
        part(_STRUCK + _BOLD),
        part("\n  " + _STRUCK + "\n  " + _BOLD + "\n"),
        part("<w:docDefaults/><w:latentStyles/>" + _BOLD + _STRUCK),
        part(_STRUCK + _BOLD, declare=""),
        part(_STRUCK + _BOLD, declare="\ufeff<?xml version='1.0'?>"),
        part(_STRUCK + _BOLD).replace("w:", "").replace("xmlns:w", "xmlns"),
        part(_STRUCK + _BOLD).replace("w:", "ns0:").replace("xmlns:w", "xmlns:ns0"),
        part(_STRUCK + _BOLD).replace("<w:style ", "<w:style\n\t"),
        part(_STRUCK + "<w:style w:styleId='Empty'/>" + _BOLD),
        part("<w:style w:name='>' w:styleId='x'/>" + _STRUCK + _BOLD),
        part("<w:style w:name=\" w:styleId='Struck'\" w:styleId='x'/>" + _STRUCK + _BOLD),
        part("<w:style w:type='table'><w:rPr/></w:style>" + _STRUCK + _BOLD),
        part("<w:stylePaneSortMethod/>" + _STRUCK + _BOLD),
        part("<!-- <w:style w:styleId='Struck'/> -->" + _STRUCK + _BOLD),
        part(_STRUCK + _BOLD + "<!-- <w:style w:styleId='Struck'/> -->"),
        part("<w:x><![CDATA[<w:style w:styleId='Bold'/>]]></w:x>" + _STRUCK + _BOLD),
        part(_STRUCK + _BOLD + "<?other <w:style w:styleId='Bold'/> ?>"),
        part(_STRUCK + "<w:x>" + _BOLD.replace("Bold", "x") + "</w:x>" + _BOLD),
        part(_STRUCK.replace("strike", "i") + _STRUCK + _BOLD),
        part(_STRUCK + _BOLD, declare='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
        part(_STRUCK + _BOLD, declare='<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
    ],
)  # fmt: skip
def test_a_style_is_found_by_its_id_in_any_notation(xml: str | bytes) -> None:
    assert looks(xml, "Struck", "Bold", "Other") == ["strike", "b", None]


@pytest.mark.parametrize("written", ["R&amp;D", "R&#38;D", "R&#x26;D"])
def test_the_id_of_a_style_may_hold_references(written: str) -> None:
    assert looks(part(_BOLD.replace("Bold", written)), "R&D", written) == ["b", None]


def test_an_id_is_known_by_its_letters_in_any_charset() -> None:
    xml = part(_BOLD.replace("Bold", "Überschrift"), declare='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert looks(xml.encode("latin-1"), "Überschrift") == ["b"]
    assert looks(part(_BOLD.replace("Bold", "Überschrift")), "Überschrift") == ["b"]


def test_a_style_keeps_the_name_that_it_is_based_on() -> None:
    style = WordStyleSheet(lambda: part("<w:style w:styleId='a'><w:basedOn w:val='b'/></w:style>").encode()).element(
        "a"
    )
    assert get(child(style, "basedOn"), "val") == "b"


@pytest.mark.parametrize(
    "xml", [b"", b"no XML", part(_STRUCK)[:-40].encode(), part("<w:style w:styleId='Struck'>").encode()]
)
def test_of_a_damaged_part_there_are_no_styles(xml: bytes) -> None:
    assert looks(xml, "Struck") == [None]


def test_styles_that_declare_entities_are_refused() -> None:
    xml = part(_STRUCK, declare="<!DOCTYPE styles [<!ENTITY a 'b'>]>")
    assert looks(xml, "Struck") == [None]
