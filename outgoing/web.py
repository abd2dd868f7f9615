"""What leaves by HTTP: a POST of JSON to a webhook, and the request that says that a night went well."""

import json
from typing import Any

from outgoing.errors import NotAccepted, NotNow

TIMEOUT = 20.0
"""Seconds to connect, and seconds of silence."""
LATER = frozenset((408, 409, 425, 429))
"""Answers that say: not now. So do all from 500 on."""


def post(url: str, form: str) -> None:
    """Sends JSON. Raises NotNow, NotAccepted; the address may hold a secret, so no message names it."""
    _exchange("POST", url, json.loads(form))


def ping(url: str) -> None:
    """Calls an address that waits to be called. Raises NotNow, NotAccepted."""
    _exchange("GET", url, None)


def _exchange(method: str, url: str, form: Any) -> None:
    import httpx  # noqa: PLC0415 - most commands send nothing, and start sooner without it

    try:
        with httpx.Client(timeout=TIMEOUT) as client:
            response = client.request(method, url, json=form)
    except httpx.HTTPError as error:
        raise NotNow(f"{type(error).__name__}: {error}"[:300].replace(url, "…")) from None
    except (httpx.InvalidURL, ValueError) as error:
        raise NotAccepted(f"the address cannot be used: {type(error).__name__}") from None
    status = response.status_code
    if status in LATER or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise NotNow(f"the other side answered {status}")
    if not response.is_success:
        raise NotAccepted(f"the other side answered {status}")
