"""Errors as problem details (RFC 9457) for programs, as a page for people."""

import re
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException

from api.templating import templates
from consultation.new_corrections import DecidedMeanwhile, WrongCorrection
from settings import Settings
from store.reads.snapshot import NoDraft

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = "30"
"""Seconds: a store that is locked or restarted usually answers again within that."""
_EXPECTED = re.compile(r"'([^']*)'")
"""The values that pydantic says it expects: "'replace', 'insert' or 'delete'"."""


class InvalidValue(BaseModel):
    """One value that is not allowed: where it is, what is wrong with it, and which values are allowed."""

    where: str
    """As query.action, path.mail_id or body.by."""
    message: str
    allowed: list[str] = Field(default_factory=list)

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_serialization_defaults_required=True)


class ProblemDetails(BaseModel):
    """A problem as RFC 9457 describes it; `errors` lists the values that are not allowed."""

    type: str = "about:blank"
    title: str
    """What its status means."""
    status: int
    detail: str
    """What went wrong here, in one line."""
    instance: str
    """The path that was asked for."""
    errors: list[InvalidValue] = Field(default_factory=list)

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_serialization_defaults_required=True)


class InvalidQuery(Exception):
    """A value of the query is not allowed; `allowed` are those that are, where they can be listed."""

    def __init__(self, name: str, message: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.allowed = list(allowed)


def check_known(name: str, value: str | None, known: Collection[str]) -> None:
    """Raises InvalidQuery where the query names something that is not known, in any case."""
    if value is not None and value.casefold() not in {one.casefold() for one in known}:
        raise InvalidQuery(name, f"there is no {value!r}", known)


def problem(status: int, detail: str, instance: str, errors: Sequence[InvalidValue] = ()) -> ProblemDetails:
    """The problem with the title of its status."""
    title = HTTPStatus(status).phrase
    return ProblemDetails(title=title, status=status, detail=detail, instance=instance, errors=list(errors))


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(request, error.status_code, str(error.detail), headers=error.headers)


async def on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _invalid(request, [_invalid_value(one) for one in error.errors()])


async def on_invalid_query(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidQuery)
    return _invalid(request, [InvalidValue(where=f"query.{error.name}", message=str(error), allowed=error.allowed)])


async def on_wrong_correction(request: Request, error: Exception) -> Response:
    return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


async def on_decided_meanwhile(request: Request, error: Exception) -> Response:
    return answer(request, HTTPStatus.CONFLICT, str(error))


async def on_no_draft(request: Request, _error: Exception) -> Response:
    return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, "the store holds no draft yet: kunming draft add")


async def on_no_store(request: Request, _error: Exception) -> Response:
    detail = "the store does not answer now: try later"
    return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": RETRY_AFTER})


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: on_http_error,
    RequestValidationError: on_invalid_request,
    InvalidQuery: on_invalid_query,
    WrongCorrection: on_wrong_correction,
    DecidedMeanwhile: on_decided_meanwhile,
    NoDraft: on_no_draft,
    OperationalError: on_no_store,
    NoConnection: on_no_store,
}
"""By what is raised: the answer."""


def _invalid(request: Request, errors: Sequence[InvalidValue]) -> Response:
    detail = "; ".join(f"{one.where}: {one.message}" for one in errors)
    return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors)


def _invalid_value(error: Mapping[str, Any]) -> InvalidValue:
    """One of the errors that pydantic found in a request."""
    expected = str(error.get("ctx", {}).get("expected", ""))
    where = ".".join(map(str, error["loc"]))
    return InvalidValue(where=where, message=error["msg"], allowed=_EXPECTED.findall(expected))


def answer(
    request: Request,
    status: int,
    detail: str,
    errors: Sequence[InvalidValue] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page for people, problem details for programs."""
    path = request.scope["path"]
    found = problem(status, detail, path, errors)
    if path.removeprefix(request.scope["root_path"]).startswith("/api/") or "text/html" not in request.headers.get(
        "accept", ""
    ):
        return JSONResponse(found.model_dump(mode="json"), status, headers=headers, media_type=PROBLEM_JSON)
    if status == HTTPStatus.UNAUTHORIZED:
        return login_page(request, status, headers=headers)
    page = templates.get_template("error.html").render(problem=found)
    return HTMLResponse(page, status, headers=headers)


def login_page(
    request: Request, status: int, problem: str = "", headers: Mapping[str, str] | None = None, back: str = ""
) -> Response:
    """The form to log in, which leads back to where one wanted to go."""
    settings: Settings = request.app.state.settings
    asked = request.scope["path"].removeprefix(settings.root_path)
    query = f"?{request.url.query}" if request.url.query else ""
    page = templates.get_template("login.html").render(
        problem=problem,
        back=back or (f"{asked}{query}" if request.method == "GET" and asked != "/login" else "/"),
        openid=settings.openid,
    )
    return HTMLResponse(page, status, headers=headers)
