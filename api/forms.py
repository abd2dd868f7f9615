"""What forms send: fields, of this site alone, and never more than a person types."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

Choice = dict[str, str]
_LARGEST = 200_000
"""Bytes: a paragraph of twenty pages."""
_FORM = "application/x-www-form-urlencoded"


async def form_fields(request: Request) -> Choice:
    """The fields of the form, each once. 403 where another site sends it, 413 where it is too long."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise HTTPException(415, f"A form is sent as {_FORM}.")
    if _is_of_another_site(request):
        raise HTTPException(403, "This form was sent from another site.")
    if len(await request.body()) > _LARGEST:
        raise HTTPException(413, f"A form has at most {_LARGEST:,} bytes.")
    async with request.form(max_files=0, max_fields=100) as form:
        return {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[Choice, Depends(form_fields)]


def _is_of_another_site(request: Request) -> bool:
    """Browsers say where a form comes from, and no page can change that."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
