"""What a mail says of itself: headers, sender, instants, body."""

from datetime import UTC, datetime

import pytest
from specimen_mail import FROM, attached, fates, mail, multi, problems, said, text, words

from parsing.mail.message import OpeningLimits, open_mail

RECEIVED = b"Received: from a by b; Tue, 07 Sep 2021 11:42:10 +0800"


def test_headers_keep_their_order_and_every_value() -> None:
    opened = open_mail(mail(b"x", b"X-A: 1", b"Subject: s", b"x-a: 2"))
    assert list(opened.headers) == ["from", "x-a", "subject"]
    assert opened.headers["x-a"] == ("1", "2")


def test_received_is_the_topmost_hop_in_utc() -> None:
    older = b"Received: from c by a; Mon, 06 Sep 2021 22:00:00 -0500"
    assert open_mail(mail(b"x", RECEIVED, older)).received == datetime(2021, 9, 7, 3, 42, 10, tzinfo=UTC)


@pytest.mark.parametrize("field", [b"Received: nonsense", b"Received: by x; never", b"X: y"])
def test_without_a_readable_hop_there_is_no_instant(field: bytes) -> None:
    assert open_mail(mail(b"x", field)).received is None


@pytest.mark.parametrize(
    ("flowed", "read"),
    [
        (b"Delete \nPP1.\n", "Delete PP1."),
        (b"> theirs \n> too\nours \ngo on", "> theirs too\nours go on"),
        (b"one\ntwo \n\nthree", "one\ntwo \n\nthree"),
        (b"ours\n-- \nAna", "ours\n-- \nAna"),
        (b" >no quote", ">no quote"),
    ],
)
def test_flowed_text_runs_on_over_soft_line_ends(flowed: bytes, read: str) -> None:
    opened = open_mail(mail(flowed, b"Content-Type: text/plain; format=flowed"))
    assert [line.rstrip() for line in words(opened).splitlines()] == [line.rstrip() for line in read.splitlines()]


def test_flowed_text_with_delsp_loses_the_space_too() -> None:
    assert (
        words(open_mail(mail(b"Decla \nration", b"Content-Type: text/plain; format=flowed; delsp=yes")))
        == "Declaration"
    )


@pytest.mark.parametrize(
    ("html", "taken"),
    [
        (b"<p>Keep PP1 as it stands.</p>", "body.txt"),
        (b"<p>Keep <ins>all of</ins> PP1 as it stands.</p>", "body.html"),
        (b"<p>Keep <strike>all of</strike> PP1 as it stands.</p>", "body.html"),
        (b"<p>Keep <u>PP1</u> as it stands.</p>", "body.html"),
        (b'<p>Keep <span style="color:red">PP1</span> as it stands.</p>', "body.html"),
        (b"<table><tr><td>Keep</td><td>PP1 as it stands.</td></tr></table>", "body.html"),
    ],
)
def test_html_is_the_body_when_it_carries_marks(html: bytes, taken: str) -> None:
    opened = open_mail(multi("alternative", text(b"Keep PP1 as it stands."), text(html, b"html")))
    assert opened.body_source == taken
    assert [leaf.part.fate for leaf in opened.leaves if leaf.part.name != taken] == ["ignored"]


def test_text_before_and_after_a_file_is_one_body() -> None:
    opened = open_mail(multi("mixed", text(b"Delete PP1."), attached(b"a.doc", b"abc"), text(b"And PP2.")))
    assert words(opened) == "Delete PP1.\nAnd PP2."


def test_an_attached_text_is_a_file_and_no_part_of_the_body() -> None:
    opened = open_mail(multi("mixed", text(b"See attached."), attached(b"a.txt", b"Delete PP1.", b"text/plain")))
    assert words(opened) == "See attached."
    assert opened.leaves[1].data == b"Delete PP1."


@pytest.mark.parametrize(("width", "height", "fate"), [(120, 40, "ignored"), (1600, 2200, "unreadable")])
def test_a_small_picture_in_the_text_is_ignored_and_a_page_is_not(width: int, height: int, fate: str) -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\2\0\0\0"
    picture = attached(b"image001.png", png, b"image/png").replace(b"attachment;", b"inline;")
    assert fates(multi("related", text(b"<p>hi</p>", b"html"), picture))[1] == ("image001.png", fate)


def test_answers_between_quoted_lines_keep_their_order() -> None:
    opened = open_mail(mail(b"> PP1?\nDelete it.\n> PP2?\nKeep it."))
    assert [block.role for block in opened.body.blocks] == ["quoted", "own", "quoted", "own"]


@pytest.mark.parametrize(
    ("said_above", "own"),
    [
        ("Please find our comments inline, in red.", ["Delete the first of them."]),
        ("Veuillez trouver nos observations en rouge ci-dessous.", ["Delete the first of them."]),
        ("Thank you.", []),
    ],
)
def test_answers_in_a_colour_inside_the_history_are_ours_where_we_say_so(said_above: str, own: list[str]) -> None:
    html = (
        f"<div>{said_above}</div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        "<p>From: Bo<br>Sent: Monday<br>To: Ana<br>Subject: PP1</p></div><p>What of the words in PP1?</p>"
        "<p style='color:red'>Delete the first of them.</p><p>And PP2?</p>"
    )
    assert said(open_mail(mail(html.encode(), b"Content-Type: text/html"))).splitlines() == [said_above, *own]


def test_cells_of_a_table_without_rows_are_read() -> None:
    assert words(open_mail(mail(b"<table><td>a<td>b</table>", b"Content-Type: text/html"))) == "a\nb"


def test_a_forward_in_the_text_is_a_mail_inside() -> None:
    raw = mail(
        b"FYI\n\nFrom: Bo <bo@x.example>\nSent: Mon, 06 Sep 2021 10:00:00 +0000\nTo: Ana\nSubject: Hi\n\nDelete PP1.",
        b"Subject: FW: Hi",
    )
    opened = open_mail(raw)
    (inside,) = opened.inside
    assert (inside.sender_address, inside.subject, said(inside)) == ("bo@x.example", "Hi", "Delete PP1.")
    assert said(opened) == "FYI"
    assert "Delete PP1." in words(opened)


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (b"Subject : Comments\nFrom : a@x.example\n\nbody", "Comments"),
        (b"X: y\nsome stray words\nFrom: a@x.example\nSubject: Comments\n\nbody", "Comments"),
    ],
)
def test_damaged_headers_are_mended_and_what_came_is_kept(head: bytes, subject: str) -> None:
    opened = open_mail(head)
    assert (opened.subject, opened.sender_address, words(opened)) == (subject, "a@x.example", "body")
    assert opened.leaves[0].part.name == "mail.eml"


def test_text_right_below_the_headers_is_no_header() -> None:
    assert words(open_mail(FROM + b"Delete PP1.\nNote: also PP2.\n")) == "Delete PP1.\nNote: also PP2."


def test_a_field_of_any_length_takes_no_time() -> None:
    assert open_mail(mail(b"x", b"Content-Type: multipart/mixed" + b';"' * 500_000)).leaves


def test_limits_are_those_that_are_given() -> None:
    opened = open_mail(multi("mixed", *[text(b"x")] * 9), OpeningLimits(count=3))
    assert len(opened.leaves) == 3


def test_a_damaged_base64_part_keeps_what_the_library_reads_and_what_there_is() -> None:
    raw = mail(b"aGVsbA==\nbyB5b3U=", b"Content-Transfer-Encoding: base64")
    assert [leaf.data for leaf in open_mail(raw).leaves] == [b"hell", b"hello you"]
    assert "padded in the middle" in problems(raw)
