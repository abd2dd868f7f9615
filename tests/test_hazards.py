"""The hazards of real mail, each with the smallest mail that has it. Numbers are those of docs/formats/mail.md."""

import base64
from datetime import UTC, datetime

import pytest
from specimen_mail import (
    FROM,
    attached,
    entity,
    fates,
    item,
    mail,
    msg,
    multi,
    problems,
    said,
    signed,
    text,
    tnef,
    words,
    zipped,
)  # fmt: skip

from parsing.mail.message import open_mail
from parsing.mail.part_collector import UNREAD, OpeningLimits

FORWARDED = b"From: Bo Li <bo@env.gov.example>\nSubject: Comments\n\nPP1 is fine."


@pytest.mark.parametrize("raw", [b"", b"\n", b" \r\n\t", b"\0"])
def test_01_an_empty_mail_opens_and_says_that_it_holds_nothing(raw: bytes) -> None:
    opened = open_mail(raw)
    assert words(opened).strip() == ""
    assert opened.problems


def test_02_without_any_header_all_is_text() -> None:
    assert words(open_mail(b"no header here\nat all")) == "no header here\nat all"


@pytest.mark.parametrize(
    "before", [b"From ana@x.example Mon Sep  6 10:00:00 2021\n", b"\n\n", b"\xef\xbb\xbf", b">From a\n", b" \r\n"]
)
def test_03_something_before_the_headers_hides_none_of_them(before: bytes) -> None:
    opened = open_mail(before + mail(b"hello", b"Subject: Comments"))
    assert (opened.subject, words(opened)) == ("Comments", "hello")


@pytest.mark.parametrize("end", [b"\r", b"\r\n"])
def test_04_lines_end_in_any_way(end: bytes) -> None:
    opened = open_mail(mail(b"one\ntwo", b"Subject: Comments").replace(b"\n", end))
    assert (opened.subject, words(opened)) == ("Comments", "one\ntwo")


def test_04_line_ends_are_mixed() -> None:
    assert words(open_mail(FROM.replace(b"\n", b"\r\n") + b"Subject: x\n\r\none\r\ntwo\nthree")) == "one\ntwo\nthree"


def test_05_lines_and_headers_of_any_length() -> None:
    opened = open_mail(mail(b"a" * 5000, b"Subject: " + b"b" * 20_000))
    assert (len(opened.subject), len(words(opened))) == (20_000, 5000)


def test_06_nul_bytes_are_gone_from_all_that_is_said() -> None:
    opened = open_mail(mail(b"he\0llo", b"Subject: Com\0ments"))
    assert "\0" not in opened.subject + words(opened)
    assert words(opened) == "hello"


@pytest.mark.parametrize(
    ("raw", "charset"), [("Заявление", "koi8-r"), ("Замечания", "utf-8"), ("Déclaration", "iso-8859-1")]
)
def test_07_raw_8_bit_headers_are_read_as_the_body_is(raw: str, charset: str) -> None:
    kind = b"Content-Type: text/plain; charset=" + charset.encode()
    assert open_mail(mail(b"x", b"Subject: " + raw.encode(charset), kind)).subject == raw


def test_08_raw_utf_8_addresses_are_addresses() -> None:
    opened = open_mail("From: Ана <ана@пример.example>\n\nx".encode())
    assert (opened.sender_name, opened.sender_address) == ("Ана", "ана@пример.example")


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        (b"=?utf-8?b?RMOpY2xhcmF0aW9u?=", "Déclaration"),
        (b"=?utf-8?b?RMM=?= =?utf-8?b?qWNsYXJhdGlvbg==?=", "Déclaration"),
        (b"=?utf-8?q?D=C3?=\n =?utf-8?q?=A9claration?=", "Déclaration"),
        (b"=?utf-8?b?RMOpY2xhcmF0aW9u", "Déclaration"),
        (b"=?utf-8?b?RMOpY2xhcmF0aW9u=?=", "Déclaration"),
        (b"=?utf-8?q?D=C3=A9cla ration?=", "Décla ration"),
        (b"=?x-nonsense?q?abc?=", "abc"),
        (b"no =? word", "no =? word"),
    ],
)
def test_09_encoded_words_that_are_broken_or_split_amid_a_character(subject: bytes, read: str) -> None:
    assert open_mail(mail(b"x", b"Subject: " + subject)).subject == read


