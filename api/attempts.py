"""How often one may try to log in, by account and by address."""

import ipaddress
import math
import time
from http import HTTPStatus

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.checks import Refusal

BY_ADDRESS = RateLimitItemPerMinute(30, 15)
"""Wrong passwords and tokens: a whole office may share one address."""
BY_ACCOUNT = RateLimitItemPerMinute(10, 15)
"""Wrong passwords for one account, from everywhere."""
IPV6_SITE = 64
"""Bits: whoever has one address of IPv6 has all that begin so."""


class Attempts:
    """Counts what was wrong; what was right costs nothing. The counts are of this process, and go with it."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def too_many(self, account: str, address: str) -> Refusal | None:
        """The answer where no further attempt is looked at."""
        for item, *names in ((BY_ADDRESS, "address", _site(address)), (BY_ACCOUNT, "account", account)):
            if not self._limiter.test(item, *names):
                return self._too_many(item, *names)
        return None

    def wrong(self, account: str, address: str) -> None:
        """One attempt was wrong."""
        self._limiter.hit(BY_ADDRESS, "address", _site(address))
        self._limiter.hit(BY_ACCOUNT, "account", account)

    def refused(self, what: str, address: str) -> Refusal | None:
        """Counts a wrong token; the answer where there were too many."""
        if self._limiter.hit(BY_ADDRESS, what, _site(address)):
            return None
        return self._too_many(BY_ADDRESS, what, _site(address))

    def _too_many(self, item: RateLimitItem, *names: str) -> Refusal:
        free = self._limiter.get_window_stats(item, *names).reset_time
        wait = {"Retry-After": str(max(1, math.ceil(free - time.time())))}
        return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "attempts", "too many wrong attempts: try later", wait)


def _site(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, IPV6_SITE), strict=False))
