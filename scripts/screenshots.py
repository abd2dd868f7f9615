"""Pictures of each page for docs/pages: 1280 and 390 pixels wide, light and dark, with the sample mails.

usage: screenshots.py [--out FOLDER] [--address ADDRESS]   (with an address: of the service that runs there)
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from api.app import create_app
from ingest.digest import digest
from ingest.fetch import import_mails
from ingest.sandbox import PartLimits, Sandbox
from ingest.sources import mails_in
from parsing.model import Consultation
from settings import Settings
from store import register
from store.session import migrate, open_store, sessions
from store.shipped import shipped_draft
from store.writes import keep_draft

ROOT = Path(__file__).parent.parent
SOURCES = (ROOT / "examples", ROOT / "tests" / "letters")
MORNING = datetime(2021, 9, 6, 6, 30, tzinfo=UTC)
LARGEST = 60_000_000
WIDTHS = {1280: 900, 390: 844}
"""By width: the height of the window."""
COLOURS = 128
"""Of a picture: enough for pages that are mostly text."""
PAGES = {
    "overview": "/",
    "heat-map": "/#parties",
    "paragraphs": "/paragraphs",
    "paragraph": "/paragraphs/OP11",
    "party": "/parties/EU",
    "mails": "/mails",
    "mail": "/mails/2#text",
    "review": "/review?kind=edit",
    "review-statement": "/review?kind=statement",
    "review-list": "/review/all",
    "editorial": "/editorial",
    "entry": "/entries/new",
    "not-answered": "/reminders",
    "search": "/search?q=ecosystem",
    "compilation": "/compilation",
}


@contextmanager
def sample_service() -> Iterator[str]:
    """The address of a service with the sample mails, all read."""
    import sys  # noqa: PLC0415 - the fixture lies with the tests

    sys.path.insert(0, str(ROOT / "tests"))
    from fixture_chromium import served  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory(prefix="kunming-pictures-") as folder:
        url = f"sqlite:///{folder}/store.db"
        migrate(url)
        store = sessions(open_store(url))
        with store.begin() as session:
            keep_draft(session, shipped_draft())
        import_mails(store, mails_in(SOURCES), LARGEST, lambda: MORNING)
        consultation = Consultation(shipped_draft(), register.load())
        digest(store, lambda: Sandbox(consultation, PartLimits(workers=2)), consultation, lambda: MORNING)
        with served(create_app(store, Settings(mailboxes=()), lambda: MORNING)) as address:
            yield address


def take(browser: Any, address: str, out: Path) -> None:
    """A picture of each page in each width and scheme."""
    for width, height in WIDTHS.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            )
            context.add_cookies([{"name": "reviewer", "value": "Maria%20Silva", "url": address}])
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(address + path, wait_until="networkidle")
                file = out / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=file)
                Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)
            context.close()


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--out", type=Path, default=ROOT / "docs" / "pages")
    said.add_argument("--address")
    given = said.parse_args()
    program = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox"])
        if given.address:
            take(browser, given.address, given.out)
        else:
            with sample_service() as address:
                take(browser, address, given.out)
        browser.close()


if __name__ == "__main__":
    main()
