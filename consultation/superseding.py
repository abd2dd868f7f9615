"""What a speaker's later mails take from its earlier ones, and what of that needs review."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import PurePath

from consultation.apply_corrections import active
from consultation.authority import SentMail, allies, is_same_sender, may_not_cover, may_not_take, why_unknown
from consultation.facts import ClaimKind, MailFact, Names, Superseded, SupersededFile, WaitingClaim
from consultation.kept import Correction
from consultation.links import makes_a_circle
from parsing.languages.tables import phrases
from parsing.model import Claim, Register

_LATER = re.compile(
    rf"[\s_.-]*(?:\(\d+\)|(?:{'|'.join(map(re.escape, phrases('claims.file_versions')))})[\s_.-]?\d*"
    r"|\d{6,8})(?=[\s_().-]|$)",
    re.IGNORECASE,
)
"""What a file's name gains when the file is sent again: "_rev2", " (1)", "-corrected"."""
_ANOTHER = "it comes from another address"
_NOTHING = "the new file asks for nothing"
_COMMENTS = "comments came before"


@dataclass(frozen=True, slots=True)
class Supersession:
    """That a later mail takes the place of an earlier one, or of its `files` alone; `waits` says why not yet."""

    by: int
    of: int
    kind: ClaimKind
    words: str
    waits: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SupersededMails:
    """What is taken among one speaker's mails: Mails as a whole, files of a Mail by name, and what waits."""

    mails: dict[int, Superseded] = field(default_factory=dict)
    files: dict[int, dict[str, SupersededFile]] = field(default_factory=dict)
    waiting: tuple[Supersession, ...] = ()


# --- the mails with what is taken from them ----------------------------------------------------------


def with_superseded(
    mails: tuple[MailFact, ...], corrections: Sequence[Correction], register: Register, names: Names
) -> tuple[tuple[MailFact, ...], dict[int, str]]:
    """The mails with what has superseded each, and what they claim that waits: what a person decided, else what later
    mails say. Then, by its id, why a correction has no effect.
    """
    accepted = _accepted(mails, corrections)
    taken = _taken_by_speaker(mails, accepted, names)
    decided, not_applied = _decided(mails, corrections)
    links = {mail_id: one.by for mail_id, one in decided.items() if one and one.by is not None}
    said = {
        mail_id: one
        for mail_id, one in taken.mails.items()
        if mail_id not in decided and not (one.by is not None and makes_a_circle(links, mail_id, one.by))
    }
    whole: Mapping[int, Superseded | None] = said | decided
    files = {mail_id: one for mail_id, one in taken.files.items() if mail_id not in decided}
    waiting = _waiting(taken.waiting, whole)
    facts = (
        replace(
            mail,
            superseded=whole.get(mail.id),
            superseded_files=tuple(files.get(mail.id, {}).values()),
            waiting=waiting.get(mail.id, ()),
        )
        for mail in mails
    )
    return tuple(_with_cover(mail, accepted.get(mail.id), register, names) for mail in facts), not_applied


def _accepted(mails: Iterable[MailFact], corrections: Iterable[Correction]) -> dict[int, bool]:
    """By Mail: whether a person has said that what it claims holds."""
    by_hash = {mail.sha256: mail.id for mail in mails}
    claims = [one for one in active(corrections, "claim") if one.target["mail"] in by_hash]
    return {by_hash[one.target["mail"]]: one.value["accepted"] for one in claims}


def _decided(
    mails: Iterable[MailFact], corrections: Iterable[Correction]
) -> tuple[dict[int, Superseded | None], dict[int, str]]:
    """By Mail: what a person said has superseded it; None where a person said that it is current. A decision that
    would close a circle, in which no mail counts, has no effect.
    """
    facts = tuple(mails)
    by_hash = {mail.sha256: mail.id for mail in facts}
    links = {mail.id: mail.same_as for mail in facts if mail.same_as is not None}
    out: dict[int, Superseded | None] = {}
    not_applied: dict[int, str] = {}
    for one in active(corrections, "superseded"):
        mail_id = by_hash.get(one.target["mail"])
        if mail_id is None:
            continue
        by = by_hash.get(one.value.get("by") or "") if one.value["superseded"] else None
        if by is not None and makes_a_circle(links, mail_id, by):
            not_applied[one.id] = f"mail {by} itself gives way to mail {mail_id}"
            continue
        if by is not None:
            links[mail_id] = by
        why = f"{one.who}: {one.why}" if one.why else one.who
        out[mail_id] = Superseded(by, why) if one.value["superseded"] else None
    return out, not_applied


