"""Commands for accounts and their tokens."""

import getpass
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.orm import Session

from api.checks import TOKEN_PREFIX
from api.passwords import hash_password
from commands.context import AsJson, open_context
from ingest.intake import now
from settings import Role, WrongSettings, load, secret_in
from store.accounts import (
    Account,
    AccountToken,
    WrongAccount,
    add_account,
    change_account,
    end_logins,
    find_account,
    keep_token,
    read_accounts,
    read_tokens,
    revoke_token,
)
from store.audit import keep_audit

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, help="Accounts: who may look, review or operate.")
tokens = typer.Typer(no_args_is_help=True, help="Tokens, by which programs show whose account they act for.")
Name = Annotated[str, typer.Argument(help="The name of the account.")]
HowMuch = Annotated[Role, typer.Option(help="What it may: look, review too, or operate too.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(help="A file that holds the password; without it, it is asked for, or read from the input."),
]
DAYS = 365


@app.command("add")
def add(
    name: Name,
    role: HowMuch = "reader",
    password_file: PasswordFile = None,
    no_password: Annotated[bool, typer.Option(help="For a program, or one who logs in elsewhere.")] = False,
) -> None:
    """Adds an account. From the first one on, everything asks for a login."""
    kept = None if no_password else hash_password(_password(password_file), name)
    context = open_context(load(), makes=True)
    with context.sessions.begin() as session:
        account = add_account(session, name, role, now(), password=kept)
        _note(session, "account made", f"{account.name}, {role}")
    typer.echo(f"{account.name} is {account.role}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Lists the accounts."""
    with open_context(load()).sessions() as session:
        accounts = read_accounts(session)
    _show(accounts, _account_form if as_json else _account_line)


def _show(found: Iterable[T], shown: Callable[[T], str | dict[str, Any]]) -> None:
    """A line each: words, or JSON where `shown` makes a dictionary."""
    for said in map(shown, found):
        typer.echo(said if isinstance(said, str) else json.dumps(said))


def _account_form(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role,
        "password": account.has_password,
        "subject": account.subject,
        "created_at": _iso(account.created_at),
        "disabled_at": _iso(account.disabled_at),
        "last_login_at": _iso(account.last_login_at),
    }


def _account_line(account: Account) -> str:
    seen = _iso(account.last_login_at) or "never"
    return f"{account.name}  {account.role}  last log-in {seen}{'  disabled' if account.disabled_at else ''}"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


@app.command("role")
def role_(name: Name, role: Annotated[Role, typer.Argument(help="Its new role.")]) -> None:
    """Gives an account another role, and ends its log-ins."""
    _change(name, "role changed", role, role=role)


@app.command("password")
def password_(name: Name, password_file: PasswordFile = None) -> None:
    """Sets the password of an account, and ends its log-ins."""
    _change(name, "password changed", "", password=hash_password(_password(password_file), name))


@app.command("disable")
def disable(name: Name) -> None:
    """Lets an account in no more: its log-ins end, its tokens are good no more. What it did stays under its name."""
    _change(name, "account disabled", "", disabled_at=now())


@app.command("enable")
def enable(name: Name) -> None:
    """Lets a disabled account in again."""
    _change(name, "account enabled", "", disabled_at=None)


@app.command("logout")
def logout(name: Name) -> None:
    """Ends all log-ins of an account."""
    with open_context(load()).sessions.begin() as session:
        ended = end_logins(session, _account(session, name).id)
        _note(session, "logged out", f"{name}, everywhere")
    typer.echo(f"{ended} log-ins of {name} have ended")


def _change(name: str, did: str, what: str, **values: Any) -> None:
    with open_context(load()).sessions.begin() as session:
        account = change_account(session, name, **values)
        _note(session, did, f"{account.name} {what}".strip())
    typer.echo(f"{account.name}: {did}")


def _password(file: Path | None) -> str:
    """From the file; from the terminal, twice; or the first line of the input."""
    if file is not None:
        return secret_in(file, "--password-file")
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != given:
        raise WrongSettings("password: the two differ")
    return given


def _account(session: Session, name: str) -> Account:
    account = find_account(session, name)
    if account is None:
        raise WrongAccount(f"account {name!r}: there is none")
    return account


def _note(session: Session, did: str, what: str) -> None:
    keep_audit(session, now(), f"{this_user()} at the command line", did, what)


def this_user() -> str:
    """Who gives the command, as this machine calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return f"user {os.getuid()}"


@tokens.command("add")
def add_token(
    account: Annotated[str, typer.Argument(help="The account that it is of.")],
    name: Annotated[str, typer.Option(help="What it is for, as dashboard.")] = "",
    role: Annotated[Role | None, typer.Option(help="What it may, where that is less than its account.")] = None,
    days: Annotated[int, typer.Option(help="How long it is valid; 0 for ever.", min=0, max=36500)] = DAYS,
    as_json: AsJson = False,
) -> None:
    """Makes a token and shows it, once: only its hash is kept."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with open_context(load()).sessions.begin() as session:
        owner = _account(session, account)
        lasts = timedelta(days=days) if days else None
        token = keep_token(session, owner, name, secret, role or owner.role, now(), lasts)
        _note(session, "token made", f"no. {token.id} of {owner.name}, {token.role}")
    if as_json:
        typer.echo(json.dumps(_token_form(token) | {"token": secret}))
        return
    until = _iso(token.expires_at) or "for ever"
    typer.echo(f"Token {token.id} of {owner.name}, {token.role}, valid until {until}. It is not shown again:", err=True)
    typer.echo(secret)


@tokens.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """Lists the tokens, without what they are made of."""
    with open_context(load()).sessions() as session:
        found = read_tokens(session)
    _show(found, _token_form if as_json else _token_line)


def _token_form(token: AccountToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "account": token.account,
        "name": token.name,
        "role": token.role,
        "created_at": _iso(token.created_at),
        "expires_at": _iso(token.expires_at),
        "last_used_at": _iso(token.last_used_at),
        "revoked_at": _iso(token.revoked_at),
    }


def _token_line(token: AccountToken) -> str:
    until = f"until {_iso(token.expires_at)}" if token.expires_at else "for ever"
    state = f"revoked {_iso(token.revoked_at)}" if token.revoked_at else until
    used = _iso(token.last_used_at) or "never"
    return f"{token.id}  {token.account}  {token.role}  {token.name or '-'}  {state}  last used {used}"


@tokens.command("revoke")
def revoke(number: Annotated[int, typer.Argument(help="The number that list shows.")]) -> None:
    """Makes a token good for nothing, at once."""
    with open_context(load()).sessions.begin() as session:
        revoke_token(session, number, now())
        _note(session, "token revoked", f"no. {number}")
    typer.echo(f"token {number} is revoked")
