"""Whether a mail comes from where it says: a believed server's verdicts, signatures, and what does not fit."""

from datetime import date

import pytest

from parsing.model import Consultation, Draft, FocalPoint, MarkedText, OpenMail
from parsing.who.authenticity import authenticate, is_aligned
from store.register import load

DRAFT = Draft("d", "", "", "en", date(2021, 9, 6), "cop15hls-outcome@mee.gov.cn", "secretariat@cbd.int", ())
BELIEVED = Consultation(
    DRAFT, load(), (FocalPoint("x@environment-agency.example", "X", "HND"),), authserv_id="mx1.mee.gov.cn"
)
RECORD = (
    "v=DKIM1; k=rsa; p="
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDSMt085kNnmNBwTnLeHKZAQ12mAA3+RwxAVvZcp0FiVh+bON2/etlRB5WmUSTA"
    "bsKGZz2uj4++t9SNMc0C5wWgv8eu12iH0sWQez3pFLx4zv2qAhSIrjYpKvJhKkSE5oh6JLbXMVt2nJ7QwAE7OUUjSyMWP+incA5P"
    "4vN3u32a6QIDAQAB"
)
MAIL = b"From: A <a@env.gov.bt>\r\nTo: b@mee.gov.cn\r\nSubject: Comments\r\n\r\nBhutan proposes this.\r\n"


SIGNED = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=env.gov.bt;\r\n"
    b" i=@env.gov.bt; q=dns/txt; s=sel; t=1630500000; h=from : to : subject :\r\n"
    b" from; bh=3tSx8V9OB09IL2Rk3TB9yy9EfO406rD6THUTyM6VDwU=;\r\n"
    b" b=GPE/g+MWXu6UdO6xUZcpxE34oj9OONqEpYMxbW/X/6LBPLKux1nQPY+7WvOsP8bAITcHc\r\n"
    b" 3yzXpX1hhMuXboV6Dtv3xLC6QzSXOkq1W4rgEU8QCyVZD6QJBt8ynUm313I+Oa1Uoe4IN5v\r\n"
    b" gyymjJrNuq2Yu0/ETnvD3HQ8a6gU6lo=\r\n"
) + MAIL
BY_ANOTHER = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=evil.example;\r\n"
    b" i=@evil.example; q=dns/txt; s=sel; t=1630500000; h=from : to : subject\r\n"
    b" : from; bh=3tSx8V9OB09IL2Rk3TB9yy9EfO406rD6THUTyM6VDwU=;\r\n"
    b" b=b+wYw/p6/65FR8EoI9qF7b3hzuGcptL2v5BVIkAuE12Q70Wgrs9+IeJK4vFzHKkfKYHVd\r\n"
    b" Xx9vCLfpkNmu8p8ZGGL/oeXK7TTjDRl1pE2cSDPrzPs/1LEwCzCcijBoaLZNoDNVK76Ei5v\r\n"
    b" CZ0Q24VkyrM6jKjeZjx+kLwwCQWYROw=\r\n"
) + MAIL


def mail(sender: str, *results: str, name: str = "", **headers: str) -> OpenMail:
    values: dict[str, tuple[str, ...]] = {key.replace("_", "-"): (value,) for key, value in headers.items()}
    if results:
        values["authentication-results"] = results
    return OpenMail(values, None, name, sender, "", None, None, MarkedText("text"), "body.txt")


def verdict(opened: OpenMail, consultation: Consultation = BELIEVED) -> str:
    return authenticate(opened, consultation).verdict


RESULTS = [
    (("mx1.mee.gov.cn; dmarc=pass header.from=defra.gov.uk",), "verified"),
    (("mx1.mee.gov.cn; spf=pass smtp.mailfrom=x@defra.gov.uk; dkim=none",), "verified"),
    (("mx1.mee.gov.cn; dkim=pass header.d=defra.gov.uk",), "verified"),
    (("MX1.MEE.GOV.CN; dkim=pass header.d=gov.uk.evil.example",), "unverified"),
    (("mx1.mee.gov.cn; spf=pass smtp.mailfrom=x@evil.example",), "unverified"),
    (("mx1.mee.gov.cn; dmarc=fail header.from=defra.gov.uk; spf=pass smtp.mailfrom=x@defra.gov.uk",), "mismatch"),
    (("mx1.mee.gov.cn; spf=fail smtp.mailfrom=x@defra.gov.uk",), "mismatch"),
    (("mx1.mee.gov.cn; spf=fail smtp.mailfrom=x@relay.example; dkim=pass header.d=defra.gov.uk",), "verified"),
    (("mx1.mee.gov.cn; none",), "unverified"),
    (("evil.example; dmarc=pass header.from=defra.gov.uk",), "unverified"),
    (("mx1.mee.gov.cn; spf=none", "mx1.mee.gov.cn; dmarc=pass header.from=defra.gov.uk"), "unverified"),
    (("evil.example; dmarc=fail", "mx1.mee.gov.cn; dmarc=pass header.from=defra.gov.uk"), "verified"),
    (("not a header at all",), "unverified"),
    ((), "unverified"),
]


