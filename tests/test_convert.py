"""The programs outside Python: what they give, and what becomes of those that hang or are not there."""

import io
import os
import pickle
import re
import signal
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest
from conftest import need

from ingest.convert import Office, Tesseract, converters, stop
from parsing.formats.door import read_format
from parsing.formats.opendocument import read_opendocument
from parsing.model import Cell, NotConverted

pytestmark = pytest.mark.outside
RTF = (
    rb"{\rtf1\ansi{\*\revtbl{Unknown;}{Ana;}}{\fonttbl{\f0 Arial;}}\pard Improve "
    rb"{\deleted\revauthdel1\revdttmdel0 the}{\revised\revauth1\revdttm0 our} effectiveness\par}"
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[str]:
    yield str(tmp_path)
    stop(str(tmp_path))


def program(folder: str, script: str) -> str:
    path = Path(folder, "program")
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_rtf_keeps_its_tracked_changes_and_the_second_file_finds_libreoffice_running(folder: str) -> None:
    need("soffice")
    office = pickle.loads(pickle.dumps(converters(folder))).office
    for _ in range(2):
        (block,) = (b for b in read_opendocument(office(RTF, ".rtf")).blocks if b.runs)
        assert [(run.text, run.mark, run.author) for run in block.runs] == [
            ("Improve ", "kept", None), ("the", "deleted", "Ana"), ("our", "inserted", "Ana"),
            (" effectiveness", "kept", None),
        ]  # fmt: skip
    pid = int(Path(folder, "pid").read_text())
    os.kill(pid, 0)
    stop(folder)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    pytest.fail(f"LibreOffice {pid} still runs")


def test_libreoffice_leaves_nothing_in_the_temporary_folders(folder: str) -> None:
    need("soffice")
    places = [Path("/tmp"), Path("/var/tmp"), Path(tempfile.gettempdir())]

    def of_libreoffice() -> set[Path]:
        return {file for place in places for file in place.iterdir() if re.match(r"lu\d|OSL_PIPE|\.~lock", file.name)}

    before = of_libreoffice()
    converters(folder).office(RTF, ".rtf")  # type: ignore[misc]  # need() saw it
    stop(folder)
    left, until = of_libreoffice() - before, time.monotonic() + 60
    while left and time.monotonic() < until:  # those of others, whose tests run beside this one, go with them
        time.sleep(0.2)
        left &= of_libreoffice()
    assert left == set()


def test_a_program_ends_when_the_process_that_asked_it_is_killed(folder: str) -> None:
    need("setpriv")
    hangs = program(folder, f"echo $$ > {folder}/own; exec sleep 300")
    asking = os.fork()
    if asking == 0:
        Tesseract(hangs, "eng")(b"")
        os._exit(0)
    until = time.monotonic() + 10
    while not (Path(folder, "own").exists() and Path(folder, "own").read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    own = psutil.Process(int(Path(folder, "own").read_text()))
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    own.wait(10)


def test_no_link_in_a_file_is_followed(folder: str) -> None:
    need("soffice")
    asked: list[str] = []

    class WebHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), WebHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    field = r'{\field{\*\fldinst %s "%s/a.png" \\d}{\fldrslt x}}'
    links = "".join(field % (kind, here) for kind in ("INCLUDEPICTURE", "INCLUDETEXT"))
    converters(folder).office(b"{\\rtf1 " + links.encode() + b"}", ".rtf")  # type: ignore[misc]  # need() saw it
    server.shutdown()
    server.server_close()
    assert asked == []


SECTION = (
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
    '<text:section text:name="S"><text:section-source xlink:type="simple" xlink:href="file://%s" xlink:show="embed"/>'
    "<text:p>x</text:p></text:section></office:text></office:body></office:document>"
)
SHEET = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row>'
    '<Cell ss:Formula="=WEBSERVICE(&quot;file://%s&quot;)"><Data ss:Type="String">x</Data></Cell>'
    '<Cell ss:Formula="=\'file://%s\'#$secret.A1"><Data ss:Type="String">x</Data></Cell>'
    "</Row></Table></Worksheet></Workbook>"
)
INCLUDED = (
    r'{\rtf1 {\field{\*\fldinst INCLUDETEXT "%s"}{\fldrslt x}}{\field{\*\fldinst INCLUDETEXT "file://%s"}{\fldrslt x}}}'
)


