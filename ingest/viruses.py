"""Stored Mails and their Parts -> the virus scanner -> its verdict, kept with each Part. It never stops the reading."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from clamd import NoScanner, NotScanned, virus_in, why_away
from consultation.kept import VirusScan
from ingest.intake import Clock
from ingest.sandbox import ReaderCrashed, Sandbox
from parsing.documents import contents_of
from store.session import Sessions
from store.viruses import ToScan, keep_scan, read_to_scan, to_scan

log = logging.getLogger("kunming.ingest")
AT_ONCE = 64_000_000
"""Bytes of Parts that are taken out of a mail at a time."""
NOT_OUT = "it cannot be taken out of its mail"


def scan_new(
    sessions: Sessions, sandbox: Callable[[], Sandbox], scanner: Path, clock: Clock, *, again: bool = False
) -> int:
    """Has scanned what was not yet, or with `again` everything; how many Mails. Where clamd is away the rest waits for
    the next time.
    """
    with sessions() as session:
        ids = to_scan(session, again=again)
    if not ids:
        return 0
    scanned = 0
    try:
        with sandbox() as children:
            for mail_id in ids:
                with sessions() as session:
                    asked = read_to_scan(session, mail_id, again=again)
                if asked is not None:
                    _scan(sessions, asked, children, scanner, clock)
                    scanned += 1
    except NoScanner as error:
        log.warning("scan=failed waiting=%d error=%r", len(ids) - scanned, str(error))
    return scanned


def _scan(sessions: Sessions, mail: ToScan, children: Sandbox, scanner: Path, clock: Clock) -> None:
    """Keeps what the scanner says of a Mail. Raises NoScanner, also where a file of it was the last that it took."""
    told: dict[str, VirusScan] = {}
    away = ""
    for sha256, scan in _told(mail, children, partial(verdict_on, scanner=scanner, clock=clock)):
        told[sha256] = scan
        away = why_away(scanner) if scan.verdict == "failed" else ""
        if away:
            break
    with sessions.begin() as session:
        for sha256, scan in told.items():
            keep_scan(session, mail.mail, sha256, scan)
    for sha256, scan in told.items():
        if scan.verdict != "clean":
            log.warning("mail=%d sha256=%s scan=%s said=%r", mail.mail, sha256, scan.verdict, scan.said)
    if away:
        raise NoScanner(away)


def _told(
    mail: ToScan, children: Sandbox, verdict: Callable[[bytes | None], VirusScan]
) -> Iterator[tuple[str, VirusScan]]:
    if mail.itself:
        yield mail.sha256, verdict(mail.raw)
    for hashes in _batches(mail.parts):
        found = children.run(contents_of, (mail.raw, hashes))
        contents = {} if isinstance(found, ReaderCrashed) else found
        for sha256 in hashes:
            yield sha256, verdict(contents.get(sha256))


def _batches(sizes: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    batch: list[str] = []
    size = 0
    for sha256, more in sizes.items():
        if batch and size + more > AT_ONCE:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(sha256)
        size += more
    if batch:
        yield tuple(batch)


def verdict_on(content: bytes | None, scanner: Path, clock: Clock) -> VirusScan:
    """What the scanner says of a file. Raises NoScanner where it is away."""
    if content is None:
        return VirusScan("failed", NOT_OUT, clock())
    try:
        virus = virus_in(content, scanner)
    except NotScanned as error:
        return VirusScan("failed", str(error), clock())
    return VirusScan("clean", "", clock()) if virus is None else VirusScan("infected", virus, clock())
