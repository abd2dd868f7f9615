"""Accounts, tokens, log-ins and the audit log in both kinds of store."""

from datetime import timedelta

import pytest
from fixture_inbox import NOW, Inbox, either_inbox
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from store.accounts import (
    WrongAccount,
    account_of_login,
    account_of_subject,
    account_of_token,
    add_account,
    change_account,
    end_login,
    find_account,
    has_accounts,
    keep_login,
    keep_token,
    logins_of,
    password_of,
    read_accounts,
    read_tokens,
    revoke_token,
    token_used,
)
from store.audit import keep_audit, read_audit

__all__ = ["either_inbox"]
DAY = timedelta(days=1)


def test_an_account_is_found_by_its_name_however_it_is_written(either_inbox: Inbox) -> None:
    with either_inbox.sessions.begin() as session:
        assert not has_accounts(session)
        made = add_account(session, "Ann Lee", "reviewer", NOW, password="hash", subject="https://id.example 1")
        assert has_accounts(session)
        assert find_account(session, "ANN LEE") == account_of_subject(session, "https://id.example 1") == made
        assert password_of(session, "ann lee") == "hash"
        with pytest.raises(WrongAccount):
            add_account(session, "ann LEE", "operator", NOW)
        add_account(session, "bob", "reader", NOW)
        assert [one.name for one in read_accounts(session)] == ["Ann Lee", "bob"]


def test_a_disabled_account_has_no_way_in(either_inbox: Inbox) -> None:
    with either_inbox.sessions.begin() as session:
        ann = add_account(session, "ann", "reviewer", NOW, password="hash")
        keep_login(session, ann, "cookie", NOW, DAY, "127.0.0.1")
        keep_token(session, ann, "t", "secret", "reviewer", NOW, DAY)
        change_account(session, "ann", disabled_at=NOW)
        assert account_of_login(session, "cookie", NOW) is None
        assert account_of_token(session, "secret", NOW) is None
        assert password_of(session, "ann") is None
        assert logins_of(session, ann.id, NOW) == []


def test_a_log_in_and_a_token_end(either_inbox: Inbox) -> None:
    with either_inbox.sessions.begin() as session:
        ann = add_account(session, "ann", "operator", NOW)
        keep_login(session, ann, "cookie", NOW, DAY, "127.0.0.1")
        keep_login(session, ann, "other", NOW, DAY, "::1")
        token = keep_token(session, ann, "t", "secret", "reader", NOW, DAY)
        keep_token(session, ann, "t", "for ever", "reader", NOW, None)
        found = account_of_token(session, "secret", NOW)
        assert found is not None
        assert (found[0].role, found[1]) == ("reader", token.id)
        token_used(session, token.id, NOW)
        assert account_of_login(session, "cookie", NOW + DAY) is None
        assert account_of_token(session, "secret", NOW + DAY) is None
        assert account_of_token(session, "for ever", NOW + 1000 * DAY) is not None
        end_login(session, "cookie")
        assert account_of_login(session, "cookie", NOW) is None
        assert account_of_login(session, "other", NOW) is not None
        revoke_token(session, token.id, NOW)
        assert account_of_token(session, "secret", NOW) is None
        assert [one.last_used_at for one in read_tokens(session)] == [NOW, None]
        for wrong in (token.id, 99):
            with pytest.raises(WrongAccount):
                revoke_token(session, wrong, NOW)
        with pytest.raises(WrongAccount):
            keep_token(session, add_account(session, "r", "reader", NOW), "t", "x", "operator", NOW, None)


def test_the_audit_log_keeps_what_a_stranger_typed(either_inbox: Inbox) -> None:
    with either_inbox.sessions.begin() as session:
        for n in range(5):
            keep_audit(session, NOW, "a\0\ud800" * 200, "log-in refused", f"{n}" * 2000, "x" * 200)
        newest, *rest = read_audit(session, 3)
        assert (len(newest.who), len(newest.what), len(newest.address)) == (200, 1000, 60)
        assert newest.who.startswith("a\ufffd?")
        assert [one.what[0] for one in (newest, *rest, *read_audit(session, 9, rest[-1].id))] == list("43210")


@pytest.mark.parametrize(
    "act", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"]
)
def test_the_audit_log_is_only_added_to(either_inbox: Inbox, act: str) -> None:
    with either_inbox.sessions.begin() as session:
        keep_audit(session, NOW, "ann", "logged in")
    with pytest.raises(DatabaseError, match="the audit log is only added to"), either_inbox.sessions.begin() as session:
        session.execute(text(act))
    with either_inbox.sessions() as session:
        assert [one.who for one in read_audit(session)] == ["ann"]
