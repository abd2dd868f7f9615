"""What forms send: fields, and never more than a person types. That they are ours, the guard has seen."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

Choice = dict[str, str]
_LARGEST = 200_000
"""Bytes: a paragraph of twenty pages."""


async def form_fields(request: Request) -> Choice:
    """The fields of the form, each once. 413 where it is too long."""
    if len(await request.body()) > _LARGEST:
        raise HTTPException(413, f"A form has at most {_LARGEST:,} bytes.")
    async with request.form(max_files=0, max_fields=100) as form:
        return {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[Choice, Depends(form_fields)]
