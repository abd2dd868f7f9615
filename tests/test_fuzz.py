"""Whatever the bytes are, a mail is opened and read without an exception, and what comes out is fit for JSON, a
database, a page; and every edit fits the official text.
"""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from specimen import word
from specimen_mail import FROM, attached, entity, item, mail, msg, multi, signed, text, tnef, zipped

from parsing.documents import unguarded
from parsing.mail.message import open_mail
from parsing.model import Consultation, Converters, OpenMail
from parsing.reading import read_mail
from store import register
from store.shipped import shipped_draft

DRAFT = shipped_draft()
CONSULTATION = Consultation(DRAFT, register.load())

SEEDS = (
    mail(b"Delete PP1.\n-- \nAna", b"Subject: =?utf-8?b?RMOpY2xhcmF0aW9u?=", b"Date: Mon, 6 Sep 2021 10:00:00 +0200"),
    multi("mixed", text(b"hi"), attached(b"a.zip", zipped({"a.txt": b"x", "b.zip": zipped({"c": b"d"})}))),
    multi("alternative", text(b"Keep PP1."), text(b"<table><td>Keep <ins>all</ins> PP1.</table>", b"html")),
    multi("mixed", attached(b"winmail.dat", tnef({0x1000: "hi", 0x1013: b"<p>hi"}, ("a.doc", b"abc")))),
    multi("mixed", attached(b"smime.p7m", signed(text(b"hi")))),
    multi("report", b"Content-Type: message/delivery-status\n\nA: b", b"Content-Type: message/rfc822\n\n" + FROM),
    multi("mixed", b"Content-Type: message/rfc822\n\n" + FROM + entity("mixed", text(b"x"))),
    mail(b"FYI\n\nFrom: Bo\nSent: Monday\nTo: Ana\nSubject: x\n\nhi\nbegin 644 a\n#86)C\nend\n", b"Subject: FW: x"),
    msg({0x37: "s", 0x1000: "hi"}, ("a.doc", b"abc"), ("i", item({0x37: "t"}))),
    mail('In OP5, replace "wild species" with "species". Au paragraphe 7, supprimer « step up ».\n'.encode()),
    mail("序言部分第五段，将“existential threat”改为“serious threat”。".encode()),
    mail("В пункте 5 исключить слова «effective».".encode()),
    multi("mixed", text(b"See attached."), attached(b"a.docx", word("Recalling the [-2050-]{+new+} Vision"))),
)  # fmt: skip
TOKENS = (
    b"\0", b"\xff", b"\r", b"\n\n", b"=?utf-8?b?", b"?=", b"--", b";", b'"', b"<", b"> ", b"charset=utf-7",
    b"charset=punycode", b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/mixed; boundary=a\n\n--a\n",
    b"filename*0*=''%ff", b"Content-Transfer-Encoding: x-uuencode\n", b"begin 644 a\n", b"=ybegin name=a\n", b"From: ",
    b"Received: ;", b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n", b"-----Original Message-----\n", b"\xed\xa0\x80",
    b"On 1.1. a wrote:\n", b"\xd0\xcf\x11\xe0", b"<td>", b"<blockquote>",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail with some of its bytes changed, cut, doubled, or with a token put among them."""
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        length = draw(st.integers(0, 80))
        change = draw(st.sampled_from(("insert", "cut", "double", "change")))
        if change == "insert":
            raw[at:at] = draw(st.sampled_from(TOKENS))
        elif change == "cut":
            del raw[at : at + length]
        elif change == "double":
            raw[at:at] = raw[at : at + length]
        else:
            raw[at : at + 1] = draw(st.binary(max_size=3))
    return bytes(raw)


def strings(opened: OpenMail) -> Iterator[str]:
    """Every text that comes out of a mail."""
    yield from (opened.subject, opened.sender_name, opened.sender_address, opened.message_id or "", opened.body_source)
    for name, values in opened.headers.items():
        yield from (name, *values)
    for block in opened.body.blocks:
        yield from (run.text for run in block.runs)
    for leaf in opened.leaves:
        yield from (leaf.part.name, leaf.part.type, leaf.part.why)
    for problem in (*opened.problems, *opened.body.problems):
        yield from (problem.source, problem.problem)
    for inside in opened.inside:
        yield from strings(inside)


def check(raw: bytes) -> None:
    opened = open_mail(raw)
    for string in strings(opened):
        string.encode("utf-8")
        assert "\0" not in string
    for values in opened.headers.values():
        assert not any("\n" in value or "\r" in value for value in values)
    names = [leaf.part.name.casefold() for leaf in opened.leaves]
    assert len(names) == len(set(names))
    assert all(leaf.part.why or leaf.part.fate in ("read", "empty") for leaf in opened.leaves)


def check_reading(raw: bytes) -> None:
    """The whole door: formats, places, words, who speaks."""
    reading = read_mail(raw, None, CONSULTATION, Converters(), unguarded)
    assert reading.message is not None
    for edit in reading.edits:
        if edit.action in ("replace", "insert", "delete"):
            assert DRAFT.text(edit.paragraph)[edit.start : edit.end] == edit.old


@settings(max_examples=200, deadline=None)
@given(st.one_of(mutated(), st.binary(max_size=500)))
def test_any_mail_is_read_and_every_edit_fits_the_official_text(raw: bytes) -> None:
    check_reading(raw)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_open(raw: bytes) -> None:
    check(raw)


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_a_damaged_mail_opens(raw: bytes) -> None:
    check(raw)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(SEEDS))
def test_the_same_bytes_are_the_same_mail(raw: bytes) -> None:
    assert open_mail(raw) == open_mail(raw)


FUZZER = """
    import sys
    import warnings

    import atheris

    with atheris.instrument_imports(include=["parsing", "email"]):
        import test_fuzz

    def one(data):
        test_fuzz.check(data)
        test_fuzz.check_reading(data)

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
"""


@pytest.mark.outside
def test_coverage_guided_fuzzing_finds_no_exception_no_hang_and_no_growth(tmp_path: os.PathLike[str]) -> None:
    """One minute in CI, five seconds otherwise; 10 s for one mail and 2 GB are a failure. In a child process."""
    folder = os.fspath(tmp_path)
    corpus = os.path.join(folder, "corpus")  # noqa: PTH118
    os.mkdir(corpus)  # noqa: PTH102
    for number, seed in enumerate(SEEDS):
        with open(os.path.join(corpus, str(number)), "wb") as file:  # noqa: PTH118, PTH123
            file.write(seed)
    seconds = 60 if os.environ.get("CI") == "true" else 5
    options = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={folder}/"]
    paths = os.pathsep.join([os.path.dirname(__file__), os.path.dirname(os.path.dirname(__file__))])  # noqa: PTH120
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FUZZER), *options, corpus],
        capture_output=True, text=True, check=False, timeout=seconds + 120, env=os.environ | {"PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
