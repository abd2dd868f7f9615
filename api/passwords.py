"""Passwords: what is kept is an Argon2id hash (RFC 9106)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 1000
_HASHER = PasswordHasher()


class WeakPassword(Exception):
    """A password that is too easy to guess."""

    exit_code = 2


def hash_password(password: str, name: str) -> str:
    """What is kept of the password of the account of that name. Raises WeakPassword."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < SHORTEST // 2 or password.casefold() in name.casefold():
        raise WeakPassword("this password is too easy to guess")
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether it is the password of this hash. It takes as long where there is none."""
    try:
        return _HASHER.verify(kept or _of_nobody(), password) and kept is not None
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _of_nobody() -> str:
    return _HASHER.hash("there is no such account")
