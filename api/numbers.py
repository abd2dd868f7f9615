"""Numbers in paths and queries, no larger than the store counts: beyond that they are 422."""

from typing import Annotated

from fastapi import Path, Query

LARGEST = 2**31 - 1

MailId = Annotated[int, Path(ge=1, le=LARGEST)]
CorrectionId = Annotated[int, Path(ge=1, le=LARGEST)]
PartNumber = Annotated[int, Path(ge=0, le=LARGEST)]
Start = Annotated[int, Query(ge=0, le=LARGEST)]
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]
"""Goes on from there, downwards."""
