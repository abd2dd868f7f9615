"""Files that came as links, also behind the links of filters."""

from urllib.parse import quote

import pytest

from parsing.mail.links import links_in
from parsing.mail.wrapped_links import unwrapped

SAFE = "https://eur02.safelinks.protection.outlook.com/?url={}&data=05"
SHARE = "https://kld.sharepoint.com/:w:/r/sites/n/Shared%20Documents/Comments%20of%20Norway.docx?d=w1"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://x.example/a", "https://x.example/a"),
        (SAFE.format("https%3A%2F%2Fx.example%2Fa%20b.docx"), "https://x.example/a b.docx"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__x.example_a-2520b.docx&d=DwMF&c=1", "https://x.example/a%20b.docx"),
        ("https://urldefense.com/v3/__https://x.example/a.docx__;!!abc!xyz$", "https://x.example/a.docx"),
        ("https://urldefense.com/v3/__https://x.example/a*b.docx__;Iw!!abc!xyz$", "https://x.example/a#b.docx"),
        ("https://urldefense.us/v3/__https://x.example/:w:/s/a**A__;Ky0!!a!b$", "https://x.example/:w:/s/a+-"),
        ("https://protect-eu.mimecast.com/s/AbC1?domain=we.tl", "https://we.tl/"),
        ("https://secure-web.cisco.com/1AbC/https%3A%2F%2Fwe.tl%2Ft-1", "https://we.tl/t-1"),
        ("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwe.tl%2ft-1&c=E,1", "https://we.tl/t-1"),
        ("https://www.google.com/url?q=https://we.tl/t-1", "https://we.tl/t-1"),
        ("https://url.avanan.click/v2/___https://we.tl/t-1___.YXA", "https://we.tl/t-1___.YXA"),
        (SAFE.format("https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fwe.tl%2Ft-1__%3B!!a!b%24"), "https://we.tl/t-1"),
        ("https://[broken", "https://[broken"),
    ],
)  # fmt: skip
def test_the_links_of_filters_are_unwrapped(url: str, target: str) -> None:
    assert unwrapped(url).url == target


@pytest.mark.parametrize(
    ("own", "names"),
    [
        (f"Our comments: {SHARE}", ["Comments of Norway.docx"]),
        (f"Our comments:\n<{SAFE.format(quote(SHARE, safe=''))}>", ["Comments of Norway.docx"]),
        ("https://cloud.umwelt.example/index.php/s/AbCdEfGh12345", ["link to cloud.umwelt.example"]),
        ("https://nextcloud.moe.example/s/9fLk3mNopQrStUv", ["link to nextcloud.moe.example"]),
        ("https://seafile.example/f/0a1b2c3d4e5f60718293/", ["link to seafile.example"]),
        ("https://filesender.renater.fr/?s=download&token=1", ["link to filesender.renater.fr"]),
        ("https://web.tresorit.com/l/AbC#x", ["link to web.tresorit.com"]),
        ("Our comments are under this link: https://eu.mimecast.com/s/AbC1", ["link to eu.mimecast.com"]),
        ("Observations disponibles sous ce lien : https://t.gouv.example/x9", ["link to t.gouv.example"]),
        ("Los comentarios pueden descargarse en https://archivos.gob.example/c.pdf", ["c.pdf"]),
        ("Замечания доступны по ссылке https://mnr.example/f/12", ["link to mnr.example"]),
        ("意见请从以下链接下载：https://pan.mee.example/x/1", ["link to pan.mee.example"]),
        ("تجدون الملاحظات على الرابط https://moe.example/f/1", ["link to moe.example"]),
        ("Våre kommentarer kan lastes ned her: https://files.kld.example/dl/12", ["link to files.kld.example"]),
        ("Unsere Kommentare finden Sie unter folgendem Link: https://x.bund.example/1", ["link to x.bund.example"]),
        ("Észrevételeink letölthetők: https://agrar.gov.example/d/1", ["link to agrar.gov.example"]),
        ("コメントは以下のリンクからダウンロードできます：https://env.go.example/a/1", ["link to env.go.example"]),
        ("https://protect-eu.mimecast.com/s/AbC1 is our site", []),
        ("www https://www.kld.example and https://www.kld.example/en/about", []),
        ("As decision https://www.cbd.int/doc/decisions/cop-14/34.pdf has it", []),
    ],
)  # fmt: skip
def test_what_leads_to_a_file_is_a_piece_of_the_mail(own: str, names: list[str]) -> None:
    assert [link.name for link in links_in(own, [])] == names


def test_a_link_behind_words_is_named_by_its_file_or_by_the_words() -> None:
    html = f'<a href="{SHARE}">our comments</a> <a href="https://we.tl/t-1">Comments (PDF)</a> <a href="https://we.tl/2">x</a>'
    assert [link.name for link in links_in("See our comments and Comments (PDF).", [html])] == [
        "Comments of Norway.docx",
        "Comments (PDF)",
    ]
