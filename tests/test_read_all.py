"""The example of a client reads by its pages exactly what the store holds."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fixture_chromium import served
from fixture_inbox import DRAFT, NOW, Inbox, change, inbox, message, remark

from api.app import create_app
from parsing.model import Reading, Unplaced
from settings import Settings
from store.reads.edits import read_edits
from store.reads.mails import read_mails

__all__ = ["inbox"]
pytestmark = pytest.mark.outside
SCRIPT = Path(__file__).parent.parent / "scripts" / "read_all.py"


def rows_of(inbox: Inbox, *more: str) -> list[dict[str, Any]]:
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address:
        ran = subprocess.run([sys.executable, SCRIPT, address, *more], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_client_that_follows_the_pages_has_what_the_store_has(inbox: Inbox) -> None:
    codes = ("NOR", "CHE", "FJI", "CHN")
    for n in range(12):
        changes = (change("OP5", "effectiveness", f"reach {n} {i} 生物多样性") for i in range(25))
        lost = (Unplaced(f"Be bold {n}.", "body", "names no paragraph"),)
        inbox.mail(message(codes[n % 4]), *changes, *(remark("OP1", f"Remark {i}.") for i in range(n)), unplaced=lost)
    inbox.arrive("not read yet")
    read = rows_of(inbox)
    by_list = {name: [row for row in read if row["list"] == name] for name in ("parties", "mails", "edits", "unplaced")}
    with inbox.sessions() as session:
        kept = list(read_edits(session, DRAFT))
        mails = list(read_mails(session, DRAFT.id))
    assert len(kept) == 12 * 25 + 66
    assert sorted((row["mail"], row["paragraph"], row["new"], row["comment"]) for row in by_list["edits"]) == sorted(
        (one.mail, one.edit.paragraph, one.edit.new, one.edit.comment) for one in kept
    )
    assert len({row["id"] for row in by_list["edits"]}) == len(kept)
    assert sorted(row["sha256"] for row in by_list["mails"]) == sorted(mail.sha256 for mail in mails)
    assert [row["text"] for row in by_list["unplaced"]] == [f"Be bold {n}." for n in range(12)]
    assert len({row["code"] for row in by_list["parties"]}) == 196


def test_ids_of_edits_outlive_a_new_reading(inbox: Inbox) -> None:
    edits = (change("OP5", "effectiveness", "reach"), remark("OP1", "Good."), remark("OP1", "Good."))
    mail = inbox.mail(message("NOR"), *edits)
    before = {row["id"] for row in rows_of(inbox) if row["list"] == "edits"}
    inbox.read(mail, Reading(message("NOR"), (remark("OP2", "A new one."), *edits[::-1])), parsers="2")
    after = {row["id"] for row in rows_of(inbox) if row["list"] == "edits"}
    assert (len(before), len(after - before), before - after) == (3, 1, set())


def test_since_reads_what_is_new_alone(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), remark("OP1", "Good."))
    after = [row["list"] for row in rows_of(inbox, "--since", "2021-09-08T06:30:01Z")]
    assert {name: after.count(name) for name in after} == {"status": 1, "parties": 196}