@pytest.mark.parametrize(("document", "suffix"), [(SECTION, ".fodt"), (SHEET, ".xls"), (INCLUDED, ".rtf")])
def test_no_file_of_this_machine_is_taken_into_a_document(folder: str, document: str, suffix: str) -> None:
    need("soffice")
    secret = Path(folder, "secret.txt")
    secret.write_text("Ratatoskr")
    made = converters(folder).office(document.replace("%s", str(secret)).encode(), suffix)  # type: ignore[misc]  # need() saw it
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert all(b"Ratatoskr" not in package.read(name) for name in package.namelist())


def test_a_file_that_libreoffice_cannot_read_says_so(folder: str) -> None:
    need("soffice")
    with pytest.raises(NotConverted, match="LibreOffice could not read the file"):
        converters(folder).office(b"{\\rtf1", ".rtf")  # type: ignore[misc]  # need() saw it


def test_a_program_that_hangs_is_ended_with_all_that_it_started(folder: str) -> None:
    hangs = program(folder, f"sleep 300 & echo $! > {folder}/child; wait")
    with pytest.raises(NotConverted, match="tesseract did not finish within 1 seconds"):
        Tesseract(hangs, "eng", seconds=1)(b"")
    child = int(Path(folder, "child").read_text())
    time.sleep(0.2)
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().split(")")[1].split()[0] == "Z"


def test_a_libreoffice_that_hangs_is_given_up(folder: str) -> None:
    with pytest.raises(NotConverted, match="LibreOffice did not finish within 1 seconds"):
        Office(program(folder, "sleep 300"), folder, seconds=1)(RTF, ".rtf")


XML_SHEET = b"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:s="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet s:Name="S"><Table><Row><Cell><Data s:Type="String">OP5</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_a_sheet_of_an_old_kind_becomes_a_sheet(folder: str) -> None:
    need("soffice")
    read = read_format("a.xls", "", XML_SHEET, converters(folder))
    assert (read.fate, [block.cell for block in read.text.blocks]) == ("converted", [Cell(0, 0, 0)])


PICTURE = (
    b"{\\rtf1 {\\pict\\pngblip\\picw100\\pich100 89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b5500"
    b"00000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082}}"
)


def test_an_rtf_of_pictures_alone_waits_for_a_person(folder: str) -> None:
    need("soffice")
    read = read_format("a.rtf", "", PICTURE, converters(folder))
    assert (read.fate, read.why) == ("unreadable", "the file holds pictures and no text")


def test_a_picture_that_takes_too_long_is_given_up(folder: str) -> None:
    busy = program(folder, "while :; do :; done")
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (100).to_bytes(4, "big") * 2
    with pytest.raises(NotConverted, match="tesseract needs more than the 3 seconds"):
        Tesseract(busy, "eng", seconds=60)(head)


def test_what_is_not_installed_is_missing_and_says_what_that_means(folder: str) -> None:
    found = converters(folder, office="no-such-office", ocr="no-such-tesseract")
    assert (found.office, found.ocr) == (None, None)
    assert found.missing == (
        "LibreOffice is not installed: RTF, old Word and old Excel files are kept, but not read",
        "tesseract is not installed: scans are kept, but not read",
    )


def test_tesseract_reads_with_the_un_languages_that_it_has(folder: str) -> None:
    program(folder, 'test "$1" = --list-langs && echo "List of languages:\nosd\nrus\neng\ndeu"')
    ocr = converters(folder, ocr=str(Path(folder, "program"))).ocr
    assert isinstance(ocr, Tesseract)
    assert ocr.languages == "eng+rus"
