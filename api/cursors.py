"""Pages of a list that go on where the last one ended, even when new mail came in between."""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.problems import InvalidQuery

T = TypeVar("T")
Key = tuple[int | float | str, ...]
"""Where a row comes among all, different for each: values that JSON gives back as they were."""
KeyOf = Callable[[T], Key]
Since = Annotated[AwareDatetime | None, Field(examples=["2021-09-03T12:00:00Z"])]


class PageQuery(BaseModel):
    """How many, and where the page begins."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    limit: int | None = Field(default=None, ge=1, le=1000)
    """How many at most. Where there are more, the header `Link` leads to the next page (rel="next", RFC 8288)."""
    cursor: str | None = None
    """Where the page before has ended: from its `next`, or its `Link`."""


def page_of(
    found: Iterable[T], key: KeyOf[T], *, sort: str = "", limit: int | None, cursor: str | None
) -> tuple[list[T], str | None]:
    """One page, and the cursor of the next. `sort` begins with "-" where the largest key comes first. Raises
    InvalidQuery.
    """
    down = sort.startswith("-")
    rows = sorted(found, key=key, reverse=down)
    if cursor is not None:
        after = key_in(cursor, sort)
        rows = _beyond(rows, key, after, down=down)
    page = rows[:limit]
    more = bool(page) and len(rows) > len(page)
    return page, cursor_of(sort, key(page[-1])) if more else None


def _beyond(rows: list[T], key: KeyOf[T], after: Key, *, down: bool) -> list[T]:
    try:
        return [row for row in rows if (key(row) < after if down else key(row) > after)]
    except TypeError as error:  # a number where a word was
        raise _not_ours() from error


def cursor_of(sort: str, key: Key) -> str:
    """The key of the last row of a page, as a word of the query."""
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode()


def key_in(cursor: str, sort: str) -> Key:
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, RecursionError) as error:  # no base64, and no JSON
        raise _not_ours() from error
    if not isinstance(told, list) or len(told) < 2 or told[0] != sort:
        raise _not_ours()
    if not all(isinstance(one, (int, float, str)) for one in told[1:]):
        raise _not_ours()
    return tuple(told[1:])


def _not_ours() -> InvalidQuery:
    return InvalidQuery("cursor", "not one that this API gave for this order")


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Puts the way to the next page into the header `Link`."""
    if cursor is not None:
        query: dict[str, Any] = {**request.query_params, "cursor": cursor}
        response.headers["Link"] = f'<?{urlencode(query)}>; rel="next"'