def test_10_an_encoded_word_forges_no_header() -> None:
    opened = open_mail(b"From: =?utf-8?q?Ana=0D=0ABcc=3A_all=40x.example?= <ana@x.example>\n\nx")
    assert opened.sender_name == "Ana Bcc: all@x.example"
    assert "\n" not in "".join(opened.headers["from"])


@pytest.mark.parametrize(
    ("value", "address", "doubted"),
    [
        (b"alice@x.example <bob@y.example>", "bob@y.example", True),
        (b'"alice@x.example" <bob@y.example>', "bob@y.example", True),
        (b"=?utf-8?q?alice=40x.example?= <bob@y.example>", "bob@y.example", True),
        (b"<a@x.example> <b@y.example>", "a@x.example", True),
        (b'"<a@x.example>" <b@y.example>', "b@y.example", True),
        (b"bob@y.example (Bob)", "bob@y.example", False),
        (b'"Bob, of the Ministry" <bob@y.example>', "bob@y.example", False),
        (b'"bob@y.example" <bob@y.example>', "bob@y.example", False),
    ],
)
def test_11_one_rule_for_the_sender_and_a_doubt_where_readings_differ(
    value: bytes, address: str, doubted: bool
) -> None:
    opened = open_mail(b"From: " + value + b"\n\nx")
    assert opened.sender_address == address
    assert bool(opened.problems) == doubted


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (b"Sender: bob@y.example", "bob@y.example"),
        (b"Return-Path: <bob@y.example>", "bob@y.example"),
        (b"From: Ana\nReply-To: bob@y.example", "bob@y.example"),
        (b"From: undisclosed-recipients:;", ""),
        (b"Subject: x", ""),
        (b"From: a@x.example\nFrom: b@y.example", "a@x.example"),
    ],
)
def test_12_no_sender_or_two_of_them_is_said(head: bytes, address: str) -> None:
    opened = open_mail(head + b"\n\nx")
    assert opened.sender_address == address
    assert [problem for problem in opened.problems if problem.source == "from"]


def test_13_of_two_subjects_and_types_the_first_counts_and_none_is_lost() -> None:
    opened = open_mail(
        mail(b"x", b"Subject: one", b"Subject: two", b"Content-Type: text/plain", b"Content-Type: text/html")
    )
    assert (opened.subject, opened.headers["subject"]) == ("one", ("one", "two"))
    assert opened.leaves[0].part.type == "text/plain"


def test_14_no_subject_date_or_message_id() -> None:
    opened = open_mail(mail(b"x"))
    assert (opened.subject, opened.date, opened.message_id, opened.received) == ("", None, None, None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"Mon, 06 Sep 2021 10:00:00 +0200", datetime(2021, 9, 6, 8, tzinfo=UTC)),
        (b"Mon, 06 Sep 2021 10:00:00.123 +0000 (Newfoundland Time)", datetime(2021, 9, 6, 10, tzinfo=UTC)),
        (b"2021-09-06T10:00:00+00:00", datetime(2021, 9, 6, 10, tzinfo=UTC)),
        (b"Mon, 06 Sep 99999 10:00:00 +0000", None),
        (b"Mon, 99 Foo 2021 99:99:99 +9999", None),
        (b"Fri, 31 Dec 9999 23:59:59 -2359", None),
        (b"whenever", None),
        (b"", None),
    ],
)
def test_15_a_date_is_an_instant_or_a_problem(value: bytes, read: datetime | None) -> None:
    opened = open_mail(mail(b"x", b"Date: " + value))
    assert opened.date == read
    assert ("not a date" in problems(mail(b"x", b"Date: " + value))) == (read is None and value != b"")


