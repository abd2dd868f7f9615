"""What each correction says, in words for people: what it is about, and what was decided."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consultation.borders import shortened
from consultation.facts import ConsultationSnapshot
from consultation.kept import Correction

Json = Mapping[str, Any]
_SHOWN = 80
"""Characters of words that are quoted."""
_ACTS = {
    "replace": "{old} becomes {new}",
    "insert": "{new} is inserted",
    "delete": "{old} is deleted",
    "delete_paragraph": "the paragraph is deleted",
    "add_paragraph": "a new paragraph after it: {new}",
    "move_paragraph": "the paragraph is moved after {to}",
    "comment": "a comment: {comment}",
}


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction with what it says: `about` what it is, `says` what was decided; `mail` is that which it is about."""

    correction: Correction
    about: str
    says: str
    mail: int | None = None


def correction_lines(
    snapshot: ConsultationSnapshot, corrections: Iterable[Correction] | None = None
) -> tuple[CorrectionLine, ...]:
    """These corrections in words, or all, in their order."""
    words = _CorrectionNames(snapshot)
    return tuple(map(words.line, snapshot.corrections if corrections is None else corrections))


class _CorrectionNames:
    """What a correction says, with the names of a consultation."""

    def __init__(self, snapshot: ConsultationSnapshot) -> None:
        self._names = snapshot.names
        self._mails = {mail.sha256: mail.id for mail in snapshot.mails}
        self._corrections = {one.id: one for one in snapshot.corrections}

    def line(self, one: Correction) -> CorrectionLine:
        about, mail = self._about(one.target)
        return CorrectionLine(one, about, self._says(one), mail)

    def _says(self, one: Correction) -> str:
        """What it decided; of one that cannot be read the content is not shown."""
        return _SAYS[one.kind](self, one) if one.target else "what it says cannot be read"

    def _about(self, target: Json) -> tuple[str, int | None]:
        mail = self._mails.get(target.get("mail", ""))
        if "statement" in target:
            return _quoted(target["statement"]["text"]), mail
        if "edit" in target:
            return f"{target['edit']['paragraph']}: {_content(target['edit'])}", mail
        if "mail" in target:
            return "the mail" if mail is None else f"mail {mail}", mail
        if "entered" in target:
            return f"what was entered with no. {target['entered']}", None
        if "correction" in target:
            return f"no. {target['correction']}", None
        return self._speaker(target), None

    def _speaker(self, value: Json) -> str:
        """The Party by its name, the Group, the observer; a Party that wrote for a Group after it."""
        party = value.get("party")
        name = self._names.get(party, party) if party else None
        if value.get("group"):
            return f"{value['group']}, written by {name}" if name else str(value["group"])
        return name or value.get("observer") or "no one"

    def party(self, one: Correction) -> str:
        return f"attributed to {self._speaker(one.value)}"

    def kind(self, one: Correction) -> str:
        return f"its class is {one.value['kind']}"

    def same(self, one: Correction) -> str:
        return f"another copy of {self._mail(one.value['as'])}"

    def superseded(self, one: Correction) -> str:
        if not one.value["superseded"]:
            return "current after all"
        by = one.value.get("by")
        return f"superseded by {self._mail(by)}" if by else "superseded"

    def _mail(self, sha256: str) -> str:
        return f"mail {self._mails[sha256]}" if sha256 in self._mails else f"a mail that is not here ({sha256[:8]})"

    def claim(self, one: Correction) -> str:
        return "what it claims holds" if one.value["accepted"] else "what it claims does not hold: everything counts"

    def confirm(self, one: Correction) -> str:
        reasons = "; ".join(one.value.get("seen", ()))
        return f"right as it stands: {reasons}" if reasons else "right as it stands"

    def place(self, one: Correction) -> str:
        return f"moved to {one.value['paragraph']}"

    def amend(self, one: Correction) -> str:
        return f"should be {one.value['edit']['paragraph']}: {_content(one.value['edit'])}"

    def dismiss(self, one: Correction) -> str:  # noqa: ARG002
        return "no comment"

    def statement(self, one: Correction) -> str:
        edit = one.value.get("edit")
        return f"{edit['paragraph']}: {_content(edit)}" if edit else "no comment"

    def entry(self, one: Correction) -> str:
        edit = one.value["edit"]
        return f"entered by hand from {one.value['source']}: {edit['paragraph']}: {_content(edit)}"

    def disposition(self, one: Correction) -> str:
        note = one.value.get("note")
        said = one.value["disposition"] or "not decided"
        return f"{said}: {note}" if note else said

    def translation(self, one: Correction) -> str:
        return f"translation: {_quoted(one.value['text'])}"

    def deadline(self, one: Correction) -> str:
        return f"its own deadline: {one.value['deadline']}, granted by {one.value['granted_by']}"

    def undo(self, one: Correction) -> str:
        undone = self._corrections.get(one.target["correction"])
        return f"undone: {self._says(undone)}" if undone else "undone"


_SAYS: Mapping[str, Callable[[_CorrectionNames, Correction], str]] = {
    "party": _CorrectionNames.party,
    "kind": _CorrectionNames.kind,
    "same": _CorrectionNames.same,
    "superseded": _CorrectionNames.superseded,
    "claim": _CorrectionNames.claim,
    "confirm": _CorrectionNames.confirm,
    "place": _CorrectionNames.place,
    "amend": _CorrectionNames.amend,
    "dismiss": _CorrectionNames.dismiss,
    "statement": _CorrectionNames.statement,
    "entry": _CorrectionNames.entry,
    "disposition": _CorrectionNames.disposition,
    "translation": _CorrectionNames.translation,
    "deadline": _CorrectionNames.deadline,
    "undo": _CorrectionNames.undo,
}


def _content(edit: Json) -> str:
    words = {name: _quoted(edit.get(name) or "") for name in ("old", "new", "comment")}
    return _ACTS[edit["action"]].format(to=edit.get("to"), **words)


def _quoted(text: str) -> str:
    return f"“{shortened(text, _SHOWN)}”"
