"""The pages in a real browser: what a drafter finds, by mouse, by keyboard, on a phone; and what a mail cannot do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fixture_inbox import NOON, Inbox, added, change, claim, document, inbox, message, outcomes, remark, snapshot_of
from fixture_site import page, site

from api.mail_windows import SENTENCES
from api.templating import age, count, edges, heat, outcome_words, size, visible
from parsing.model import Problem, Unplaced

__all__ = ["inbox", "page", "site"]
PAGES = (
    "/",
    "/paragraphs",
    "/paragraphs/OP5",
    "/paragraphs/general",
    "/parties/NOR",
    "/parties/FJI",
    "/mails",
    "/review",
    "/review/all",
    "/corrections",
    "/entries/new",
    "/reviewer",
    "/docs",
    "/compilation",
    "/reminders",
)
EVIL = "</p><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def a_morning(inbox: Inbox) -> None:
    """An inbox with a bit of everything."""
    norway = [change("OP5", "effective systems", "effectively managed systems"), remark("OP1", "We welcome it.")]
    inbox.mail(
        message("NOR"), *norway, parts=(document("Norway.docx"), document("scan.pdf", "unreadable", "a picture"))
    )
    inbox.mail(message("CHE"), change("OP5", "effective systems", "effectively managed systems"))
    inbox.mail(message("PAK"), change("OP5", "effective systems", "systems"), added("OP5", "Strengthen cooperation."))
    inbox.mail(message("EGY"), remark("OP5", "نرحب بهذه الفقرة"), problems=(Problem("body", "odd"),))
    inbox.mail(message("MWI", group="African Group"), remark("general", "Be bold."))
    inbox.mail(message(observer="USA"), change("PP7", "traditional", "ancient"))
    inbox.mail(message("GBR", message_id="<1@x>"), change("OP9", "Increase", "Raise"))
    inbox.mail(
        message("GBR", flags=claim(replaces="all", why="supersedes")), remark("OP9", "Fine."), at=NOON + timedelta(1)
    )
    inbox.mail(message("KEN"), unplaced=(Unplaced("Mention UNEP.", "body", "names no paragraph"),))
    inbox.poll()


def test_a_partys_change_in_a_paragraph_is_two_clicks_away(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    page.get_by_role("row", name="Norway").get_by_role("link", name="Norway", exact=True).click()
    page.get_by_role("article").filter(has_text="effectively managed").get_by_role(
        "link", name="OP5", exact=True
    ).click()
    said = page.locator("#NOR")
    assert said.locator("ins").inner_text() == "effectively managed"
    assert said.locator("del").inner_text() == "effective"


def test_or_one_click_from_the_partys_row(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    page.get_by_role("row", name="Norway").get_by_role("link", name="OP5").click()
    page.wait_for_url("**/paragraphs/OP5#NOR")
    assert page.locator("#NOR").is_visible()


def test_a_paragraph_shows_who_agrees_and_what_collides(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site + "/paragraphs/OP5")
    passage = page.locator(".passage.collide")
    assert "Collide: one deletes what another changes" in passage.inner_text()
    assert passage.locator(".proposal").filter(has_text="2 agree").locator("p.who a").all_inner_texts() == [
        "Norway",
        "Switzerland",
    ]
    assert passage.locator("p.who").first.inner_text().startswith("2 agree")
    order = [text.split("\n")[0].strip() for text in page.locator("article.said h3").all_inner_texts()]
    assert order == ["Egypt", "Norway", "Pakistan", "Switzerland"]


def test_a_paragraph_is_read_as_one_party_would_have_it(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site + "/paragraphs/OP5")
    page.get_by_label("Read it as").select_option("NOR")
    page.get_by_text("As Norway would have it").wait_for()
    assert page.locator("blockquote ins").inner_text() == "effectively managed"
    page.get_by_label("without marks").check()
    page.wait_for_url("**clean=true")
    assert "establishing effectively managed systems" in page.locator("blockquote").inner_text()
    assert page.locator("blockquote :is(ins, del)").count() == 0


def test_a_touched_word_leads_to_the_proposals_for_it(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site + "/paragraphs/OP5")
    page.locator("blockquote").get_by_role("link", name="effective systems").click()
    assert page.locator(".passage:target").get_by_text("Collide").is_visible()


def test_drafters_mark_a_proposal_and_translate_a_comment(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site + "/paragraphs/OP5")
    norway = page.locator(".proposal").filter(has_text="2 agree")
    norway.get_by_text("Where").click()
    norway.get_by_label("In our next text").select_option("merged")
    norway.get_by_label("Note").fill("into the second line")
    norway.get_by_label("Your name").fill("A drafter")
    norway.get_by_role("button", name="Keep").click()
    page.locator(".disposition").get_by_text("into the second line").wait_for()
    assert {fact.disposition for fact in snapshot_of(inbox).edits if fact.edit.paragraph == "OP5"} == {"merged", None}
    egypt = page.locator(".beside-text").filter(has_text="Egypt")
    egypt.get_by_text("Translate").click()
    egypt.get_by_label("In English").fill("We welcome this paragraph.")
    egypt.get_by_role("button", name="Keep").last.click()
    page.locator(".translation").get_by_text("We welcome this paragraph.").wait_for()
    assert page.errors == []


def test_every_page_opens_without_an_error_or_anything_from_elsewhere(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in (*PAGES, "/groups/African%20Group", "/observers/USA", *(f"/mails/{n}" for n in inbox.ids.values())):
        answer = page.goto(site + path)
        assert answer.status == 200, path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "Last good poll 3 hours ago" in page.locator("footer").inner_text()
    assert page.errors == []
    assert all(url.startswith(site) for url in asked)


def test_an_empty_inbox_has_its_pages_too(site: str, page: Any) -> None:
    for path in PAGES:
        assert page.goto(site + path).status == 200, path
        assert "No mailbox has been polled yet" in page.locator("footer").inner_text()
    assert page.goto(site + "/parties/XXX").status == 404
    assert "No such Party, Group or observer: “XXX”" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [390, 768, 1024, 1280])
def test_no_page_is_wider_than_its_window(inbox: Inbox, site: str, page: Any, width: int) -> None:
    a_morning(inbox)
    long = "An annex of the comments of the Government, third revision (final).pdf"
    inbox.mail(message("PAK"), parts=(document(long, "unreadable", "a picture without text"),))
    page.set_viewport_size({"width": width, "height": 844})
    for path in (*PAGES, *(f"/mails/{n}" for n in inbox.ids.values())):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_party_is_found_by_the_keyboard_alone(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("norw")
    assert not page.get_by_role("row", name="Pakistan").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/parties/NOR")


def test_the_filter_finds_names_without_their_accents(site: str, page: Any) -> None:
    page.goto(site)
    page.get_by_role("searchbox").fill("turkiye")
    assert page.get_by_role("link", name="Türkiye").is_visible()
    page.get_by_role("searchbox").fill("atlantis")
    assert page.get_by_text("No Party has this name.").is_visible()


def test_what_a_mail_says_is_never_markup(inbox: Inbox, site: str, page: Any) -> None:
    evil = message("NOR", subject=EVIL, sender=EVIL, evidence=(EVIL,))
    lost, broken = Unplaced(EVIL, EVIL, EVIL), Problem(EVIL, EVIL)
    edits = [
        remark("OP5", EVIL, author=EVIL),
        change("OP5", "effective systems", EVIL, evidence=EVIL, needs_review=True),
    ]
    said = outcomes(EVIL, *((kind, EVIL, (0, 1), EVIL) for kind in ("edit", "unread", "courtesy", "quoted")))
    mail = inbox.mail(
        evil, *edits, parts=(document(EVIL),), unplaced=(lost,), problems=(broken,), body=EVIL, sentences=said
    )
    plain = inbox.mail(evil, body=EVIL)
    for path in (
        f"/mails/{mail}",
        f"/mails/{plain}",
        "/parties/NOR",
        "/paragraphs/OP5",
        "/review",
        "/review/all",
        "/mails",
        "/",
    ):
        page.goto(site + path)
        assert "owned" not in page.title()
        assert page.locator("img").count() == 0
    assert page.errors == []


def test_arabic_is_set_from_right_to_left(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site + "/parties/EGY")
    assert page.locator(".comment").evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_a_superseded_mail_is_visible_and_says_by_which(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site + "/parties/GBR")
    assert page.locator("li.superseded").count() == 1
    page.locator("li.superseded > a").click()
    assert "Superseded by mail" in page.locator(".banner").inner_text()


def test_a_mail_gives_its_original_as_a_download(inbox: Inbox, site: str, page: Any) -> None:
    mail = inbox.arrive("odd", raw=b"Subject: x\r\n\r\n<b>\xff")
    page.goto(f"{site}/mails/{mail}")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download the mail")).click()
    with open(download.value.path(), "rb") as file:  # noqa: PTH123 - a path of the browser's
        assert file.read() == b"Subject: x\r\n\r\n<b>\xff"


def a_mail_with_all_outcomes(inbox: Inbox) -> int:
    body = outcomes(
        "body.txt",
        ("courtesy", "Dear colleagues,\n\n", (), "a phrase of courtesy"),
        ("unread", "Mention the oceans. ", (), "names no paragraph"),
        ("edit", "In OP5, write “effectively managed systems”. ", (0,), "an instruction"),
        ("reason", "Only these work.\n", (0,), "a reason"),
        ("unread", "اذكروا المحيطات.\n", (), "no reader has taken it"),
        ("remark", "We welcome OP1.\n\n", (1,)),
        ("signature", "Kari Nordmann\n", (), "taken for signature"),
        ("quoted", "> Dear Parties, \u202etnemmoc\n", (), "taken for quoted"),
        ("quoted", "> " + "We ask for comments. " * 40, (), "taken for quoted"),
    )
    file = outcomes(
        "Norway.docx",
        ("place", "OP5\n", (), "a cell of a table"),
        ("official text", "Improve the effectiveness\n", (), "compared with the draft"),
        ("disclaimer", "Confidential", (), "taken for disclaimer"),
    )
    edit = change("OP5", "effective systems", "effectively managed systems", origin="instruction")
    edits = edit, remark("OP1", "We welcome OP1.")
    unplaced = Unplaced("Mention the oceans.", "body.txt", "names no paragraph")
    return inbox.mail(
        message("NOR"), *edits, parts=(document("Norway.docx"),), unplaced=(unplaced,), sentences=(*body, *file)
    )


def test_a_mails_page_shows_every_sentence_with_its_outcome(inbox: Inbox, site: str, page: Any) -> None:
    mail = a_mail_with_all_outcomes(inbox)
    page.goto(f"{site}/mails/{mail}")
    shown = page.locator(".s")
    outcomes = [text.split()[0] for text in shown.locator(".outcome").all_text_contents()]
    assert outcomes == ["courtesy", "unread", "edit", "reason", "unread", "remark", "signature", "quoted", "quoted",
                        "place", "official", "disclaimer"]  # fmt: skip
    assert shown.locator(".words").nth(1).text_content() == "Mention the oceans."
    assert page.locator(".part-text").count() == 2
    assert page.errors == []


def test_the_counts_of_outcomes_come_out(inbox: Inbox, site: str, page: Any) -> None:
    page.goto(f"{site}/mails/{a_mail_with_all_outcomes(inbox)}")
    total, *counts = page.locator(".legend.sum li").all_inner_texts()
    assert counts[:2] == ["1 edit", "2 unread"]
    assert int(total.split()[0]) == sum(int(text.split()[0]) for text in counts) == page.locator(".s").count()


def test_what_is_unread_stands_out_and_leads_to_the_next(inbox: Inbox, site: str, page: Any) -> None:
    page.goto(f"{site}/mails/{a_mail_with_all_outcomes(inbox)}")
    page.get_by_role("link", name="2 sentences are unread").click()
    page.wait_for_url("**#s1")
    assert "names no paragraph" in page.locator("#s1").inner_text()
    page.get_by_role("link", name="Next unread sentence").click()
    page.wait_for_url("**#s4")
    assert page.locator("#s4 .words").evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_an_edit_leads_to_its_sentence_and_back(inbox: Inbox, site: str, page: Any) -> None:
    page.goto(f"{site}/mails/{a_mail_with_all_outcomes(inbox)}")
    page.locator("#s2").get_by_role("link", name="OP5").click()
    edit = page.locator("article.said:target")
    assert "effectively managed" in edit.inner_text()
    edit.get_by_role("link", name="1", exact=True).click()
    page.wait_for_url("**#s2")


def test_the_reason_of_what_was_set_aside_shows_on_hover_on_focus_and_on_demand(
    inbox: Inbox, site: str, page: Any
) -> None:
    page.goto(f"{site}/mails/{a_mail_with_all_outcomes(inbox)}")
    why = page.locator("#s6 .why")
    seen = "node => getComputedStyle(node).opacity"
    assert why.evaluate(seen) == "0"
    page.locator("#s6").hover()
    assert why.evaluate(seen) == "1"
    page.mouse.move(0, 0)
    page.locator("#s5").focus()
    page.keyboard.press("ArrowDown")
    assert why.evaluate(seen) == "1"
    page.keyboard.press("ArrowUp")
    assert why.evaluate(seen) == "0"
    page.get_by_label("Show every reason").check()
    assert why.evaluate(seen) == "1"


def test_long_quoted_history_is_folded_and_opened_by_a_link_into_it(inbox: Inbox, site: str, page: Any) -> None:
    mail = a_mail_with_all_outcomes(inbox)
    page.goto(f"{site}/mails/{mail}")
    assert not page.locator("#s8").is_visible()
    page.get_by_text("Quoted: 2 sentences").click()
    assert page.locator("#s8").is_visible()
    page.goto(f"{site}/mails")
    page.goto(f"{site}/mails/{mail}#s7")
    assert page.locator("#s7").is_visible()


def test_controls_of_direction_are_shown_and_not_obeyed(inbox: Inbox, site: str, page: Any) -> None:
    page.goto(f"{site}/mails/{a_mail_with_all_outcomes(inbox)}")
    assert page.locator("#s7 .words").text_content() == "> Dear Parties, U+202Etnemmoc"
    assert page.locator("#s7 .control").get_attribute("title") == "right-to-left override"


def test_few_sentences_are_stops_of_the_keyboard(inbox: Inbox, site: str, page: Any) -> None:
    said = outcomes("body.txt", *(("courtesy", "Thank you. ") for _ in range(5000)), ("unread", "Delete it."))
    mail = inbox.mail(message("NOR"), sentences=said)
    page.goto(f"{site}/mails/{mail}")
    assert page.locator(".s").count() == SENTENCES
    assert page.locator(".s[tabindex='0']").count() == 1
    page.locator("#s0").focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.id") == f"s{SENTENCES - 1}"


def test_a_mails_text_is_whole_without_scripts(inbox: Inbox, site: str, chromium: Any) -> None:
    mail = a_mail_with_all_outcomes(inbox)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/mails/{mail}")
    page.get_by_label("Show every reason").check()
    assert page.get_by_text("taken for signature").is_visible()
    context.close()


CONTROL = '<span class="control" title="{}">U+{}</span>'
LOOKS = [
    (age, (timedelta(seconds=20),), "just now"),
    (age, (timedelta(minutes=1),), "1 minute ago"),
    (age, (timedelta(hours=47),), "47 hours ago"),
    (age, (timedelta(days=3),), "3 days ago"),
    (count, (1, "Party", "Parties"), "1 Party"),
    (count, (1200, "mail"), "1,200 mails"),
    (size, (999,), "999 B"),
    (size, (60_000_000,), "60.0 MB"),
    (heat, (0,), 0),
    (heat, (9,), 5),
    (edges, (" on land",), (" ", "on land", "")),
    (edges, ("  ",), ("", "  ", "")),
    (visible, ("a < b\tc\n",), "a &lt; b\tc\n"),
    (
        visible,
        ("\u202eab\u2066",),
        f"{CONTROL.format('right-to-left override', '202E')}ab{CONTROL.format('left-to-right isolate', '2066')}",
    ),
    (visible, ("\x1b",), CONTROL.format("control character", "001B")),
    (visible, ("می\u200cخواهیم\u200f",), "می\u200cخواهیم\u200f"),
    (outcome_words, ("courtesy", 2), "courtesies"),
]


@pytest.mark.parametrize(("look", "values", "shown"), LOOKS)
def test_values_look_so(look: Any, values: tuple[Any, ...], shown: Any) -> None:
    assert look(*values) == shown
