"""Accounts, with their tokens and log-ins. Each function works inside the caller's transaction; secrets are kept as
hashes, and made by the caller.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, get_args

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from settings import Role
from store.damage import is_damaged, one_of
from store.session import changed
from store.tables import AccountRow, LoginRow, TokenRow

ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""
LONGEST_NAME = 200


class WrongAccount(Exception):
    """There is no such account or token, or it cannot be made so."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Account:
    """A person or program that may look (reader), review (reviewer) or operate (operator)."""

    id: int
    name: str
    role: Role
    created_at: datetime | None = None
    disabled_at: datetime | None = None
    last_login_at: datetime | None = None
    has_password: bool = False
    subject: str | None = None
    """Who it is to the provider that vouches for it; None for an account that was made here."""

    def may(self, role: Role) -> bool:
        """Whether it may do what this role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class AccountToken:
    """A token as it can be listed: never what it is made of."""

    id: int
    account: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def hash_of(secret: str) -> str:
    """What is kept of a secret that is long and random; a password needs a slow hash instead."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def name_key(name: str) -> str:
    """The name as it is compared: composed, without case."""
    return unicodedata.normalize("NFKC", name).casefold()


def has_accounts(session: Session) -> bool:
    return bool(session.scalar(select(exists(select(AccountRow.id)))))


def add_account(
    session: Session, name: str, role: Role, now: datetime, *, password: str | None = None, subject: str | None = None
) -> Account:
    """The new account; `password` is a hash. Raises WrongAccount where the name is taken or is none."""
    _check_name(name)
    if _row(session, name) is not None:
        raise WrongAccount(f"account {name!r}: there is one of this name already")
    row = AccountRow(
        name=name, key=name_key(name), role=role, password=password, subject=subject, created_at=now,
        disabled_at=None, last_login_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _account(row)


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or name != name.strip():
        raise WrongAccount(
            f"account {name!r}: a name has 1 to {LONGEST_NAME} characters, none of them a space at an end"
        )
    if any(unicodedata.category(char)[0] == "C" for char in name):
        raise WrongAccount(f"account {name!r}: a name has no control characters")


def _row(session: Session, name: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.key == name_key(name)))


def _account(row: AccountRow) -> Account:
    role = one_of(row.role, Role, ROLES[0])
    return Account(
        row.id,
        row.name,
        role,
        row.created_at,
        row.disabled_at,
        row.last_login_at,
        has_password=row.password is not None,
        subject=row.subject,
    )


def read_accounts(session: Session) -> list[Account]:
    """All accounts by name, the disabled ones too."""
    return list(map(_account, session.scalars(select(AccountRow).order_by(AccountRow.key))))


def find_account(session: Session, name: str) -> Account | None:
    row = _row(session, name)
    return None if row is None else _account(row)


def account_of_subject(session: Session, subject: str) -> Account | None:
    """The account of one for whom a provider vouches."""
    row = session.scalar(select(AccountRow).where(AccountRow.subject == subject))
    return None if row is None else _account(row)


def password_of(session: Session, name: str) -> str | None:
    """The hash of the password of an account that is not disabled; None where it has none."""
    row = _row(session, name)
    return None if row is None or row.disabled_at is not None else row.password


def change_account(session: Session, name: str, **values: Any) -> Account:
    """Changes its role, password (a hash) or disabled_at, and ends its log-ins. Raises WrongAccount."""
    row = _row(session, name)
    if row is None:
        raise WrongAccount(f"account {name!r}: there is none")
    for column, value in values.items():
        setattr(row, column, value)
    session.flush()
    end_logins(session, row.id)
    return _account(row)