def _taken_by_speaker(mails: Iterable[MailFact], accepted: Mapping[int, bool], names: Names) -> SupersededMails:
    by_speaker = defaultdict(list)
    for mail in mails:
        if mail.speaker and mail.same_as is None and mail.stage == "read" and mail.speaks_on_the_draft:
            by_speaker[mail.speaker].append(_sent(mail, accepted.get(mail.id), names))
    parts = [supersessions_among(sent) for sent in by_speaker.values()]
    return SupersededMails(
        mails={mail_id: one for part in parts for mail_id, one in part.mails.items()},
        files={mail_id: one for part in parts for mail_id, one in part.files.items()},
        waiting=tuple(one for part in parts for one in part.waiting),
    )


def _sent(mail: MailFact, accepted: bool | None, names: Names) -> SentMail:
    return SentMail(
        id=mail.id,
        at=mail.counts_from,
        message_id=mail.message_id,
        claim=mail.flags.claim,
        files=mail.files,
        sender=mail.sender or "",
        unproven=mail.flags.unproven,
        unknown=why_unknown(mail, names),
        speaks_for=allies(mail),
        has_no_comments=mail.kind == "no-comments",
        said_in=mail.said_in,
        is_unreadable=bool(mail.unreadable),
        accepted=accepted,
        vouched=mail.attributed_by_hand or accepted is True,
    )


def _waiting(
    takings: Iterable[Supersession], whole: Mapping[int, Superseded | None]
) -> dict[int, tuple[WaitingClaim, ...]]:
    """By the Mail that claims: what waits, without what is decided by now: a mail that is out takes nothing, and from
    one of which a person has said that it is current, or that is out already, nothing is left to take.
    """
    open_ones: dict[tuple[int, ClaimKind, str, str], list[int]] = defaultdict(list)
    for one in takings:
        if whole.get(one.by) is None and one.of not in whole:
            open_ones[one.by, one.kind, one.words, one.waits].append(one.of)
    out: dict[int, tuple[WaitingClaim, ...]] = defaultdict(tuple)
    for (by, kind, words, waits), of in open_ones.items():
        out[by] = (*out[by], WaitingClaim(kind, tuple(of), words, waits))
    return out


def _with_cover(mail: MailFact, accepted: bool | None, register: Register, names: Names) -> MailFact:
    """The mail with whether others count as covered by it; and what it claims of its own speaker alone."""
    if accepted is not None:
        return replace(mail, covers=accepted)
    if mail.stage != "read" or not mail.is_current or not mail.speaks_on_the_draft:
        return mail
    why = may_not_cover(mail, register, names)
    waiting = mail.waiting
    if why and mail.kind != "announcement":
        waiting = (*waiting, WaitingClaim("speaks for others", (), "", why))
    if mail.kind == "no-comments" and not waiting:
        waiting = tuple(_no_comments_claim(mail, names))
    return replace(mail, covers=not why, waiting=waiting)


def _no_comments_claim(mail: MailFact, names: Names) -> Iterator[WaitingClaim]:
    """That a Party has no comments takes it from those who have not answered."""
    why = mail.flags.unproven or ("" if mail.attributed_by_hand or mail.group else why_unknown(mail, names))
    if why:
        yield WaitingClaim("no comments", (), "", why)


# --- among one speaker's mails -----------------------------------------------------------------------


def supersessions_among(sent: Iterable[SentMail]) -> SupersededMails:
    """What one speaker's later mails take from its earlier ones. The order is that of their times alone."""
    order = sorted(sent, key=lambda one: (one.at.astimezone(UTC), one.message_id or "", one.id))
    by_id = {one.id: one for one in order}
    mails: dict[int, Superseded] = {}
    files: dict[int, dict[str, SupersededFile]] = defaultdict(dict)
    waiting = []
    for n, later in enumerate(order):
        for one in _supersessions(later, order[:n], mails):
            taken = Superseded(later.id, _why(one))
            if one.waits:
                waiting.append(one)
            elif not one.files:
                mails.setdefault(one.of, taken)
            else:
                files[one.of] |= {name: SupersededFile(name, later.id, taken.why) for name in one.files}
                if _is_emptied(by_id[one.of], files[one.of]):
                    mails.setdefault(one.of, taken)
    return SupersededMails(mails, dict(files), tuple(waiting))


