"""What is downloaded: always an attachment, never shown by the browser."""

import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from unicodedata import category
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import HTTPException, Response

from api.audit import note
from api.context import AppContext
from clamd import NoScanner, virus_in
from consultation.kept import VirusScan
from store.erasure import why_no_mail
from store.reads.mails import read_part, read_raw
from store.viruses import keep_scan, viruses_of

log = logging.getLogger("kunming.api")
FORBIDDEN = '<>:"/\\|?*%;'
"""In names of files on Windows, or in headers."""
LONGEST = 120
AT_ONCE, QUEUE = 2, 20
"""How many Parts are taken out of mails at once, and how many more may wait for that."""
RETRY_AFTER = "10"
"""Seconds."""
INFECTED = "{what}: the virus scanner finds {virus}; it is not given out"


def attachment(content: bytes, name: str) -> Response:
    """The bytes as a download with that name, of no type that a browser would open (RFC 6266, RFC 8187)."""
    name = safe_name(name)
    plain = "".join(char if char.isascii() else "_" for char in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


class DownloadSlots:
    """Downloads, of which few are taken out and scanned at once: a hostile one may take long, and other requests do not
    wait for it. Raises 503 where too many wait already.
    """

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(AT_ONCE)
        self._waiting = 0

    async def take(self, made: Callable[..., Response], *arguments: Any) -> Response:
        """What made(*arguments) gives, when it is its turn."""
        if self._waiting >= QUEUE:
            raise HTTPException(503, "many downloads are under way: try later", {"Retry-After": RETRY_AFTER})
        self._waiting += 1
        try:
            return await run_sync(made, *arguments, limiter=self._limiter)
        finally:
            self._waiting -= 1


def safe_name(name: str) -> str:
    """The name of a file that is nothing else on any system: no path, no hidden file, nothing that steers how it is
    shown. Its end stays, which says what it is.
    """
    known = "".join("_" if char in FORBIDDEN or (category(char)[0] in "CZ" and char != " ") else char for char in name)
    name = known[-LONGEST:].strip(" .")
    return name if name.strip("_") else "file"


def part_of(context: AppContext, mail_id: int, n: int) -> Response:
    """The n-th Part of a mail, taken out of its raw bytes again."""
    with context.sessions.begin() as session:
        part, raw = read_part(session, mail_id, n), read_raw(session, mail_id)
        if part is None or raw is None:
            raise HTTPException(404, f"mail {mail_id} has no part {n}")
        if part.scan is not None and part.scan.verdict == "infected":
            raise HTTPException(409, INFECTED.format(what=f"mail {mail_id}, part {n}", virus=part.scan.said))
        note(context, session, "read part", f"mail {mail_id}, part {n}")
    content = None if context.content is None else context.content(raw, part.sha256)
    if content is None:
        raise HTTPException(409, f"part {n} of mail {mail_id} cannot be taken out: download the raw mail")
    check_scanned(context, content, mail_id, part.sha256, f"mail {mail_id}, part {n}")
    return attachment(content, part.name.rpartition("/")[2] or f"part-{n}")


def raw_of(context: AppContext, mail_id: int) -> Response:
    """A mail byte for byte as it came."""
    with context.sessions.begin() as session:
        raw = read_raw(session, mail_id)
        if raw is None:
            raise HTTPException(404, why_no_mail(session, mail_id))
        for virus in viruses_of(session, mail_id):
            raise HTTPException(409, INFECTED.format(what=f"mail {mail_id}", virus=virus))
        note(context, session, "read raw mail", f"mail {mail_id}")
    check_scanned(context, raw, mail_id, sha256(raw).hexdigest(), f"mail {mail_id}")
    return attachment(raw, f"mail-{mail_id}.eml")


def check_scanned(context: AppContext, content: bytes, mail_id: int, content_hash: str, what: str) -> None:
    """Raises 409 where the virus scanner, if one is configured, finds something in it now, and keeps that; 503 where it
    does not answer.
    """
    if context.settings.clamd is None:
        return
    try:
        virus = virus_in(content, context.settings.clamd)
    except NoScanner as error:
        log.warning("scan=failed what=%r error=%r", what, str(error))
        raise HTTPException(
            503, "the virus scanner does not answer: try later", {"Retry-After": RETRY_AFTER}
        ) from error
    if virus is None:
        return
    with context.sessions.begin() as session:
        keep_scan(session, mail_id, content_hash, VirusScan("infected", virus, context.clock()))
        note(context, session, "virus found", f"{what}: {virus}")
    raise HTTPException(409, INFECTED.format(what=what, virus=virus))
