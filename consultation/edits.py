"""Edits as facts: who proposes each, whether it is current, an id that outlives a new Reading, their order."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha1
from typing import NamedTuple

from consultation.contradictions import contradictions
from consultation.doubts import why_doubtful
from consultation.facts import EditFact, MailFact, Names, Speaker, name_of
from consultation.kept import KeptEdit
from parsing.model import Draft, Edit

Position = tuple[int, int, int, int, str]


def edit_facts(edits: Iterable[KeptEdit], mails: Iterable[MailFact], draft: Draft, names: Names) -> Iterator[EditFact]:
    """The facts of each Edit on that draft, in the order given; `mails` are those that they come from."""
    mails = tuple(mails)
    first_sent = _first_sent(mails)
    files = {mail.id: dict(mail.files) for mail in mails}
    gone = {mail.id: {one.name for one in mail.superseded_files} for mail in mails}
    by_id = {
        (mail.id, n - 1 if n else None): _Proposer.of(one, names)
        for mail in mails
        for n, one in enumerate(mail.speaking)
    }
    seen: Counter[str] = Counter()
    indexes: Counter[int] = Counter()
    for kept in edits:
        edit, mail = kept.edit, by_id.get((kept.mail, kept.inner)) or by_id.get((kept.mail, None))
        if mail is None:  # an edit of no mail: a row of the store is damaged
            continue
        base = f"{kept.mail}-{_content_hash(edit)}"
        nth, seen[base] = seen[base], seen[base] + 1
        index, indexes[kept.mail] = indexes[kept.mail], indexes[kept.mail] + 1
        yield EditFact(
            id=f"{base}-{nth}" if nth else base,
            edit=edit,
            read=edit,
            nth=nth,
            mail=kept.mail,
            index=index,
            speaker=mail.speaker,
            name=mail.name,
            draft=draft.id,
            is_current=mail.counts
            and not _is_only_in(kept, gone[kept.mail])
            and not _is_repeated(kept, mail.speaker, files[kept.mail], first_sent),
            review=why_doubtful(edit) if edit.needs_review else "",
        )


def _first_sent(mails: Iterable[MailFact]) -> dict[tuple[Speaker, str], int]:
    """For each file that a speaker has sent, by its SHA-256: the first of its mails in which it counts."""
    out: dict[tuple[Speaker, str], int] = {}
    for mail in sorted(mails, key=lambda one: (one.counts_from, one.id)):
        if mail.speaker and mail.is_current and mail.speaks_on_the_draft:
            gone = {one.name for one in mail.superseded_files}
            for name, sha256 in mail.files:
                if name not in gone:
                    out.setdefault((mail.speaker, sha256), mail.id)
    return out


def _is_only_in(kept: KeptEdit, files: Collection[str]) -> bool:
    """Whether an edit comes from these files alone: what the mail's own words ask for is theirs."""
    return kept.inner is None and bool(kept.edit.sources) and all(source in files for source in kept.edit.sources)


def _is_repeated(
    kept: KeptEdit, speaker: Speaker | None, files: Mapping[str, str], first_sent: Mapping[tuple[Speaker, str], int]
) -> bool:
    """Whether an edit comes from files alone that its speaker has sent in an earlier mail, too: it counts there."""
    if speaker is None or not kept.edit.sources or not set(kept.edit.sources) <= files.keys():
        return False
    return all(first_sent.get((speaker, files[name]), kept.mail) != kept.mail for name in kept.edit.sources)


class _Proposer(NamedTuple):
    """Who proposes the edits of one Mail, and whether they count."""

    speaker: Speaker | None
    name: str | None
    counts: bool

    @classmethod
    def of(cls, mail: MailFact, names: Names) -> "_Proposer":
        speaker = mail.speaker
        return cls(speaker, speaker and name_of(speaker, names), mail.is_current and mail.speaks_on_the_draft)


def _content_hash(edit: Edit) -> str:
    """Of the fields of consultation.facts.CONTENT; ten digits are enough to tell one mail's edits apart."""
    content = (
        f"{edit.paragraph}\x1f{edit.action}\x1f{edit.start}\x1f{edit.end}\x1f{edit.old}\x1f{edit.new}\x1f{edit.to}"
        f"\x1f{edit.comment}"
    )
    return sha1(content.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:10]


def with_contradictions(edits: tuple[EditFact, ...]) -> tuple[EditFact, ...]:
    """The edits, those for review that another mail of the same speaker contradicts, unless a person has decided."""
    found = contradictions(edits)
    if not found:
        return edits
    return tuple(
        replace(fact, review=found[fact.id]) if fact.id in found and not fact.corrections else fact for fact in edits
    )


def in_order(edits: Iterable[EditFact], draft: Draft) -> tuple[EditFact, ...]:
    """By their place in the draft, what is said of the whole text last."""
    order = paragraph_order(draft)
    return tuple(sorted(edits, key=lambda fact: position(fact, order)))


def paragraph_order(draft: Draft) -> dict[str, int]:
    """The place of each paragraph in the draft, by its label."""
    return {paragraph.label: n for n, paragraph in enumerate(draft.paragraphs)}


def position(fact: EditFact, order: Mapping[str, int]) -> Position:
    """Where an edit comes among all, different for each: by paragraph, offset and mail, those of one mail at one place
    as it says them.
    """
    start = -1 if fact.edit.start is None else fact.edit.start
    return order.get(fact.edit.paragraph, len(order)), start, fact.mail or 0, fact.index, fact.id
