"""The JSON of the API and of `kunming status --json`: plain values of what the reads give (DESIGN.md section 6)."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from consultation.agreement import Proposal
from consultation.by_paragraph import ParagraphCounts, ParagraphView
from consultation.details import MailDetail, SpeakerDetail, UnplacedFact
from consultation.facts import ConsultationSnapshot, EditFact, MailFact
from consultation.kept import Arrival, Correction
from consultation.ledger import Ledger
from consultation.polling import Freshness, Poll
from consultation.reminders import Reminder
from consultation.status import SpeakerStatus, Status
from parsing.json_output import edit_form, sentence_form
from parsing.model import Draft

Json = dict[str, Any]


def status_form(status: Status, fresh: Freshness, now: datetime) -> Json:
    return {
        "draft": draft_form(status.draft),
        "deadline": instant(status.deadline),
        "generated_at": instant(now),
        "last_poll": freshness_form(fresh),
        "totals": plain(asdict(status.totals)),
        "parties": [standing_form(row) for row in status.parties],
        "observers": [standing_form(row) for row in status.observers],
        "groups": [standing_form(row) for row in status.groups],
    }


def draft_form(draft: Draft) -> Json:
    names = ("id", "title", "version", "language", "comments_to", "copy_to", "source")
    return {name: getattr(draft, name) for name in names} | {"deadline": draft.deadline.isoformat()}


def standing_form(row: SpeakerStatus) -> Json:
    return {one.name: plain(getattr(row, one.name)) for one in fields(SpeakerStatus)}


def reminder_form(one: Reminder) -> Json:
    row = one.party
    addresses = [{"address": point.address, "name": point.name, "role": point.role} for point in one.focal_points]
    return {"code": row.code, "name": row.name, "state": row.state, "covered_by": list(row.covered_by),
            "addresses": addresses}  # fmt: skip


def freshness_form(fresh: Freshness) -> Json:
    """`age_seconds` is how long ago the last good poll ended."""
    return {
        "last": None if fresh.last is None else poll_form(fresh.last),
        "last_good": instant(fresh.last_good),
        "stalest": instant(fresh.stalest),
        "age_seconds": fresh.age_seconds,
        "failing": [poll_form(poll) for poll in fresh.failing],
    }


def speaker_form(snapshot: ConsultationSnapshot, detail: SpeakerDetail) -> Json:
    """One Party, Group or Observer in full: its status, its mails, its edits and comments by paragraph."""
    return standing_form(detail) | {
        "mail_list": [mail_form(mail) for mail in detail.mail_list],
        "by_paragraph": {
            label: [fact_form(snapshot, fact) for fact in facts] for label, facts in detail.by_paragraph.items()
        },
    }


def fact_form(snapshot: ConsultationSnapshot, fact: EditFact) -> Json:
    who = fact.speaker
    return {
        "id": fact.id,
        "mail": fact.mail,
        "party": who.name if who and who.kind == "party" else None,
        "group": who.name if who and who.kind == "group" else None,
        "observer": who.name if who and who.kind == "observer" else None,
        "name": snapshot.name_of(who) if who else None,
        **edit_form(fact.edit, snapshot.draft),
        "needs_review": bool(fact.review),
        "review": fact.review,
        "current": fact.is_current,
        "by_hand": fact.mail is None,
        "corrections": list(fact.corrections),
    }


def mail_form(mail: MailFact) -> Json:
    """One Mail in a list. All three times are given; `provable` is the one that decides `late`."""
    return {
        "id": mail.id,
        "sha256": mail.sha256,
        "size": mail.size,
        "stage": mail.stage,
        "message_id": mail.message_id,
        "from": mail.sender,
        "subject": mail.subject,
        "class": mail.kind,
        "party": mail.party,
        "group": mail.group,
        "observer": mail.observer,
        "date": instant(mail.date),
        "received": instant(mail.received),
        "internaldate": instant(mail.internaldate),
        "provable": instant(mail.provable),
        "first_seen": instant(mail.first_seen),
        "late": mail.late,
        "copied": mail.copied,
        "confidence": mail.confidence,
        "flags": plain(asdict(mail.flags)),
        "current": mail.is_current,
        "superseded": None if mail.superseded is None else plain(asdict(mail.superseded)),
        "same_as": mail.same_as,
        "unreadable": list(mail.unreadable),
        "unplaced": mail.unplaced,
        "review": list(mail.review),
        "corrections": list(mail.corrections),
        "arrivals": [_arrival(arrival) for arrival in mail.arrivals],
    }


def _arrival(arrival: Arrival) -> Json:
    return {name: plain(getattr(arrival, name)) for name in arrival.__slots__}


def detail_form(snapshot: ConsultationSnapshot, detail: MailDetail) -> Json:
    return mail_form(detail.fact) | {
        "body": detail.body,
        "evidence": list(detail.evidence),
        "parts": [{"n": n, **plain(asdict(part))} for n, part in enumerate(detail.parts)],
        "edits": [fact_form(snapshot, fact) for fact in detail.edits],
        "unplaced": [{"text": u.text, "source": u.source, "why": u.why} for u in detail.unplaced],
        "sentences": [sentence_form(sentence) for sentence in detail.sentences],
        "problems": [{"source": p.source, "problem": p.problem} for p in detail.problems],
        "copies": [mail.id for mail in detail.copies],
        "replaces": [mail.id for mail in detail.replaces],
        "refused": detail.refused,
        "failed": detail.crashed,
    }


def unplaced_form(found: UnplacedFact) -> Json:
    mail, one = found.mail, found.unplaced
    return {"mail": mail.id, "party": mail.party, "group": mail.group, "observer": mail.observer,
            "text": one.text, "source": one.source, "why": one.why}  # fmt: skip


def places_form(counts: tuple[ParagraphCounts, ...]) -> list[Json]:
    numbers = ("edits", "comments", "speakers", "collisions", "to_review")
    return [plain(asdict(count.paragraph)) | {name: getattr(count, name) for name in numbers} for count in counts]


def place_form(snapshot: ConsultationSnapshot, place: ParagraphView) -> Json:
    """One paragraph: `passages` are the places that are changed, each with its proposals and who makes them."""
    paragraph: Json = plain(asdict(place.paragraph))
    return paragraph | {
        "passages": [
            {
                "collide": spot.collide,
                "over": spot.over,
                "proposals": [_proposal(snapshot, one) for one in spot.proposals],
            }
            for spot in place.passages
        ],
        "added": [_proposal(snapshot, one) for one in place.added],
        "comments": [_proposal(snapshot, one) for one in place.comments],
        "versions": [
            {
                "speaker": said.speaker.name,
                "kind": said.speaker.kind,
                "name": said.name,
                "redline": [{"kind": segment.kind, "text": segment.text} for segment in said.segments],
            }
            for said in place.versions
        ],
    }


def _proposal(snapshot: ConsultationSnapshot, one: Proposal) -> Json:
    return {
        "by": list(one.by),
        "edits": [fact_form(snapshot, f) for f in one.members],
    }


def ledger_form(ledger: Ledger) -> Json:
    form: Json = plain(asdict(ledger))
    return form


def poll_form(poll: Poll) -> Json:
    return {name: plain(getattr(poll, name)) for name in poll.__slots__}


def correction_form(one: Correction) -> Json:
    form = {name: plain(getattr(one, name)) for name in one.__slots__}
    return form | {"by": form.pop("who")}


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def plain(value: Any) -> Any:
    """The value as JSON has it: times in ISO 8601, tuples as lists."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value
