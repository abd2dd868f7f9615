"""One question to a language model, and what came back. The only file that talks to it.

The protocol is one POST of chat completions, spoken with httpx: an answer is cut off after so many bytes and so many
seconds in all, which clients made for the protocol do not offer.
"""

import json
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import httpx

from ingest.model_errors import ModelAway, ModelRefuses, ModelTooSlow, NoSuchAnswer
from settings import Model, WrongSettings

LARGEST = 2_000_000
"""Bytes of an answer with all that is around it; a question is answered with a tenth of that at most."""
CONNECTS_IN = 10.0
"""Seconds in which the endpoint must take a connection."""
_LATER = frozenset((408, 409, 425, 429))
"""Answers that say: not now. So do all from 500 on."""
_BAD_REQUEST = frozenset((400, 413, 422))
"""Answers that say something of this question: it is too long, or its form is not known there."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A raw answer. `model` is the name that the endpoint gives it, with its fingerprint where it has one; tokens are
    0 where it does not count them.
    """

    content: str
    model: str
    seconds: float
    prompt_tokens: int
    completion_tokens: int


class ModelClient:
    """An endpoint that can be asked, from several threads at once. Leave it with `with`."""

    def __init__(self, model: Model) -> None:
        self._model = model
        key = _key(model)
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(model.timeout, connect=min(CONNECTS_IN, model.timeout)),
            verify=ssl.create_default_context(cafile=str(model.ca_file)) if model.ca_file else True,
            trust_env=not model.is_here,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, request: Mapping[str, Any]) -> RawAnswer:
        """The answer to a question. Raises ModelAway, ModelRefuses, NoSuchAnswer."""
        began = time.monotonic()
        body = {"model": self._model.name, **self._model.parameters, **request}
        if not self._model.structured:
            body.pop("response_format", None)
        data = self._exchange("POST", "/chat/completions", body)
        return _given(data, self._model.name, time.monotonic() - began)

    def names(self) -> tuple[str, ...]:
        """The models that the endpoint lists. Raises as `ask` does."""
        try:
            listed = json.loads(self._exchange("GET", "/models", None))["data"]
            return tuple(str(one["id"]) for one in listed)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NoSuchAnswer("the list of models is none") from None

    def _exchange(self, method: str, path: str, body: Mapping[str, Any] | None) -> bytes:
        until = time.monotonic() + self._model.timeout
        try:
            with self._client.stream(method, self._model.url.rstrip("/") + path, json=body) as response:
                _check(response)
                return _content(response, until)
        except httpx.TimeoutException as error:
            raise ModelTooSlow(f"{type(error).__name__}: {error}"[:200]) from None
        except httpx.HTTPError as error:
            raise ModelAway(f"{type(error).__name__}: {error}"[:200]) from None


def _key(model: Model) -> str:
    if model.key is not None:
        return model.key.get_secret_value()
    if model.key_file is None:
        return ""
    try:
        return model.key_file.read_text("utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise WrongSettings(f"model.key_file: {error}") from error


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    said = f"the endpoint answered {status}"
    if status in _LATER or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise ModelAway(said)
    if status in _BAD_REQUEST:
        raise NoSuchAnswer(f"{said}: {_excerpt(response)}")
    raise ModelRefuses(said)


def _excerpt(response: httpx.Response) -> str:
    """The beginning of what an endpoint says of its refusal."""
    with suppress(httpx.HTTPError):
        for chunk in response.iter_bytes(400):
            return " ".join(chunk.decode("utf-8", "replace").split())
    return ""


def _content(response: httpx.Response, until: float) -> bytes:
    """All that comes, unless it is too much or takes too long."""
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > LARGEST:
            raise NoSuchAnswer(f"it goes on beyond {LARGEST:,} bytes")
        if time.monotonic() > until:
            raise ModelTooSlow("it did not end in time")
    return bytes(data)


def _given(data: bytes, name: str, seconds: float) -> RawAnswer:
    try:
        said = json.loads(data)
        choice = said["choices"][0]
        content, end = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise NoSuchAnswer("it is not of the form of chat completions") from None
    if not isinstance(content, str):
        raise NoSuchAnswer("the model refused")
    if end == "length":
        raise NoSuchAnswer("the answer is cut off")
    usage = said.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return RawAnswer(
        content,
        " ".join(str(part)[:100] for part in (said.get("model") or name, said.get("system_fingerprint")) if part),
        seconds,
        _count(usage.get("prompt_tokens")),
        _count(usage.get("completion_tokens")),
    )


def _count(said: object) -> int:
    return said if type(said) is int and 0 <= said < 10**9 else 0
