"""What a mail, a server, a name or an address can put on a page, in a real browser: it is shown, and nothing more."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from accounts import PASSWORD, add, logged_in
from fixture_chromium import QUIET, chromium_program, served
from fixture_inbox import NOW, Inbox, change, claim, document, inbox, message, outcomes, remark
from fixture_site import page, site, watched

from api.app import create_app
from consultation.kept import VirusScan
from parsing.model import FocalPoint, Problem, Unplaced
from settings import Settings
from store import polls
from store.audit import keep_audit
from store.viruses import keep_scan
from store.writes import keep_directory

__all__ = ["inbox", "page", "site"]
OWNED = "document.title='owned';window.owned=1"
PAYLOADS = {
    "script": f"<script>{OWNED}</script>",
    "script closes another": f"</script><script>{OWNED}</script>",
    "image": f'<img src=x onerror="{OWNED}">',
    "vector image": f'<svg onload="{OWNED}"><animate onbegin="{OWNED}" attributeName=x></svg>',
    "end of an attribute": f'" onmouseover="{OWNED}" autofocus onfocus="{OWNED}" x="',
    "end of an attribute, other quotes": f"' onmouseover='{OWNED}' autofocus onfocus='{OWNED}' x='",
    "frame": f'<iframe srcdoc="<script>parent.{OWNED}</script>"></iframe><iframe src="javascript:{OWNED}"></iframe>',
    "base": '<base href="http://127.0.0.1:9/">',
    "refresh": '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    "style": "<style>*{display:none}</style><link rel=stylesheet href=http://127.0.0.1:9/x.css>",
    "form": '<form action="http://127.0.0.1:9/"><input name=password autofocus><button>Log in</button></form>',
    "details": f'<details open ontoggle="{OWNED}">x</details>',
    "template": "{{ 7411 * 9473 * 8089 }} {% for x in range(9) %}y{% endfor %} ${7411*9473*8089} #{7411*9473*8089}",
    "comment": "<!-- <p> --> <![CDATA[ x ]]>",
    "text area": f"</textarea></title></style></noscript><script>{OWNED}</script>",
    "object": f'<object data="javascript:{OWNED}"></object><embed src="javascript:{OWNED}">',
    "mathematics": f'<math><mtext><table><mglyph><style><img src=x onerror="{OWNED}"></style></mglyph></table></math>',
    "address": f"javascript:{OWNED}",
    "data address": f"data:text/html,<script>{OWNED}</script>",
    "controls": "a\u202eb\u2066c\x1b[31md\x00e\x07",
    "lines": "a\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "half a character": "\ud83d",
    "formula": '=HYPERLINK("http://127.0.0.1:9/"&A1;"click")',
}
EVIL = "\n".join(text.encode("utf-8", "replace").decode() for text in PAYLOADS.values())
EVIL = EVIL.replace("\x00", "")
"""No store takes a NUL, and no text has half a character."""
OURS = "script[src$='/static/kunming.js']"
ALIEN = (
    "img", "iframe", "base", "object", "embed", "style", "math", "animate", "meta[http-equiv]",
    "form[action*='127.0.0.1:9']",
    "link:not([href*='/static/'])", f"script:not({OURS})", "[onmouseover]", "[onerror]", "[onfocus]", "[onload]",
    "[ontoggle]", "[href^='javascript']", "[href^='data']", "[src^='data']",
)  # fmt: skip


def hostile_mails(inbox: Inbox) -> int:
    """The id of a mail with everything in every field that a mail can set; others beside it."""
    flags = replace(claim(replaces="all", why=EVIL), doubts=(EVIL,), marks=(EVIL,), unproven=EVIL)
    named = {"subject": EVIL, "sender": EVIL, "message_id": EVIL, "evidence": (EVIL,)}
    who = message("NOR", flags=flags, needs_review=True, **named)
    edits = [
        remark("OP5", EVIL, author=EVIL, evidence=EVIL, sources=(EVIL,)),
        remark("general", EVIL, needs_review=True),
        change("OP5", "effective systems", EVIL, evidence=EVIL, needs_review=True, comment=EVIL),
    ]
    kinds = ("edit", "unread", "courtesy", "quoted", "signature", "disclaimer", "remark", "reason", "place")
    said = outcomes(EVIL, *((kind, EVIL, (0, 1), EVIL) for kind in kinds))
    part = replace(document(EVIL, "unreadable", EVIL), type=EVIL[:300])
    mail = inbox.mail(
        who, *edits, parts=(part, document("a.docx")), unplaced=(Unplaced(EVIL, EVIL, EVIL),),
        problems=(Problem(EVIL, EVIL),), body=EVIL, sentences=said,
    )  # fmt: skip
    inbox.mail(message(observer=EVIL[:150], subject=EVIL), remark("OP1", EVIL), body=EVIL)
    crashed = inbox.mail(message("FJI", subject=EVIL), body=EVIL)
    with inbox.sessions.begin() as session:
        keep_scan(session, mail, part.sha256, VirusScan("infected", EVIL, NOW))
        keep_scan(session, mail, document("a.docx").sha256, VirusScan("failed", EVIL, NOW))
        keep_directory(session, [FocalPoint(EVIL[:200], EVIL, "LAO", EVIL)])
        poll = polls.start_poll(session, EVIL[:50], "nightly", NOW)
        polls.end_poll(session, poll, "failed", EVIL, NOW)
        keep_audit(session, NOW, EVIL, "log-in refused", EVIL, EVIL)
    assert crashed
    return mail


PAGES = [
    "/", "/mails", "/mails/1", "/mails/2", "/mails/3", "/parties/NOR", "/parties/FJI", "/paragraphs", "/paragraphs/OP5",
    "/paragraphs/OP1", "/paragraphs/general", "/reminders", "/review", "/review/all", "/review?kind=edit",
    "/corrections", "/entries/new", "/docs", "/audit", "/account", "/reviewer",
]  # fmt: skip


def check(page: Any, where: str) -> None:
    """Nothing of what a mail says has become a part of the page."""
    assert page.title() != "owned", where
    assert page.evaluate("window.owned") is None, where
    for alien in ALIEN:
        assert page.locator(alien).count() == 0, (where, alien)
    assert str(7411 * 9473 * 8089) not in page.content(), where
    assert [said for said in page.errors if "Content Security Policy" in said or "owned" in said] == [], where


@pytest.mark.parametrize("path", PAGES)
def test_what_a_mail_says_is_shown_and_nothing_more(inbox: Inbox, site: str, page: Any, path: str) -> None:
    hostile_mails(inbox)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: page.errors.append(f"owned by {dialog.message}"))
    answer = page.goto(site + path)
    assert answer.status == 200
    for details in page.locator("details").all():
        details.evaluate("node => node.open = true")
    check(page, path)
    assert [url for url in asked if not url.startswith(site)] == []


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_what_an_address_says_is_shown_and_nothing_more(site: str, page: Any, payload: str) -> None:
    said = quote(payload.encode("utf-8", "replace"), safe="")
    for path in (f"/parties/{said}", f"/groups/{said}", f"/paragraphs/{said}", f"/{said}", f"/review?item={said}",
                 f"/entries/new?speaker={said}&source={said}&paragraph={said}", f"/login?back={said}",
                 f"/reviewer?back={said}"):  # fmt: skip
        page.goto(site + path)
        check(page, path)


def test_a_persons_words_are_shown_and_nothing_more(inbox: Inbox, site: str, page: Any) -> None:
    mail = inbox.mail(message("NER"), remark("OP1", "Good."))
    said = {"kind": "party", "target": {"mail": mail}, "value": {"party": "NOR"}, "by": EVIL[:150], "why": EVIL}
    answer = page.request.post(f"{site}/api/v1/corrections", data=said)
    assert answer.status == 201
    for path in (f"/mails/{mail}", "/corrections", "/parties/NOR", "/audit"):
        page.goto(site + path)
        check(page, path)


# --- other sites in the same browser ------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[Any]:
    """Another site on this machine, which serves the page that a test gives it."""

    class TrapHandler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = server.page.encode()  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TrapHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def visit(page: Any, elsewhere: Any, html: str) -> None:
    elsewhere.page = html
    page.goto(f"http://localhost:{elsewhere.server_address[1]}/")


def kept(page: Any, site: str) -> int:
    return len(page.request.get(f"{site}/api/v1/corrections").json())


SENDS = {
    "a form": '<form id=f method=post action="{site}/mails/1/correct"><input name=what value=confirm>'
    "<input name=by value=evil></form>",
    "a form as text": '<form id=f method=post enctype=text/plain action="{site}/api/v1/corrections">'
    """<input name='{{"kind":"confirm","target":{{"mail":1}},"by":"evil","why":"' value='"}}'></form>""",
    "a form with files": '<form id=f method=post enctype=multipart/form-data action="{site}/api/v1/corrections">'
    "</form>",
}
FETCHES = {
    "JSON": '{headers: {"Content-Type": "application/json"}, mode: "cors"}',
    "JSON without asking": '{headers: {"Content-Type": "text/plain"}, mode: "no-cors"}',
    "with cookies": '{headers: {"Content-Type": "application/json"}, credentials: "include"}',
}


@pytest.mark.parametrize("form", SENDS.values(), ids=SENDS.keys())
def test_a_form_of_another_site_changes_nothing(inbox: Inbox, site: str, page: Any, elsewhere: Any, form: str) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    visit(page, elsewhere, form.format(site=site))
    with page.expect_navigation():
        page.evaluate("document.getElementById('f').submit()")
    assert kept(page, site) == 0


@pytest.mark.parametrize("how", FETCHES.values(), ids=FETCHES.keys())
def test_a_script_of_another_site_changes_and_reads_nothing(
    inbox: Inbox, site: str, page: Any, elsewhere: Any, how: str
) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    visit(page, elsewhere, "<p>")
    body = '{"kind": "confirm", "target": {"mail": 1}, "by": "evil"}'
    sent = f"fetch('{site}/api/v1/corrections', {{...{how}, method: 'POST', body: '{body}'}}).then(() => 1, () => 0)"
    page.evaluate(sent)
    read = page.evaluate(f"fetch('{site}/api/v1/mails/1/raw').then(answer => answer.text(), () => 'refused')")
    assert (read, kept(page, site)) == ("refused", 0)


def test_another_site_cannot_frame_a_page(site: str, page: Any, elsewhere: Any) -> None:
    visit(page, elsewhere, f'<iframe src="{site}/mails"></iframe>')
    page.wait_for_timeout(500)
    assert any("frame" in said for said in page.errors)
    assert page.frames[1].url.startswith("chrome-error:")


def test_a_name_that_is_led_here_shows_nothing(site: str, chromium: Any) -> None:
    """DNS rebinding: the browser takes 127.0.0.1 for a name of another site."""
    rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    browser = chromium.browser_type.launch(executable_path=chromium_program(), args=[*QUIET, rules])
    page = watched(browser.new_context())
    answer = page.goto(f"http://evil.example:{urlsplit(site).port}/api/v1/status")
    assert answer.status == 400
    assert "parties" not in page.content()
    browser.close()


def test_nothing_inline_is_run(site: str, page: Any) -> None:
    page.goto(site)
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.owned = 1'; document.body.append(s);"
        "document.body.setAttribute('onclick', 'window.owned = 1'); document.body.click()"
    )
    assert page.evaluate("window.owned") is None
    assert any("Content Security Policy" in said for said in page.errors)


def test_a_log_in_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    inbox: Inbox, chromium: Any, elsewhere: Any
) -> None:
    add(inbox, "ann")
    with served(create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)) as address:
        context = chromium.new_context()
        page = watched(context)
        page.goto(f"{address}/mails")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{address}/mails")
        assert page.evaluate("document.cookie") == ""
        elsewhere.page = (
            f'<img src="{address}/mails"><script>fetch("{address}/mails", {{credentials: "include"}})</script>'
        )
        cookies: list[str | None] = []
        page.on("request", lambda one: cookies.append(one.all_headers().get("cookie")) if address in one.url else None)
        page.goto(f"http://localhost:{elsewhere.server_address[1]}/")
        page.wait_for_load_state("networkidle")
        assert cookies
        assert set(cookies) == {None}
        context.close()


def test_a_name_of_an_account_is_shown_and_nothing_more(inbox: Inbox, chromium: Any) -> None:
    name = PAYLOADS["image"]
    add(inbox, name, "operator")
    with served(create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)) as address:
        context = chromium.new_context()
        context.add_cookies([{"name": "kunming", "value": logged_in(inbox, name), "url": address}])
        page = watched(context)
        for path in ("/", "/account", "/audit", "/review"):
            assert page.goto(address + path).status == 200
            check(page, path)
        context.close()