@pytest.mark.parametrize(
    ("declared", "data", "read"),
    [
        (
            b"gbk_charset",
            "尊敬的会议秘书处：现将我们的建议函告如下".encode("gbk"),
            "尊敬的会议秘书处：现将我们的建议函告如下",
        ),
        (b"utf-8\0", "Déclaration".encode(), "Déclaration"),
        (b"us-ascii", "Déclaration".encode(), "Déclaration"),
        (b"iso-8859-1", "Déclaration".encode(), "Déclaration"),
        (b"iso-8859-1", "“Déclaration”".encode("cp1252"), "“Déclaration”"),
        (b"gb2312", "昆明宣言镕".encode("gb18030"), "昆明宣言镕"),
        (b"ks_c_5601-1987", "쿤밍 선언 똠".encode("cp949"), "쿤밍 선언 똠"),
        (b"punycode", "Déclaration".encode(), "Déclaration"),
        (b"", "Уважаемые коллеги, направляем замечания".encode("koi8-r"), "Уважаемые коллеги, направляем замечания"),
        (b"", "السادة الأفاضل تحية طيبة وبعد نرسل لكم".encode("cp1256"), "السادة الأفاضل تحية طيبة وبعد نرسل لكم"),
    ],
)
def test_16_a_charset_that_is_unknown_lies_or_is_missing(declared: bytes, data: bytes, read: str) -> None:
    kind = b'Content-Type: text/plain; charset="' + declared + b'"' if declared else b"X-Mailer: old"
    assert words(open_mail(mail(data, kind))) == read


def test_16_a_guess_says_that_it_is_one() -> None:
    raw = mail("Уважаемые коллеги, направляем замечания".encode("cp1251"))
    assert problems(raw) == "declares no charset: cp1251 is a guess"


@pytest.mark.parametrize(
    ("declared", "codec"), [("iso-2022-jp", "iso2022_jp"), ("utf-7", "utf-7"), ("hz-gb-2312", "hz")]
)
def test_17_seven_bit_charsets_with_states(declared: str, codec: str) -> None:
    kind = b"Content-Type: text/plain; charset=" + declared.encode()
    assert words(open_mail(mail("昆明宣言".encode(codec), kind))) == "昆明宣言"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base-64", b"aGVsbG8="),
        (b"quoted_printable", b"hel=6Co"),
        (b"base64 ", b"aGVsbG8="),
        (b"8bits", b"hello"),
        (b"x", b"hello"),
    ],
)
def test_18_a_misspelt_transfer_encoding_is_understood(encoding: bytes, body: bytes) -> None:
    assert words(open_mail(mail(body, b"Content-Transfer-Encoding: " + encoding))) == "hello"


@pytest.mark.parametrize("body", [b"aGVsbG8", b"aGVs\n!bG8=", b"aGVsbG8=\n\n--\nfooter of a list", b"aGVsbA==\nbw=="])
def test_19_base64_with_bad_padding_junk_or_a_footer(body: bytes) -> None:
    assert words(open_mail(mail(body, b"Content-Transfer-Encoding: base64"))).startswith("hello")


@pytest.mark.parametrize(
    "raw",
    [
        mail(b"hello", b"Content-Type: multipart/mixed"),
        mail(b"hello", b"Content-Type: multipart/mixed; boundary=absent"),
        mail(b"--b\nContent-Type: text/plain\n\nhello", b"Content-Type: multipart/mixed; boundary=b"),
        mail(b"--other\nContent-Type: text/plain\n\nhello\n--other--\n", b"Content-Type: multipart/mixed; boundary=b"),
        mail(b"--other\nContent-Type: text/plain\n\nhello\n--other--\n", b"Content-Type: multipart/mixed"),
    ],
)
def test_20_a_boundary_that_is_missing_or_wrong_loses_no_text(raw: bytes) -> None:
    assert words(open_mail(raw)) == "hello"


def test_21_text_before_the_first_part_and_after_the_last_is_text() -> None:
    raw = mail(b"before\n--b\n\nhello\n--b--\nafter", b"Content-Type: multipart/mixed; boundary=b")
    assert words(open_mail(raw)) == "before\nhello\nafter"


def test_21_what_programs_write_there_is_not() -> None:
    raw = mail(
        b"This is a multi-part message in MIME format.\n--b\n\nhello\n--b--\n",
        b"Content-Type: multipart/mixed; boundary=b",
    )
    assert words(open_mail(raw)) == "hello"


def test_22_an_attached_mail_that_is_encoded_is_opened() -> None:
    raw = multi("mixed", attached(b"a.eml", FORWARDED, b"message/rfc822"))
    inside = open_mail(raw).inside[0]
    assert (inside.sender_address, words(inside)) == ("bo@env.gov.example", "PP1 is fine.")