@pytest.mark.parametrize(("results", "expected"), RESULTS)
def test_only_the_believed_server_s_topmost_verdict_counts(results: tuple[str, ...], expected: str) -> None:
    assert verdict(mail("x@defra.gov.uk", *results)) == expected


def test_without_a_believed_server_nothing_is_believed() -> None:
    opened = mail("x@defra.gov.uk", "mx1.mee.gov.cn; dmarc=pass header.from=defra.gov.uk")
    assert verdict(opened, Consultation(DRAFT, load())) == "unverified"


FITTING = [
    mail("x@env.gov.bt", return_path="<bounce@nec.gov.bt>"),
    mail("x@env.gov.bt", return_path="<>"),
    mail("x@env.gov.bt", return_path="<SRS0=abc=x=env.gov.bt=x@relay.example>"),
    mail("x@env.gov.bt", return_path="<bounces+x=env.gov.bt@lists.example>"),
    mail("x@env.gov.bt", reply_to="dg@nec.gov.bt"),
    mail("x@moe.gov.fj", reply_to="x@environment.com.fj"),
    mail("a@gmail.com"),
    mail("x@naturvardsverket.se"),
    mail("x@environment-agency.example"),
    mail("x@go-green.example"),
    mail("x@moec.gov.bt", name="x@moec.gov.bt"),
    mail("x@mee.gov.cn"),
    mail("x@cbd.int"),
]
MISMATCHES = [
    (mail("x@env.gov.bt", return_path="<x@evil.example>"), "envelope"),
    (mail("x@env.gov.bt", reply_to="minister.bt@gmail.com"), "elsewhere"),
    (mail("x@gmail.com", name="Minister <minister@env.gov.bt>"), "another address"),
    (mail("x@gov.bt.evil.example"), "looks like one"),
    (mail("x@environment-gov-ke.example"), "looks like one"),
    (mail("x@gov-ke.example"), "looks like one"),
    (mail("x@defra-gov.uk"), "looks like one"),
    (mail("x@env.g0v.bt"), "looks like env.gov.bt"),
    (mail("x@nес.gov.bt"), "letters that look like others"),
    (mail("x@xn--mee-5cd.gov.cn"), "letters that look like others"),
    (mail("x@environment-agencv.example"), "one letter away"),
    (mail("x@enviroment-agency.example"), "one letter away"),
]


@pytest.mark.parametrize("opened", FITTING)
def test_what_fits_gives_no_doubt(opened: OpenMail) -> None:
    assert authenticate(opened, BELIEVED).doubts == ()


@pytest.mark.parametrize(("opened", "words"), MISMATCHES)
def test_what_does_not_fit_is_a_doubt_in_a_sentence(opened: OpenMail, words: str) -> None:
    found = authenticate(opened, BELIEVED)
    assert found.verdict == "mismatch"
    assert words in " ".join(found.doubts)


@pytest.mark.parametrize(
    ("domain", "host", "aligned"),
    [
        ("gov.uk", "defra.gov.uk", False),
        ("defra.gov.uk", "mail.defra.gov.uk", True),
        ("fcdo.gov.uk", "defra.gov.uk", False),
        ("state.gov", "mail.state.gov", True),
        ("nec.gov.bt", "env.gov.bt", False),
        ("ec.europa.eu", "europa.eu", True),
        ("", "", False),
    ],
)
def test_alignment_is_of_one_organization(domain: str, host: str, aligned: bool) -> None:
    assert is_aligned(domain, host) is aligned


def test_a_signature_is_checked_here_where_keys_can_be_had() -> None:
    asked: list[str] = []

    def lookup(name: str) -> str | None:
        asked.append(name)
        return RECORD

    found = authenticate(mail("a@env.gov.bt"), BELIEVED, SIGNED, lookup)
    assert (found.verdict, asked) == ("verified", ["sel._domainkey.env.gov.bt"])


def test_a_changed_mail_or_another_s_signature_verifies_nothing() -> None:
    changed = SIGNED.replace(b"Bhutan proposes", b"Bhutan opposes ")
    assert authenticate(mail("a@env.gov.bt"), BELIEVED, changed, lambda _: RECORD).verdict == "unverified"
    assert authenticate(mail("a@env.gov.bt"), BELIEVED, BY_ANOTHER, lambda _: RECORD).verdict == "unverified"


@pytest.mark.parametrize("record", [None, "", "v=DKIM1; p=", "v=DKIM1; k=rsa; p=AAAA", "nonsense"])
def test_a_key_that_cannot_be_had_or_used_verifies_nothing(record: str | None) -> None:
    assert authenticate(mail("a@env.gov.bt"), BELIEVED, SIGNED, lambda _: record).verdict == "unverified"


@pytest.mark.parametrize("raw", [b"", b"DKIM-Signature: v=1; a=rsa\r\n\r\nx", b"\xff\x00", b"DKIM-Signature: \r\n\r\n"])
def test_a_broken_signature_is_no_error(raw: bytes) -> None:
    assert authenticate(mail("a@env.gov.bt"), BELIEVED, raw, lambda _: RECORD).verdict == "unverified"
