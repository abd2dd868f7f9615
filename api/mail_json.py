"""One Mail in full as JSON. However long it is, the answer has an end: what is beyond it is at the addresses of the
next pages.
"""

from dataclasses import replace
from urllib.parse import urlencode

from api.cursors import PageQuery
from api.edits import EditQuery, edits_page
from api.json_output import MailDetailJson
from api.lists import sentences_page, statements_page
from consultation.details import MailDetail
from consultation.facts import ConsultationSnapshot

MOST = 500
"""Edits, sentences and statements that are in the answer; few mails have more."""


def mail_json(snapshot: ConsultationSnapshot, mail: MailDetail) -> MailDetailJson:
    """The Mail with the first of its edits, statements and sentences."""
    first = PageQuery(limit=MOST)
    edits = edits_page(snapshot, EditQuery(mail=mail.id, all=True, limit=MOST))
    statements, more_statements = statements_page(mail.statements, first)
    sentences, more_sentences = sentences_page(mail.sentences, first)
    shown = replace(mail, edits=mail.edits[:MOST], statements=tuple(statements), sentences=tuple(sentences))
    own = f"/api/v1/mails/{mail.id}"
    further = {
        "edits_next": _address("/api/v1/edits", edits.next, mail=mail.id, all="true"),
        "unplaced_next": _address(f"{own}/unplaced", more_statements),
        "sentences_next": _address(f"{own}/sentences", more_sentences),
    }
    return MailDetailJson.model_validate(shown).model_copy(update=further)


def _address(path: str, cursor: str | None, **query: int | str) -> str | None:
    """The address of the page that begins at the cursor; None without one."""
    return None if cursor is None else f"{path}?{urlencode({**query, 'limit': MOST, 'cursor': cursor})}"