def test_23_an_attached_mail_has_its_own_sender_and_files() -> None:
    inner = FROM.replace(b"Ana", b"Bo") + entity("mixed", text(b"See attached."), attached(b"a.doc", b"abc"))
    opened = open_mail(multi("mixed", text(b"FYI"), b"Content-Type: message/rfc822\n\n" + inner))
    assert (words(opened), words(opened.inside[0])) == ("FYI", "See attached.")
    assert [leaf.part.name for leaf in opened.inside[0].leaves] == ["body (2).txt", "a.doc"]
    assert opened.leaves[-2:] == opened.inside[0].leaves


def test_23_mails_within_mails_end_at_the_limit() -> None:
    deep = b"Content-Type: message/rfc822\n\n".join([FROM] * 30) + b"\nhello"
    opened = open_mail(deep, OpeningLimits(depth=4))
    assert any("deeper than 4" in problem.problem for problem in opened.problems)
    assert opened.leaves[-1].data == b"hello"


def test_24_thousands_of_parts_are_all_there() -> None:
    opened = open_mail(multi("mixed", *[text(b"%d" % number) for number in range(3000)]))
    assert len(opened.leaves) == 3000


def test_24_more_parts_than_the_limit_are_cut_off_aloud() -> None:
    opened = open_mail(multi("mixed", *[text(b"x")] * 50), OpeningLimits(count=20))
    assert len(opened.leaves) == 20
    assert [problem.problem for problem in opened.problems] == ["more than 20 pieces: what follows is not opened"]


@pytest.mark.parametrize("depth", [100, 1500])
def test_24_deep_nesting_ends_in_words_or_a_problem(depth: int) -> None:
    part = text(b"hello")
    for number in range(depth):
        part = entity("mixed", part, boundary=b"b%d" % number)
    opened = open_mail(FROM + part)
    assert "hello" in words(opened)
    assert depth < 1000 or opened.problems


def test_25_a_part_without_a_name_gets_one() -> None:
    raw = multi(
        "mixed", text(b"hi"), b"Content-Type: application/pdf\n\n%PDF-1.4", b"Content-Type: application/pdf\n\n%PDF-1.5"
    )
    assert [name for name, _ in fates(raw)] == ["body.txt", "part.pdf", "part (2).pdf"]


def test_26_the_same_name_twice_is_two_names_and_an_empty_file_is_empty() -> None:
    raw = multi("mixed", attached(b"a.doc", b"1"), attached(b"A.doc", b"2"), attached(b"b.doc", b""))
    assert fates(raw) == [("a.doc", "unreadable"), ("A (2).doc", "unreadable"), ("b.doc", "empty")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (b"../../etc/passwd", "passwd"),
        (rb"C:\\x\\a.doc", "a.doc"),
        (b"a\tb.doc", "a b.doc"),
        (b"..", "part.txt"),
        (b"a:b|c.doc", "a_b_c.doc"),
    ],
)
def test_27_a_file_name_leads_nowhere(name: bytes, safe: str) -> None:
    assert fates(multi("mixed", attached(name, b"abc")))[0][0] == safe


@pytest.mark.parametrize(
    "told",
    [
        'filename="é.doc"'.encode(),
        'filename="é.doc"'.encode("iso-8859-1"),
        b'filename="=?utf-8?b?w6kuZG9j?="',
        b"filename*=utf-8''%C3%A9.doc",
        b"filename*0*=utf-8''%C3; filename*1*=%A9.d; filename*2=oc",
    ],
)
def test_28_a_file_name_in_any_encoding(told: bytes) -> None:
    raw = mail(b"abc", b"Content-Type: application/msword", b"Content-Disposition: attachment; " + told)
    assert fates(raw)[0][0] == "é.doc"


def test_29_a_mail_that_is_only_a_file() -> None:
    archive = base64.encodebytes(zipped({"a.txt": b"hi"}))
    opened = open_mail(
        mail(archive, b"Content-Type: application/zip; name=a.zip", b"Content-Transfer-Encoding: base64")
    )
    assert [(leaf.part.name, leaf.data) for leaf in opened.leaves][1:] == [("a.txt", b"hi")]
    assert words(opened) == ""


