"""A Word document as a file: header and footer, the parts for comments and authors, the namespaces of its root."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from compilation import phrases
from compilation.official import OfficialDocument
from compilation.word_xml import IGNORABLE, MC, SPACES, W15, Element, RevisionRegister, W, make, properties, run, w
from consultation.compilation import Compilation

_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_PEOPLE = "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml"
_PEOPLE_TYPE = "http://schemas.microsoft.com/office/2011/relationships/people"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def as_file(official: OfficialDocument, compilation: Compilation, notes: RevisionRegister | None = None) -> bytes:
    """The .docx. The same compilation gives the same bytes."""
    document = official.document
    _describe(document, compilation)
    _head_and_foot(document, compilation)
    if notes is not None:
        _add_part(document, "comments", _COMMENTS, RELATIONSHIP_TYPE.COMMENTS, _root("comments", notes.comments))
        people = _root("people", (_person(author) for author in notes.authors), W15)
        _add_part(document, "people", _PEOPLE, _PEOPLE_TYPE, people)
    out = io.BytesIO()
    document.save(out)
    return _repacked(out.getvalue())


def _describe(document: Any, compilation: Compilation) -> None:
    core = document.core_properties
    made = compilation.made_at.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.comments = phrases.title(compilation), "kunming", ""
    core.subject = f"{compilation.draft.title}, {compilation.draft.version}"
    core.created = core.modified = made
    core.last_modified_by, core.language = "kunming", compilation.language


def _head_and_foot(document: Any, compilation: Compilation) -> None:
    """On each page what this is and the handling marks; at the foot the page's number. Neither is part of the text."""
    section = document.sections[0]
    head, foot = section.header.paragraphs[0]._p, section.footer.paragraphs[0]._p  # noqa: SLF001
    small = properties(color="595959", sz="17")
    line = f"{phrases.title(compilation)} · {compilation.draft.version} · {phrases.when(compilation.made_at)}"
    head.append(run(line, small))
    if compilation.marks:
        head.append(run(f"\u2003{', '.join(compilation.marks)}", properties("b", base=small)))
    foot.append(_field("PAGE", small))
    foot.append(run(" / ", small))
    foot.append(_field("NUMPAGES", small))


def _field(name: str, look: Element) -> Element:
    """A simple field (17.16.19), with a value until the program works it out."""
    return make("fldSimple", run("1", look), instr=f" {name} ")


def _root(name: str, children: Iterable[Element], namespace: str = W) -> Element:
    root = etree.Element(f"{{{namespace}}}{name}", nsmap=SPACES)
    root.set(f"{{{MC}}}Ignorable", IGNORABLE)
    root.extend(children)
    return root


def _person(author: str) -> Element:
    person = etree.Element(f"{{{W15}}}person")
    person.set(f"{{{W15}}}author", author)
    presence = etree.SubElement(person, f"{{{W15}}}presenceInfo")
    presence.set(f"{{{W15}}}providerId", "None")
    presence.set(f"{{{W15}}}userId", author)
    return person


def _add_part(document: Any, name: str, content: str, relation: str, root: Element) -> None:
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(SPACES))
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI(f"/word/{name}.xml"), content, data, document.part.package)
    document.part.relate_to(part, relation)


def _repacked(data: bytes) -> bytes:
    """The package without the time of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def annotations(document: Any) -> RevisionRegister:
    """Ids for new annotations, above those that the document has."""
    ids = (element.get(w("id")) or "" for element in document.element.body.iter() if isinstance(element.tag, str))
    return RevisionRegister(first=max((int(one) for one in ids if one.isdigit()), default=0) + 1)
