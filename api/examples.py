"""An example of each answer of the API: what it gives for a small consultation that is made up."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api import json_output as forms
from consultation.by_paragraph import paragraph_counts, paragraph_view
from consultation.details import mail_detail, speaker_detail, unplaced_facts
from consultation.easy_proposals import easy_ones
from consultation.facts import CONTENT, ConsultationSnapshot, EditFact
from consultation.health import AlarmLimits, DiskSpace, Health, checks
from consultation.kept import (
    Arrival,
    Correction,
    KeptConsultation,
    KeptEdit,
    KeptMail,
    KeptPart,
    KeptTexts,
    KeptUnplaced,
)
from consultation.ledger import ArrivalCount, KeptCounts, make_ledger
from consultation.polling import KeptPolls, Poll, freshness
from consultation.reminders import reminders
from consultation.search_hits import Hit
from consultation.search_words import excerpt, terms_of
from consultation.snapshot import make_snapshot
from consultation.status import status
from parsing.model import Draft, Edit, FocalPoint, Group, Message, Outcome, Paragraph, Party, Register, Unplaced
from store.audit import AuditEntry

_CAME = datetime(2021, 9, 3, 12, tzinfo=UTC)
_NOW = datetime(2021, 9, 8, 6, 30, tzinfo=UTC)
_OP5 = "Improve the effectiveness of protected areas;"
_DRAFT = Draft(
    id="example-draft",
    title="Example Declaration",
    version="First Draft",
    language="en",
    deadline=date(2021, 9, 6),
    comments_to="comments@example.org",
    copy_to="copies@example.org",
    paragraphs=(
        Paragraph("PP1", "preamble", None, "Recalling the Convention;"),
        Paragraph("OP5", "commitments", "5.", _OP5),
    ),
)
_REGISTER = Register(
    parties=(Party("NOR", "NO", "Norway", "WEOG"), Party("MWI", "MW", "Malawi", "African Group")),
    groups=(Group("African Group", (), ("MWI",)),),
)
_DOCUMENT = KeptPart("Norway.docx", "application/octet-stream", 24_000, "5f" * 32, "read")
_MAIL = KeptMail(
    id=12,
    sha256="0a" * 32,
    size=36_000,
    first_seen=_CAME,
    crashed=False,
    refused=False,
    twin_of=None,
    arrivals=(Arrival("outcome", "INBOX", 1, 12, "stored", _CAME, _NOW),),
    message=Message(
        message_id="<1@example.org>",
        sender="office@example.org",
        subject="Comments of Norway",
        date=_CAME,
        kind="comments",
        party="NOR",
        copied=True,
        received=_CAME - timedelta(minutes=1),
        confidence=0.95,
    ),
    parts=(_DOCUMENT,),
    unplaced=1,
    first_read=_NOW,
    read_at=_NOW,
)
_EDITS = (
    Edit("OP5", "replace", 12, 25, "effectiveness", "management", author="A delegate", sources=("Norway.docx",)),
    Edit("PP1", "comment", comment="We welcome this paragraph.", origin="remark", sources=("body",)),
)
_UNPLACED = KeptUnplaced(12, Unplaced("Mention the oceans.", "body", "names no paragraph"))
_TEXTS = KeptTexts(
    body="Please find our comments attached. Mention the oceans.",
    evidence=("The sender's domain is one of Norway's.",),
    parts=(_DOCUMENT,),
    unplaced=(_UNPLACED,),
    sentences=(
        Outcome("body", 0, 35, "courtesy", "Please find our comments attached. ", why="a phrase of courtesy"),
        Outcome("body", 35, 54, "unread", "Mention the oceans.", why="names no paragraph"),
        Outcome("Norway.docx", 0, 42, "edit", "Improve the management of protected areas;", (0,), "compared"),
    ),
)
_CORRECTION = Correction(
    id=3,
    at=_NOW,
    who="A drafter",
    why="It is signed by the focal point.",
    kind="party",
    target={"mail": "0a" * 32},
    value={"party": "NOR", "group": None, "observer": None},
)
_POLL = Poll(
    7, "outcome", "nightly", _NOW - timedelta(hours=3, seconds=40), _NOW - timedelta(hours=3), "ok", 1, 1, None
)
_READ_RAW = AuditEntry(9, _NOW, "A drafter", "read raw mail", "mail 12", "192.0.2.7")
_COUNTS = KeptCounts((ArrivalCount("outcome", "INBOX", 1, "stored", 1, 12),), (), 1, 1, 0, (), {"outcome": 1})


_HEALTH = Health(
    _NOW,
    mailboxes=("outcome",),
    polls=KeptPolls((_POLL,), {"outcome": _NOW - timedelta(hours=3)}),
    disks=(DiskSpace("/data", 48_000_000_000),),
)


def examples() -> dict[str, Any]:
    """The JSON of an answer by the name of its operation; downloads have none."""
    kept = KeptConsultation(_DRAFT, (_MAIL,), tuple(KeptEdit(12, edit) for edit in _EDITS), (_CORRECTION,))
    snapshot = make_snapshot(kept, _REGISTER)
    statuses = status(snapshot)
    fresh = freshness(KeptPolls((_POLL,), {"outcome": _NOW - timedelta(hours=3)}), _NOW)
    norway = next(row for row in statuses.parties if row.code == "NOR")
    detail = mail_detail(snapshot, snapshot.mails[0], _TEXTS)
    focal_point = FocalPoint("office@example.org", "Office", "MWI", "focal point")
    return {
        "get_status": _json(forms.status_json(statuses, fresh, _NOW)),
        "get_parties": _all(forms.SpeakerStatusJson, statuses.parties),
        "get_party": _one(forms.SpeakerDetailJson, speaker_detail(snapshot, norway)),
        "get_reminders": _all(forms.ReminderJson, reminders(statuses.parties, (focal_point,))),
        "get_paragraphs": _all(forms.ParagraphCountsJson, paragraph_counts(snapshot)),
        "get_paragraph": _one(forms.ParagraphJson, paragraph_view(snapshot, "OP5")),
        "get_edits": {"edits": _all(forms.EditJson, snapshot.edits), "next": None},
        "get_search": {"hits": _all(forms.HitJson, _hits(snapshot)), "next": None},
        "get_unplaced": _all(forms.UnplacedJson, unplaced_facts((_UNPLACED,), snapshot.mails)),
        "get_mails": _all(forms.MailJson, snapshot.mails),
        "get_mail": _one(forms.MailDetailJson, detail),
        "get_sentences": _all(forms.SentenceJson, detail.sentences),
        "get_unplaced_of_mail": [asdict(one) for one in detail.statements],
        "get_polls": _all(forms.PollJson, (_POLL,)),
        "get_ledger": _one(forms.LedgerJson, make_ledger(_COUNTS)),
        "get_corrections": _all(forms.CorrectionJson, snapshot.corrections),
        "post_correction": _one(forms.CorrectionJson, _CORRECTION),
        "get_editorial": _all(forms.EasyProposalJson, easy_ones(_DRAFT.paragraphs[1], (_easy(snapshot),), "en")),
        "post_marks": _marked(snapshot),
        "get_audit": _all(forms.AuditEntryJson, (_READ_RAW,)),
        "get_healthz": _json(forms.health_json(fresh, 0)),
        "get_readyz": _json(forms.readiness_json(fresh, _HEALTH, checks(_HEALTH, AlarmLimits(), ""))),
    }


def _hits(snapshot: ConsultationSnapshot) -> list[Hit]:
    """What is found of “oceans”, and of “management”."""
    mail, edit = snapshot.mails[0], snapshot.edits[-1]
    return [
        Hit("mail", mail, None, "body", excerpt(_TEXTS.body, terms_of("oceans"))),
        Hit("edit", mail, edit, "Norway.docx", excerpt(edit.edit.new or edit.edit.comment, terms_of("management"))),
    ]


def _easy(snapshot: ConsultationSnapshot) -> EditFact:
    """An edit that is editorial, of the same mail."""
    edit = Edit("OP5", "replace", 29, 44, "protected areas", "protected area", sources=("Norway.docx",))
    first = next(fact for fact in snapshot.edits if fact.edit.action == "replace")
    return replace(first, id="12-4f1f2d6c0a", edit=edit, read=edit, review="")


def _marked(snapshot: ConsultationSnapshot) -> Any:
    """One mark that was kept, and one that was not."""
    content = {name: getattr(_EDITS[0], name) for name in CONTENT}
    target = {"mail": _MAIL.sha256, "edit": content, "nth": 0}
    value = {"disposition": "taken up", "note": ""}
    kept = replace(_CORRECTION, id=4, why="", kind="disposition", target=target, value=value)
    meanwhile = forms.DecidedMeanwhileJson(
        edit=snapshot.edits[0].id, why="Another drafter has decided this meanwhile: no. 2"
    )
    answer = forms.MarksJson(kept=[forms.CorrectionJson.model_validate(kept)], decided_meanwhile=[meanwhile])
    return _json(answer)


def _all(model: type[forms.JsonModel], values: Iterable[object]) -> list[Any]:
    return [_one(model, value) for value in values]


def _one(model: type[forms.JsonModel], value: object) -> Any:
    return _json(model.model_validate(value))


def _json(answer: forms.JsonModel) -> Any:
    return answer.model_dump(mode="json")