@pytest.mark.parametrize("plain", [None, b"", b"\n \n", b"Your program shows no HTML."])
def test_30_only_html_or_an_empty_text_beside_it(plain: bytes | None) -> None:
    html = text(
        b"<p>We propose to delete the <b>first</b> and the second of the words in PP1, and all of PP2.</p>", b"html"
    )
    raw = multi("alternative", *([text(plain)] if plain is not None else []), html)
    assert words(open_mail(raw)) == "We propose to delete the first and the second of the words in PP1, and all of PP2."


@pytest.mark.parametrize("placed", [b"", b"Content-Disposition: inline\n"])
def test_31_a_named_text_that_is_all_there_is_is_the_comment(placed: bytes) -> None:
    named = b"Content-Type: text/plain; name=comments.txt\n" + placed + b"\nDelete PP1."
    assert words(open_mail(multi("mixed", named))) == "Delete PP1."
    assert fates(multi("mixed", text(b"See the file."), named))[1] == ("comments.txt", "unreadable")


def test_32_winmail_dat_holds_the_text_and_the_files() -> None:
    raw = multi(
        "mixed", attached(b"winmail.dat", tnef({0x1000: "Delete PP1."}, ("a.doc", b"abc\0")), b"application/ms-tnef")
    )
    opened = open_mail(raw)
    assert (words(opened), opened.leaves[-1].data, opened.leaves[-1].part.depth) == ("Delete PP1.", b"abc\0", 1)


def test_32_a_winmail_dat_that_is_cut_off_gives_what_it_has() -> None:
    whole = tnef({0x1000: "Delete PP1."}, ("a.doc", b"abc"), ("b.doc", bytes(100)))
    opened = open_mail(multi("mixed", attached(b"winmail.dat", whole[:-60], b"application/ms-tnef")))
    assert words(opened) == "Delete PP1."
    assert "cut off" in opened.problems[0].problem


def test_32_a_winmail_dat_that_claims_four_thousand_million_properties_is_read_at_once() -> None:
    bomb = (
        b"\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00\x0c\x00\x00\x00\xff\xff\xff\xff\x03\x10\x01\x00\xff\xff\xff\xff"
    )
    assert open_mail(bomb).problems


@pytest.mark.parametrize(
    "encoded",
    [
        b"begin 644 a.doc\n#86)C\n`\nend\n",
        b"begin 644 a.doc\n#86)C\n",
        b"begin-base64 644 a.doc\nYWJj\n====\n".replace(b"YWJj", base64.b64encode(b"abc")),
        b"=ybegin line=128 size=3 name=a.doc\n" + bytes((byte + 42) & 255 for byte in b"abc") + b"\n=yend size=3\n",
    ],
)
def test_33_files_in_a_text_are_files(encoded: bytes) -> None:
    opened = open_mail(mail(b"hello\n" + encoded + b"goodbye", b"Content-Type: text/plain; charset=iso-8859-1"))
    assert [(leaf.part.name, leaf.data) for leaf in opened.leaves][1:] == [("a.doc", b"abc")]
    assert words(opened).startswith("hello\n[a.doc]")
    assert b"end" not in encoded or words(opened).endswith("goodbye")


@pytest.mark.parametrize(
    "content", [text(b"Delete PP1."), entity("mixed", text(b"Delete PP1."), attached(b"a.doc", b"abc"))]
)
def test_34_the_content_of_opaque_signed_mail_is_the_mail(content: bytes) -> None:
    body = base64.encodebytes(signed(content))
    raw = mail(body, b"Content-Type: application/pkcs7-mime; name=smime.p7m", b"Content-Transfer-Encoding: base64")
    assert words(open_mail(raw)) == "Delete PP1."


def test_35_what_is_encrypted_is_named_as_unreadable() -> None:
    pgp = b"-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"
    raw = multi(
        "encrypted",
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1",
        b"Content-Type: application/octet-stream\n\n" + pgp,
    )
    assert fates(raw)[1][1] == "unreadable"
    assert "encrypted with PGP" in problems(raw)
    assert "encrypted with PGP" in problems(mail(b"see below\n" + pgp))


def test_36_a_signed_wrapper_is_the_mail_that_it_wraps() -> None:
    certified = entity("mixed", text(b"Certified."), b"Content-Type: message/rfc822\n\n" + FORWARDED)
    opened = open_mail(multi("signed", certified, attached(b"smime.p7s", b"0\x00", b"application/pkcs7-signature")))
    assert words(opened.inside[0]) == "PP1 is fine."
    assert fates(multi("signed", text(b"hi"), attached(b"smime.p7s", b"0\x00", b"application/pkcs7-signature")))[1] == (
        "smime.p7s",
        "ignored",
    )


