"""What another program wrote into the store and is not JSON, or no time: the desk works, and says where it is."""

from collections.abc import Callable

import pytest
from fixture_inbox import NOW, Inbox, change, inbox, message, outcomes, snapshot_of
from sqlalchemy import text
from test_monitoring import asked

from consultation.facts import ConsultationSnapshot
from consultation.new_corrections import NewCorrection, check_undo
from settings import Settings
from store.corrections import keep_correction, read_corrections
from store.reads.mails import DAMAGED, read_texts
from store.verify import verify

__all__ = ["inbox"]
NO_JSON = ("", "{", "nonsense", "5", "[" * 50_000)
UNREADABLE = ("flags", "mails", "received", "first_seen")
"""Without one of these a Mail counts as one whose reading crashed."""
Told = Callable[[ConsultationSnapshot], bool]
COLUMNS: list[tuple[str, str, Told]] = [
    ("correction", "target", lambda now: bool(now.corrections[0].not_applied)),
    ("correction", "value", lambda now: bool(now.corrections[0].not_applied)),
    ("correction", "at", lambda now: bool(now.corrections[0].not_applied)),
    ("mail", "first_seen", lambda now: "reading it failed" in now.mails[0].review),
    ("reading", "received", lambda now: "reading it failed" in now.mails[0].review),
    ("reading", "flags", lambda now: "reading it failed" in now.mails[0].review),
    ("reading", "mails", lambda now: "reading it failed" in now.mails[0].review),
    ("reading", "evidence", lambda _now: True),
    ("edit", "sources", lambda now: now.edits[0].needs_review),
    ("sentence", "edits", lambda _now: True),
    ("mail", "differences", lambda _now: True),
]


@pytest.mark.parametrize(("table", "column", "is_told"), COLUMNS, ids=[f"{one[0]}.{one[1]}" for one in COLUMNS])
def test_what_is_no_json_stops_nobody_and_is_told(inbox: Inbox, table: str, column: str, is_told: Told) -> None:
    said = outcomes("body", ("edit", "The reach.", (0,)))
    mail = inbox.mail(message("NOR"), change("OP5", "effectiveness", "reach"), sentences=said)
    sha256 = snapshot_of(inbox).mails[0].sha256
    with inbox.sessions.begin() as session:
        keep_correction(session, NewCorrection("party", {"mail": sha256}, {"party": "NOR"}, "A", ""), NOW)
    for wrong in NO_JSON:
        with inbox.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET {column} = :wrong"), {"wrong": wrong})
        now = snapshot_of(inbox)
        assert [edit.edit.new for edit in now.current_edits] == ["reach"]
        assert is_told(now)
        with inbox.sessions() as session:
            assert f"{column} is damaged" in " ".join(verify(session).faults)
            assert (read_texts(session, mail).crashed == DAMAGED) is (column in UNREADABLE)
    with asked(inbox, Settings(mailboxes=())) as client:
        for path in ("/", "/mails/1", "/corrections", "/review", "/api/v1/status", "/api/v1/mails/1", "/metrics"):
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("column", ["at", "target", "value", "kind"])
def test_a_damaged_correction_is_told_and_can_be_undone(inbox: Inbox, column: str) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "reach"))
    target = {"mail": snapshot_of(inbox).mails[0].sha256}
    with inbox.sessions.begin() as session:
        kept = keep_correction(session, NewCorrection("party", target, {"party": "JPN"}, "A", ""), NOW)
    with inbox.engine.begin() as connection:
        connection.execute(text(f"UPDATE correction SET {column} = 'no such thing'"))
    assert snapshot_of(inbox).mails[0].party == "NOR"
    with inbox.sessions.begin() as session:
        said = read_corrections(session)
        undo = check_undo(said, target={"correction": kept.id}, value={}, who="B", why="")
        keep_correction(session, undo, NOW)
    assert snapshot_of(inbox).corrections[0].undone_by == 2
