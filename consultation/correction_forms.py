"""The form of each kind of correction: what a person may give, and what is kept of it. Rows are read through the same
forms whenever they are applied, whoever wrote them: one that says what cannot be is reported, and skipped.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from consultation.edit_content import WrongCorrection
from consultation.facts import Disposition
from consultation.kept import Correction, CorrectionKind
from parsing.model import Action, Kind

LARGEST_ID = 2**63 - 1
"""What a database holds as a number."""
LONGEST_WHO, LONGEST_WHY = 300, 10_000
_NAME, _TEXT, _CONTENT = 300, 100_000, 10_000_000
"""Characters of a name, of what a person enters, and of what a mail may hold."""
_MOST = 100_000
"""Items of a list: all that waits in one mail may be confirmed at once."""
_SHOWN = 60
"""So many characters of a wrong value are in the message."""


def _legible(text: str) -> str:
    """The text, which a database and a page can hold."""
    if "\0" in text:
        raise PydanticCustomError("text", "a text without NUL is expected")
    return text


Name = Annotated[str, StringConstraints(max_length=_NAME), AfterValidator(_legible)]
Text = Annotated[str, StringConstraints(max_length=_TEXT), AfterValidator(_legible)]
Content = Annotated[str, StringConstraints(max_length=_CONTENT)]
Number = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Named = Number | Name
"""A mail or a correction, by its number or as text."""
Offset = Annotated[int, Field(ge=0, le=2**31 - 1)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


# --- what a person may give ----------------------------------------------------------------------------


class GivenEdit(_Form):
    """An edit as a person enters it; `after`, `before` and `nth` show its place by words."""

    paragraph: Name | None = None
    action: Name | None = None
    start: Offset | None = None
    end: Offset | None = None
    old: Text | None = None
    new: Text | None = None
    to: Name | None = None
    comment: Text | None = None
    intent: Name | None = None
    after: Text | None = None
    before: Text | None = None
    nth: Named | None = None


class GivenTarget(_Form):
    """What a correction is about; each kind takes some of these (GIVEN)."""

    mail: Named | None = None
    edit: Name | None = None
    statement: Name | None = None
    party: Name | None = None
    group: Name | None = None
    observer: Name | None = None
    correction: Named | None = None


class GivenValue(_Form):
    """What is decided; each kind takes some of these (GIVEN)."""

    party: Name | None = None
    group: Name | None = None
    observer: Name | None = None
    kind: Name | None = None
    other: Named | None = Field(default=None, alias="as")
    by: Named | None = None
    superseded: bool = True
    accepted: bool | None = None
    only: Name | None = None
    paragraph: Name | None = None
    start: Offset | None = None
    end: Offset | None = None
    after: Text | None = None
    before: Text | None = None
    nth: Named | None = None
    edit: GivenEdit | None = None
    source: Text | None = None
    disposition: Name | None = None
    note: Text | None = None
    text: Text | None = None
    deadline: Name | None = None
    granted_by: Text | None = None


_SPEAKER = frozenset(("party", "group", "observer"))
GIVEN: dict[CorrectionKind, tuple[frozenset[str], frozenset[str]]] = {
    "party": (frozenset(("mail",)), _SPEAKER),
    "kind": (frozenset(("mail",)), frozenset(("kind",))),
    "same": (frozenset(("mail",)), frozenset(("as",))),
    "superseded": (frozenset(("mail",)), frozenset(("superseded", "by"))),
    "claim": (frozenset(("mail",)), frozenset(("accepted",))),
    "confirm": (frozenset(("mail", "edit")), frozenset(("only",))),
    "place": (frozenset(("edit",)), frozenset(("paragraph", "start", "end", "nth", "after", "before"))),
    "amend": (frozenset(("edit",)), frozenset(("edit",))),
    "dismiss": (frozenset(("edit",)), frozenset()),
    "statement": (frozenset(("statement",)), frozenset(("edit",))),
    "entry": (_SPEAKER, frozenset(("edit", "source"))),
    "disposition": (frozenset(("edit",)), frozenset(("disposition", "note"))),
    "translation": (frozenset(("edit",)), frozenset(("text",))),
    "deadline": (frozenset(("party",)), frozenset(("deadline", "granted_by"))),
    "undo": (frozenset(("correction",)), frozenset()),
}
"""By kind: the fields that its target and its value may have."""


def check_given(kind: CorrectionKind, target: object, value: object) -> None:
    """Raises WrongCorrection with one line that names the field where a field is none of the kind's, or is not of its
    type. Whether what it says can be is asked later.
    """
    for name, form, given, fields in (
        ("target", GivenTarget, target, GIVEN[kind][0]),
        ("value", GivenValue, value, GIVEN[kind][1]),
    ):
        _read(form, given, name)
        unknown = [str(field) for field in given if field not in fields] if isinstance(given, dict) else []
        if unknown:
            takes = f"takes {', '.join(sorted(fields))}" if fields else "is empty"
            raise WrongCorrection(f"{name}.{unknown[0]}: the {name} of a correction of the kind {kind} {takes}")


def check_person(who: str, why: str) -> None:
    """Raises WrongCorrection where the name of the person or the reason cannot be kept."""
    if not who.strip():
        raise WrongCorrection("by: a correction carries the name of the person who makes it")
    for name, text, most in (("by", who, LONGEST_WHO), ("why", why, LONGEST_WHY)):
        if len(text) > most:
            raise WrongCorrection(f"{name}: at most {most} characters")
        if "\0" in text or (not text.isascii() and text != shown_text(text)):
            raise WrongCorrection(f"{name}: a text of whole characters is expected")


# --- what is kept ----------------------------------------------------------------------------------------

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class OfMail(_Form):
    mail: Sha256


class EditContent(_Form):
    """The content by which an edit is found again (consultation.facts.CONTENT)."""

    paragraph: Content
    action: Action
    start: Offset | None
    end: Offset | None
    old: Content
    new: Content
    to: Content | None
    comment: Content


class OfEdit(OfMail):
    """`nth` tells equal edits of one mail apart."""

    edit: EditContent
    nth: Offset


class OfEntered(_Form):
    """An edit that was entered by hand, by the number of its correction."""

    entered: Number


class StatementWords(_Form):
    source: Content
    text: Content
    nth: Offset


class OfStatement(OfMail):
    statement: StatementWords


class OfSpeaker(_Form):
    party: Name | None = None
    group: Name | None = None
    observer: Name | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "OfSpeaker":
        if len(self.model_fields_set) != 1 or not any((self.party, self.group, self.observer)):
            raise PydanticCustomError("target", "one of party, group or observer")
        return self


class OfParty(_Form):
    party: Name


class OfCorrection(_Form):
    correction: Number


class Nothing(_Form):
    pass


class AttributionCorrection(_Form):
    party: Name | None
    group: Name | None
    observer: Name | None

    @model_validator(mode="after")
    def _is_of_one(self) -> "AttributionCorrection":
        if self.observer and (self.party or self.group):
            raise PydanticCustomError("speaker", "a mail is of a Party or Group, or of an observer")
        return self


class MailClass(_Form):
    kind: Kind


class SameAs(_Form):
    other: Sha256 = Field(alias="as")


class SupersededBy(_Form):
    superseded: bool
    by: Sha256 | None = None


class Accepted(_Form):
    accepted: bool


class Seen(_Form):
    """What a person has confirmed: reasons for review, edits, statements."""

    seen: Annotated[list[Content], Field(max_length=_MOST)] = Field(default_factory=list)
    edits: Annotated[list[Name], Field(max_length=_MOST)] = Field(default_factory=list)
    statements: Annotated[list[StatementWords], Field(max_length=_MOST)] = Field(default_factory=list)


class PlaceCorrection(_Form):
    paragraph: Name
    start: Offset | None
    end: Offset | None


class EditByHand(_Form):
    paragraph: Name
    action: Action
    start: Offset | None
    end: Offset | None
    old: Text
    new: Text
    to: Name | None
    comment: Text
    intent: Name | None


class Amended(_Form):
    edit: EditByHand


class SaidInWords(_Form):
    """What a statement says, made on a draft; nothing where it is no comment."""

    edit: EditByHand | None = None
    draft: Name | None = None

    @model_validator(mode="after")
    def _is_of_a_draft(self) -> "SaidInWords":
        if (self.edit is None) != (self.draft is None):
            raise PydanticCustomError("draft", "an edit and the draft that it is made on, or neither")
        return self


class Entered(_Form):
    edit: EditByHand
    source: Text
    draft: Name


class Disposed(_Form):
    disposition: Disposition | None
    note: Text


class Translated(_Form):
    text: Text


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("day", "a day as 2021-09-13") from error
    return text


class MoreTime(_Form):
    deadline: Annotated[str, AfterValidator(_day)]
    granted_by: Text


KEPT: dict[CorrectionKind, tuple[tuple[type[_Form], ...], type[_Form]]] = {
    "party": ((OfMail,), AttributionCorrection),
    "kind": ((OfMail,), MailClass),
    "same": ((OfMail,), SameAs),
    "superseded": ((OfMail,), SupersededBy),
    "claim": ((OfMail,), Accepted),
    "confirm": ((OfMail, OfEdit), Seen),
    "place": ((OfEdit,), PlaceCorrection),
    "amend": ((OfEdit,), Amended),
    "dismiss": ((OfEdit,), Nothing),
    "statement": ((OfStatement,), SaidInWords),
    "entry": ((OfSpeaker,), Entered),
    "disposition": ((OfEdit, OfEntered), Disposed),
    "translation": ((OfEdit, OfEntered), Translated),
    "deadline": ((OfParty,), MoreTime),
    "undo": ((OfCorrection,), Nothing),
}
"""By kind: what it may be about, and what it may say. Mails are kept by SHA-256 and edits by their content, so that
they are found again after a new Reading.
"""


def check_kept(kind: str, target: object, value: object) -> None:
    """Raises WrongCorrection with one line that names the field where the kind cannot say this."""
    known: Any = kind
    if known not in get_args(CorrectionKind):
        raise WrongCorrection(f"kind {_short(kind)}: one of {', '.join(get_args(CorrectionKind))}")
    targets, form = KEPT[known]
    _read(_target_form(targets, target), target, "target")
    _read(form, value, "value")


def _target_form(forms: tuple[type[_Form], ...], target: object) -> type[_Form]:
    """Of several the one that has all the fields of the target, else the first."""
    given = set(target) if isinstance(target, dict) else set()
    return next((form for form in forms if given and given <= form.model_fields.keys()), forms[0])


def readable(corrections: Iterable[Correction]) -> tuple[tuple[Correction, ...], dict[int, str]]:
    """The corrections that say what their kind may say; and by the id of each other one, what is wrong with it."""
    found, wrong = [], {}
    for one in corrections:
        try:
            check_kept(one.kind, one.target, one.value)
        except WrongCorrection as error:
            wrong[one.id] = str(error)
        else:
            found.append(one)
    return tuple(found), wrong


def as_shown(one: Correction, *, is_wrong: bool, not_applied: str) -> Correction:
    """A correction for people; the content of one that does not say what its kind may say is anything, and left out."""
    shown = replace(one, who=shown_text(one.who), why=shown_text(one.why), not_applied=not_applied)
    kind = shown.kind if shown.kind in KEPT else "unreadable"
    return replace(shown, kind=kind, target={}, value={}) if is_wrong else shown


def shown_text(text: str) -> str:
    """The text with “?” for what no page can hold: half characters."""
    return text.encode("utf-8", "replace").decode()


# --- messages --------------------------------------------------------------------------------------------


def _read(form: type[_Form], given: object, name: str) -> None:
    try:
        form.model_validate(given)
    except ValidationError as error:
        raise WrongCorrection(shown_text(_line(error.errors(include_url=False)[0], name))) from None


_SAYS = {
    "missing": "is wanted",
    "extra_forbidden": "there is no such field",
    "string_unicode": "a text of whole characters is expected",
    "model_type": "an object is expected",
}


def _line(error: ErrorDetails, name: str) -> str:
    """The error in one line: the field, the value, and what is expected."""
    where = ".".join((name, *(str(part) for part in error["loc"] if isinstance(part, int) or part.isidentifier())))
    if error["type"] in _SAYS:
        return f"{where}: {_SAYS[error['type']]}"
    if error["type"] == "literal_error":
        return f"{where} {_short(error['input'])}: one of {str(error['ctx']['expected']).replace(' or ', ', ')}"
    if isinstance(error["input"], dict | list):
        return f"{where}: {error['msg']}"
    return f"{where} {_short(error['input'])}: {error['msg']}"


def _short(value: object) -> str:
    """The value in a message: short, and in ASCII where it cannot be printed."""
    text = repr(value)
    return (text if text.isprintable() else ascii(text))[:_SHOWN]