def keep_token(
    session: Session, account: Account, name: str, secret: str, role: Role, now: datetime, lasts: timedelta | None
) -> AccountToken:
    """The token as it is listed; of `secret` the hash is kept. Raises WrongAccount where the account may do less."""
    if not account.may(role):
        raise WrongAccount(f"token: {account.name} is {account.role}, and cannot have a token of an {role}")
    expires = None if lasts is None else now + lasts
    row = TokenRow(
        account_id=account.id, name=name, hash=hash_of(secret), role=role, created_at=now, expires_at=expires,
        last_used_at=None, revoked_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _token(row, account.name)


def _token(row: TokenRow, account: str) -> AccountToken:
    role = one_of(row.role, Role, ROLES[0])
    return AccountToken(
        row.id, account, row.name, role, row.created_at, row.expires_at, row.last_used_at, row.revoked_at
    )  # fmt: skip


def read_tokens(session: Session) -> list[AccountToken]:
    """All tokens in the order in which they were made, the revoked and the expired too."""
    rows = session.execute(select(TokenRow, AccountRow.name).join(AccountRow).order_by(TokenRow.id))
    return [_token(row, name) for row, name in rows]


def revoke_token(session: Session, number: int, now: datetime) -> None:
    """Raises WrongAccount where there is none of this number that is still good."""
    good = (TokenRow.id == number) & TokenRow.revoked_at.is_(None)
    if not changed(session, update(TokenRow).where(good).values(revoked_at=now)):
        raise WrongAccount(f"token {number}: there is none of this number that is not revoked")


class TokenHolder(NamedTuple):
    """The account that holds a token, with the token's own role; the token's number, and when it expires."""

    account: Account
    number: int
    expires_at: datetime | None


def account_of_token(session: Session, secret: str, now: datetime) -> TokenHolder | None:
    """Who shows this token; None where it is unknown, revoked or expired, or its account is disabled."""
    good = TokenRow.revoked_at.is_(None) & (TokenRow.expires_at.is_(None) | (TokenRow.expires_at > now))
    query = select(AccountRow, TokenRow).join(TokenRow, TokenRow.account_id == AccountRow.id)
    found = session.execute(query.where(TokenRow.hash == hash_of(secret), good, _enabled())).first()
    if found is None:
        return None
    row, token = found
    account, limit = _account(row), _token(token, row.name)
    if is_damaged((account.role, limit.role, token.expires_at)):
        return None
    role = min(account.role, limit.role, key=ROLES.index)
    return TokenHolder(replace(account, role=role), token.id, token.expires_at)


def _enabled() -> Any:
    return AccountRow.disabled_at.is_(None)


def token_used(session: Session, number: int, now: datetime) -> None:
    changed(session, update(TokenRow).where(TokenRow.id == number).values(last_used_at=now))


def keep_login(session: Session, account: Account, secret: str, now: datetime, lasts: timedelta, address: str) -> None:
    """Keeps a log-in; those that have expired go."""
    session.execute(delete(LoginRow).where(LoginRow.expires_at <= now))
    session.add(
        LoginRow(
            hash=hash_of(secret), account_id=account.id, created_at=now, expires_at=now + lasts, address=address[:60]
        )
    )
    changed(session, update(AccountRow).where(AccountRow.id == account.id).values(last_login_at=now))


def account_of_login(session: Session, secret: str, now: datetime) -> Account | None:
    """Who is logged in with this cookie."""
    good = (LoginRow.hash == hash_of(secret)) & (LoginRow.expires_at > now) & _enabled()
    found = session.execute(select(AccountRow, LoginRow.expires_at).join(LoginRow).where(good)).first()
    if found is None or is_damaged((found.expires_at, _account(found.AccountRow).role)):
        return None
    return _account(found.AccountRow)


def end_login(session: Session, secret: str) -> None:
    session.execute(delete(LoginRow).where(LoginRow.hash == hash_of(secret)))


def end_logins(session: Session, account_id: int) -> int:
    """Ends all log-ins of the account; how many there were."""
    return changed(session, delete(LoginRow).where(LoginRow.account_id == account_id))


def logins_of(session: Session, account_id: int, now: datetime) -> Sequence[LoginRow]:
    """The log-ins that are good, the newest first."""
    query = select(LoginRow).where(LoginRow.account_id == account_id, LoginRow.expires_at > now)
    return session.scalars(query.order_by(LoginRow.created_at.desc())).all()
