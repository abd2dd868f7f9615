"""The description of the API for machines: each answer with its type and an example, each error as problem details."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.examples import examples
from api.problems import PROBLEM_JSON, ProblemDetails, problem

Responses = dict[int | str, dict[str, Any]]
_MEANINGS = {
    401: ("Nobody is logged in, and no valid token was sent.", "log in first, or send a token"),
    403: ("Who is logged in may not do this, or another site has sent it.", "A reader is reader; this needs reviewer"),
    404: ("There is nothing of that name or number.", "there is no mail 99"),
    409: (
        "It is there, and its content cannot be had; or someone has decided it meanwhile.",
        "part 2 of mail 12 cannot be taken out: download the raw mail",
    ),
    413: ("The body is too large.", "a body may have 1,000,000 bytes (setting largest_request_mb)"),
    415: ("The body is not JSON.", "the body of this request is application/json"),
    422: ("A value of the request is not allowed; `errors` says which are.", "query.paragraph: there is no 'OP99'"),
    429: ("Too many wrong attempts; `Retry-After` says when to try again.", "too many wrong attempts: try later"),
    503: ("The store does not answer, or holds no draft.", "the store does not answer now: try later"),
}
"""By status: when it is the answer, and what such an answer says."""

PUBLIC = ("/healthz", "/readyz")
"""Paths that need no login."""
_OF_FASTAPI = ("HTTPValidationError", "ValidationError")
"""What FastAPI says of every route with parameters, also of those whose parameters take any text."""

DOWNLOAD: Responses = {
    200: {
        "description": "The bytes, as a download.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def errors(*statuses: int) -> Responses:
    """The errors of a route, all of them ProblemDetails."""
    return {status: {"model": ProblemDetails, "description": _MEANINGS[status][0]} for status in statuses}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of the application."""
    if app.openapi_schema is None:
        description = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        shown = examples()
        description["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, operations in description["paths"].items():
            for operation in operations.values():
                _complete(path, operation, shown)
            if path not in PUBLIC:
                _ask_for_login(path, operations)
        for name in _OF_FASTAPI:
            description["components"]["schemas"].pop(name, None)
        app.openapi_schema = description
    return app.openapi_schema


def _complete(path: str, operation: dict[str, Any], shown: dict[str, Any]) -> None:
    """Puts the examples in, and the errors under their media type: FastAPI knows one media type a route."""
    for status, response in list(operation["responses"].items()):
        schemas = [_name(content) for content in response["content"].values()]
        if ProblemDetails.__name__ in schemas:
            ((_, content),) = response["content"].items()
            response["content"] = {PROBLEM_JSON: content | {"example": _problem_example(int(status), path)}}
        elif any(name in schemas for name in _OF_FASTAPI):
            del operation["responses"][status]
        elif status.startswith("2") and "application/json" in response["content"]:
            response["content"]["application/json"]["example"] = shown[operation["operationId"]]


def _ask_for_login(path: str, operations: dict[str, Any]) -> None:
    """What every operation needs and may answer that is not public."""
    for operation in operations.values():
        operation["security"] = [{"token": []}]
        for status in (401, 429):
            schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
            content = {PROBLEM_JSON: {"schema": schema, "example": _problem_example(status, path)}}
            operation["responses"][str(status)] = {"description": _MEANINGS[status][0], "content": content}


def _name(content: dict[str, Any]) -> str:
    """The name of the answer's schema; empty where it has none."""
    return str(content["schema"].get("$ref", "")).rpartition("/")[2]


def _problem_example(status: int, path: str) -> dict[str, Any]:
    return problem(HTTPStatus(status), _MEANINGS[status][1], path).model_dump(mode="json")
