"""The entry point of this package: a ConsultationSnapshot of all that the store holds of the current Draft."""

from collections.abc import Mapping
from datetime import timedelta

from consultation.apply_corrections import correct_edits, correct_mails, own_deadlines, with_annotations
from consultation.correction_forms import as_shown, readable
from consultation.deadlines import END_OF_DAY_OFFSET, day_ends, with_lateness
from consultation.edits import edit_facts, in_order, with_contradictions
from consultation.facts import ConsultationSnapshot
from consultation.fitting import fitting
from consultation.kept import KeptConsultation
from consultation.mails import mail_facts
from consultation.review import with_review
from consultation.statements import (
    edits_of_statements,
    settled_counts,
    statement_facts,
    with_edits,
    without_settled,
)
from consultation.superseding import with_superseded
from parsing.model import Draft, Register


def make_snapshot(
    kept: KeptConsultation,
    register: Register,
    *,
    offset: timedelta = END_OF_DAY_OFFSET,
    mailboxes: Mapping[str, str] | None = None,
) -> ConsultationSnapshot:
    """What is known of the current draft: facts made of what was kept, what people corrected, what is superseded.

    `offset` is where the deadline's day ends; `mailboxes` gives the address of each polled mailbox, by name.
    """
    draft = kept.draft
    whole, wrong = readable(kept.corrections)
    corrections, unfit = fitting(whole, draft, register)
    names = {party.code: party.name for party in register.parties}
    deadlines = own_deadlines(corrections)
    deadline = day_ends(draft.deadline, offset)
    own = {code: day_ends(day, offset) for code, day in deadlines.items()}
    facts = mail_facts(kept.mails, _copy_mailboxes(draft, mailboxes or {}), kept.edits)
    mails, without_mail = correct_mails(facts, corrections)
    mails, in_circle = with_superseded(with_lateness(mails, deadline, own), corrections, register, names)
    statements = statement_facts(kept.unread, kept.unplaced, mails, corrections, names)
    mails = with_review(without_settled(mails, settled_counts(statements)), corrections)
    edits, without_edit = correct_edits(edit_facts(kept.edits, mails, draft, names), mails, corrections, draft, names)
    edits = (*edits, *edits_of_statements(corrections, mails, draft, names))
    edits = with_contradictions(with_annotations(edits, mails, corrections))
    settled_before = settled_counts(statements)
    statements = with_edits(statements, edits)
    mails = without_settled(mails, settled_counts(statements) - settled_before)
    not_applied = wrong | unfit | without_mail | in_circle | without_edit
    return ConsultationSnapshot(
        draft=draft,
        register=register,
        mails=tuple(sorted(mails, key=lambda mail: (mail.counts_from, mail.id))),
        edits=in_order(edits, draft),
        corrections=tuple(
            as_shown(one, is_wrong=one.id in wrong, not_applied=not_applied.get(one.id, "")) for one in kept.corrections
        ),
        deadline=deadline,
        own_deadlines=deadlines,
        names=names,
        statements=statements,
    )


def _copy_mailboxes(draft: Draft, mailboxes: Mapping[str, str]) -> frozenset[str]:
    """The mailboxes that are the draft's second address."""
    return frozenset(name for name, address in mailboxes.items() if draft.copy_to in (name, address))
