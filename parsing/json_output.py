"""What the commands `read` and `parse` print, and the API shows, of a reading: plain values, ready for JSON."""

from typing import Any

from parsing.model import Block, Draft, Edit, MarginComment, MarkedText, Message, OpenMail, Outcome, Part, Reading

_FIELDS_OF_EDIT = (
    "paragraph", "action", "start", "end", "old", "new", "to", "comment", "intent", "author", "date", "origin",
    "sources", "confidence", "needs_review", "evidence",
)  # fmt: skip


def reading_form(file: str, reading: Reading, draft: Draft) -> dict[str, Any]:
    """The line of `kunming parse --json`; each edit says on which draft it was made."""
    form: dict[str, Any] = _clean(
        {
            "file": file,
            "message": None if reading.message is None else message_form(reading.message),
            "edits": [edit_form(edit, draft) for edit in reading.edits],
            "unplaced": [{"text": u.text, "source": u.source, "why": u.why} for u in reading.unplaced],
            "sentences": [sentence_form(sentence) for sentence in reading.sentences],
            "problems": [{"source": p.source, "problem": p.problem} for p in reading.problems],
            "parts": [_part(part) for part in reading.parts],
            "mails": [reading_form(file, inner, draft) for inner in reading.mails],
        }
    )
    return form


def sentence_form(sentence: Outcome) -> dict[str, Any]:
    return {
        "source": sentence.source,
        "start": sentence.start,
        "end": sentence.end,
        "outcome": sentence.kind,
        "edits": list(sentence.edits),
        "why": sentence.why,
        "text": sentence.text,
    }


def message_form(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "from": message.sender,
        "subject": message.subject,
        "date": None if message.date is None else message.date.isoformat(),
        "class": message.kind,
        "party": message.party,
        "group": message.group,
        "observer": message.observer,
        "late": message.late,
        "copied": message.copied,
        "confidence": message.confidence,
        "needs_review": message.needs_review,
        "evidence": list(message.evidence),
    }


def edit_form(edit: Edit, draft: Draft) -> dict[str, Any]:
    form = {name: getattr(edit, name) for name in _FIELDS_OF_EDIT}
    if edit.read_by != "rules":
        form["read_by"] = edit.read_by
    return form | {"sources": list(edit.sources), "draft": draft.id}


def text_form(file: str, text: MarkedText, part: Part) -> dict[str, Any]:
    """The line of `kunming read --json` for a document."""
    form: dict[str, Any] = _clean(
        {
            "file": file,
            "format": text.format,
            "blocks": [_block(block) for block in text.blocks],
            "comments": [_comment(comment) for comment in text.comments],
            "problems": [{"source": p.source, "problem": p.problem} for p in text.problems],
            "parts": [_part(part)],
        }
    )
    return form


def mail_form(file: str, mail: OpenMail) -> dict[str, Any]:
    """The line of `kunming read --json` for a mail."""
    form: dict[str, Any] = _clean(
        {
            "file": file,
            "format": "message",
            "headers": {name: list(values) for name, values in mail.headers.items()},
            "body": "\n".join("".join(run.text for run in block.runs) for block in mail.body.blocks),
            "parts": [_part(leaf.part) for leaf in mail.leaves],
            "problems": [{"source": p.source, "problem": p.problem} for p in mail.problems],
        }
    )
    return form


def _part(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "type": part.type,
        "size": part.size,
        "sha256": part.sha256,
        "fate": part.fate,
        "why": part.why,
        "depth": part.depth,
    }


def _block(block: Block) -> dict[str, Any]:
    form: dict[str, Any] = {
        "place": block.place,
        "end": block.end,
        "runs": [
            {"text": run.text, "mark": run.mark, "author": run.author, "date": run.date, "move": run.move}
            | ({"deleted_by": run.deleted_by} if run.deleted_by else {})
            | ({"style": sorted(run.style)} if run.style else {})
            for run in block.runs
        ],
    }
    if block.number is not None:
        form["number"] = block.number
    if block.cell is not None:
        form["cell"] = [block.cell.table, block.cell.row, block.cell.column]
    return form


def _comment(comment: MarginComment) -> dict[str, Any]:
    return {
        "text": comment.text,
        "author": comment.author,
        "date": comment.date,
        "start": comment.start,
        "end": comment.end,
        "parent": comment.parent,
        "resolved": comment.resolved,
    }


def _clean(value: Any) -> Any:
    """Without lone surrogates and NULs, which no JSON reader and no database takes."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_clean(name): _clean(inner) for name, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value
