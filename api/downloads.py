"""What is downloaded: always an attachment, never shown by the browser."""

from urllib.parse import quote

from fastapi import HTTPException, Response

from api.context import AppContext
from store.reads.mails import read_part, read_raw


def attachment(content: bytes, name: str) -> Response:
    """The bytes as a download with that name, of no type that a browser would open (RFC 6266, RFC 8187)."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in name)[-120:]
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name[-200:], safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def part_of(context: AppContext, mail_id: int, n: int) -> Response:
    """The n-th Part of a mail, taken out of its raw bytes again."""
    with context.sessions() as session:
        part, raw = read_part(session, mail_id, n), read_raw(session, mail_id)
    if part is None or raw is None:
        raise HTTPException(404, f"mail {mail_id} has no part {n}")
    content = None if context.content is None else context.content(raw, part.sha256)
    if content is None:
        raise HTTPException(409, f"part {n} of mail {mail_id} cannot be taken out: download the raw mail")
    return attachment(content, part.name.rpartition("/")[2] or f"part-{n}")