def test_37_an_invitation_says_what_it_invites_to() -> None:
    ics = text(
        b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nSUMMARY:Meeting on PP1\nDESCRIPTION:Bring your\n  comments\nEND:VCALENDAR",
        b"calendar",
    )
    assert words(open_mail(multi("alternative", ics))) == "Meeting on PP1\nBring your comments"
    opened = open_mail(multi("alternative", text(b"Please come."), ics))
    assert (words(opened), opened.leaves[1].part.fate) == ("Please come.", "ignored")
    assert "Meeting on PP1" in opened.leaves[1].part.why


def test_38_a_bounce_keeps_what_the_server_says_and_the_mail_that_came_back() -> None:
    status = (
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bo\nAction: failed"
    )
    opened = open_mail(
        multi("report", text(b"Not delivered."), status, b"Content-Type: message/rfc822\n\n" + FORWARDED)
    )
    assert words(opened) == "Not delivered."
    assert b"Action: failed" in opened.leaves[1].data
    assert opened.inside[0].subject == "Comments"


def test_39_an_automatic_reply_keeps_its_headers() -> None:
    opened = open_mail(mail(b"I am away.", b"Auto-Submitted: auto-replied", b"X-Auto-Response-Suppress: All"))
    assert opened.headers["auto-submitted"] == ("auto-replied",)


def test_40_a_piece_of_a_cut_mail_says_so_and_is_text() -> None:
    raw = mail(b"Subject: Comments\n\nDelete PP1.", b'Content-Type: message/partial; id="a"; number=1; total=3')
    assert "piece 1 of 3" in problems(raw)
    assert words(open_mail(raw)) == "Delete PP1."


def test_40_a_body_that_stands_elsewhere_is_not_obtained() -> None:
    raw = multi(
        "mixed",
        b'Content-Type: message/external-body; access-type=URL; URL="https://x.example/a.doc"\n\n'
        b"Content-Type: application/msword; name=a.doc\n\n",
    )
    opened = open_mail(raw)
    assert fates(raw) == [("a.doc", "not-obtained")]
    assert "https://x.example/a.doc" in opened.leaves[0].part.why


def test_41_history_of_every_program_is_marked_and_none_is_cut() -> None:
    raw = mail(b"Delete PP1.\n\nOn Mon, Aug 30, 2021 Bo <bo@x.example> wrote:\n> Please comment.\n")
    opened = open_mail(raw)
    assert said(opened) == "Delete PP1."
    assert said(opened, "quoted") == "On Mon, Aug 30, 2021 Bo <bo@x.example> wrote:\n> Please comment."


def test_42_a_saved_outlook_message_is_a_mail_and_so_is_the_one_inside() -> None:
    properties: dict[int, str | bytes] = {
        0x0037: "Comments",
        0x1000: "Delete PP1.",
        0x0C1A: "Ana",
        0x5D01: "ana@x.example",
    }
    raw = msg(properties, ("a.doc", b"abc"), ("inner", item({0x0037: "Inner", 0x1000: "Keep PP2."})))
    opened = open_mail(raw)
    assert (opened.subject, opened.sender_address, words(opened)) == ("Comments", "ana@x.example", "Delete PP1.")
    assert [(inside.subject, words(inside)) for inside in opened.inside] == [("Inner", "Keep PP2.")]
    wrapped = open_mail(multi("mixed", text(b"FYI"), attached(b"saved.msg", raw)))
    assert [inside.subject for inside in wrapped.inside] == ["Comments"]


def test_42_strings_of_an_outlook_message_in_a_code_page() -> None:
    html = "<p>Удалить PP1.</p>".encode("cp1251")
    opened = open_mail(msg({0x0037: "Comments", 0x1013: html, 0x1000: ""}))
    assert "PP1" in words(opened)


def test_what_no_one_has_read_yet_says_so() -> None:
    part = open_mail(multi("mixed", attached(b"a.bin", b"\0\1\2"))).leaves[0].part
    assert (part.fate, part.why) == ("unreadable", UNREAD)