def _supersessions(later: SentMail, before: Sequence[SentMail], out: Container[int]) -> Iterator[Supersession]:
    """All that the later mail takes, or would take; `out` are superseded already."""
    if later.accepted is False:
        return
    claimed = set()
    for one in _of_claim(later, before, out):
        claimed.add(one.of)
        yield one
    still = [one for one in before if one.id not in claimed and one.id not in out]
    yield from _of_files(later, still, before)
    if later.has_no_comments and not claimed:
        yield from _of_no_comments(later, still, before)


def _of_claim(later: SentMail, before: Sequence[SentMail], out: Container[int]) -> Iterator[Supersession]:
    claim = later.claim
    if not (claim.replaces or claim.withdraws):
        return
    kind: ClaimKind = "withdraws" if claim.withdraws else "replaces"
    own = [one for one in before if not may_not_take(later, one, before)]
    claimed = [*_claimed(claim, own or before, out), *_claimed_of_others(claim, own, before, out)]
    for earlier in claimed:
        waits = "" if later.accepted else may_not_take(later, earlier, before)
        yield Supersession(later.id, earlier.id, kind, claim.why, waits)


def _claimed_of_others(
    claim: Claim, own: Sequence[SentMail], before: Sequence[SentMail], out: Container[int]
) -> Sequence[SentMail]:
    """The mails beyond the sender's own that a claim about all that came before is about too."""
    about_all = claim.replaces in (None, "all") and not _named(claim, before)
    if not (own and about_all):
        return ()
    return [one for one in before if one not in own and one.id not in out]


def _claimed(claim: Claim, before: Sequence[SentMail], out: Container[int]) -> Sequence[SentMail]:
    """The earlier mails that a claim is about: those that it names, else as many as it says."""
    named = _named(claim, before)
    if named:
        return named
    if claim.replaces == "first":
        return before[:1]
    if claim.replaces == "previous":
        return [one for one in before if one.id not in out][-1:]
    return before


def _named(claim: Claim, before: Sequence[SentMail]) -> Sequence[SentMail]:
    return [one for one in before if one.message_id and one.message_id in claim.of]


def _of_files(later: SentMail, still: Sequence[SentMail], before: Sequence[SentMail]) -> Iterator[Supersession]:
    """Files that the later mail brings again with other words."""
    new = defaultdict(list)
    for name, sha256 in later.files:
        new[_bare(name)].append((name, sha256))
    for earlier in still if new else ():
        again = [
            (name, new[_bare(name)]) for name, sha256 in earlier.files if _is_revised(sha256, new.get(_bare(name)))
        ]
        if again:
            names = [name for _, brought in again for name, _ in brought]
            waits = "" if later.accepted else _why_files_wait(later, earlier, before, names)
            yield Supersession(later.id, earlier.id, "sends again", names[0], waits, tuple(name for name, _ in again))


def _is_revised(sha256: str, brought: Sequence[tuple[str, str]] | None) -> bool:
    return bool(brought) and sha256 not in {new for _, new in brought or ()}


def _why_files_wait(later: SentMail, earlier: SentMail, before: Sequence[SentMail], names: Iterable[str]) -> str:
    """Two ministries may name their files alike, and who sends the draft itself again asks for nothing in it."""
    reason = may_not_take(later, earlier, before)
    if reason:
        return reason
    if not is_same_sender(later, earlier):
        return _ANOTHER
    says = {source for sources in later.said_in for source in sources}
    return "" if says.issuperset(names) else _NOTHING


def _of_no_comments(later: SentMail, still: Sequence[SentMail], before: Sequence[SentMail]) -> Iterator[Supersession]:
    """That there are no comments, where comments came before."""
    for earlier in still:
        if earlier.said_in and not earlier.has_no_comments:
            waits = "" if later.accepted else may_not_take(later, earlier, before) or _COMMENTS
            yield Supersession(later.id, earlier.id, "no comments", "", waits)


def _why(one: Supersession) -> str:
    if one.kind == "sends again":
        return f"{one.words} was sent again, revised"
    if one.words:
        return f"“{one.words}”"
    return {"withdraws": "withdrawn", "replaces": "replaced"}.get(one.kind, "no comments")


def _is_emptied(earlier: SentMail, gone: Container[str]) -> bool:
    """Whether a mail says nothing beside the files that came again."""
    elsewhere = any(name not in gone for sources in earlier.said_in for name in sources)
    return not elsewhere and not earlier.is_unreadable and all(name in gone for name, _ in earlier.files)


def _bare(name: str) -> str:
    path = PurePath(name.casefold())
    return re.sub(r"[\s_().-]+", " ", _LATER.sub("", path.stem)).strip() + path.suffix
