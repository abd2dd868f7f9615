"""Who speaks, for whom, and why we think so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import TypeGuard

from parsing.confidence import A_MACHINE, NO_SPEAKER, NOBODY, ONLY_A_GROUP, SENT_ON, TWO_SPEAKERS
from parsing.model import Directory, Kind, Register
from parsing.who.domains import Owner, host_of, is_a_collector, owner_of
from parsing.who.evidence import Signal, gather
from parsing.who.letter import Letter
from parsing.who.phrases import TABLE
from parsing.who.register_index import RegisterIndex, register_index

EU = "EU"
_HOST: str = TABLE["host"]
_OF_THE_HOST = frozenset(("directory", "behalf", "own", "domain", "ministry"))
"""Signs that speak for the draft's host; its name alone is in every mail."""
_CLAIMED = frozenset(("behalf", "own"))
_SPEAK_FOR_NOBODY = frozenset(("bounce", "spam"))
_CLOSE = 0.75
"""A second candidate with such a share of the first one's weight is close: none is chosen."""
_ENOUGH = 1.5


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who speaks, and for whom. At most one of `party` and `observer` is set; `group` beside the Party that speaks;
    `joint` are the other Parties in whose name it speaks, too.
    """

    party: str | None = None
    group: str | None = None
    observer: str | None = None
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()

    @property
    def speaker(self) -> str | None:
        return self.party or self.observer


@dataclass(frozen=True, slots=True)
class _Candidate:
    who: str
    name: str
    weight: float
    signs: frozenset[str]


def attribute(
    letter: Letter, register: Register, directory: Directory = (), *, kind: Kind = "comments", doubtful: bool = False
) -> Attribution:
    """Who speaks in the letter, and for whom, with a sentence for each sign. Bounces and spam speak for nobody; where
    the sender is `doubtful` (see parsing.who.authenticity) the domain counts for nothing.
    """
    if kind in _SPEAK_FOR_NOBODY:
        return Attribution(confidence=NOBODY, evidence=(f"A mail of the class {kind} speaks for nobody.",))
    index = register_index(register)
    inner = letter.forwarded
    if inner and not is_a_collector(inner.sender_address, directory):
        found = _of_forwarded(letter, inner, index, directory, doubtful=doubtful)
    else:
        found = _weigh(index, gather(letter, index, directory), doubtful=doubtful)
    if kind == "auto-reply" and not found.speaker:
        return replace(found, confidence=A_MACHINE)
    return found


def _of_forwarded(
    letter: Letter, inner: Letter, index: RegisterIndex, directory: Directory, *, doubtful: bool
) -> Attribution:
    """The forwarded mail's own sender speaks, as far as it tells; else what the one who forwards says of it."""
    outer = gather(letter, index, directory)
    with_files = replace(
        inner,
        file_names=(*inner.file_names, *letter.file_names),
        documents=letter.documents,
        authors=letter.authors,
    )
    signals = gather(with_files, index, directory)
    passes_on = f"{letter.sender_address} passes on a mail of {inner.sender_address}."
    found = _weigh(index, signals, doubtful=doubtful)
    if not found.speaker:
        said = tuple(signal for signal in outer if signal.kind in ("own", "subject", "behalf"))
        found = _weigh(index, (*signals, *said), doubtful=doubtful)
        return replace(found, evidence=(passes_on, *found.evidence))
    sent_by = owner_of(host_of(letter.sender_address), index)
    if is_a_collector(letter.sender_address, directory) or not _is_another(sent_by, found):
        return replace(found, evidence=(passes_on, *found.evidence))
    doubt = f"It was sent on by {sent_by.name}, another one."
    if any(signal.name == sent_by.name and signal.kind in _CLAIMED for signal in outer):
        found = _weigh(index, outer, doubtful=doubtful)
    return replace(found, confidence=min(found.confidence, SENT_ON), evidence=(passes_on, doubt, *found.evidence))


def _is_another(sent_by: Owner | None, found: Attribution) -> TypeGuard[Owner]:
    """Whether the mail was sent on from a government or an organization that is not the one who speaks."""
    return sent_by is not None and sent_by.kind != "country" and sent_by.name != found.speaker


def _weigh(index: RegisterIndex, signals: Sequence[Signal], *, doubtful: bool) -> Attribution:
    signals = _counting(signals, doubtful=doubtful)
    sentences = _evidence(signals)
    group = _group(signals)
    joint = _joint(signals)
    ranked = _ranked(signals, index)
    if not ranked or ranked[0].weight < _ENOUGH:
        nothing = "Nothing tells for certain who speaks."
        return Attribution(
            group=group, confidence=ONLY_A_GROUP if group else NO_SPEAKER, evidence=(*sentences, nothing)
        )
    first = _speaker(ranked, joint)
    rival = next((other for other in ranked if _rivals(other, first, joint)), None)
    if rival:
        both = f"{first.name} ({first.weight:.1f}) and {rival.name} ({rival.weight:.1f}) are close: none is chosen."
        return Attribution(group=group, confidence=TWO_SPEAKERS, evidence=(both, *sentences))
    found = Attribution(group=group, confidence=_confidence(first, ranked), evidence=sentences)
    if first.who == "observer":
        return replace(found, observer=first.name)
    return replace(found, party=first.name, joint=tuple(code for code in joint if code != first.name))


def _rivals(other: _Candidate, first: _Candidate, joint: Sequence[str]) -> bool:
    """Whether the other one is as likely to speak; those who speak with the first do not contend with it."""
    return other is not first and other.name not in joint and _is_close(other, first)


def _evidence(signals: Iterable[Signal]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(signal.sentence for signal in signals))


def _counting(signals: Sequence[Signal], *, doubtful: bool) -> list[Signal]:
    return [signal for signal in signals if _counts(signal, signals, doubtful=doubtful)]


def _counts(signal: Signal, signals: Iterable[Signal], *, doubtful: bool) -> bool:
    if signal.name == _HOST and signal.kind not in _OF_THE_HOST:
        return False
    if signal.kind == "code":
        return any(other.name == signal.name and other.kind != "code" for other in signals)
    return not (doubtful and signal.kind in ("domain", "ministry", "country"))


def _group(signals: Iterable[Signal]) -> str | None:
    """The Group in whose name the mail claims to speak; a Group that is only named is none."""
    return next((p.name for p in signals if p.who == "group" and p.kind in _CLAIMED), None)


def _joint(signals: Iterable[Signal]) -> tuple[str, ...]:
    """The Parties of a claim that names several."""
    lists = defaultdict(list)
    for signal in signals:
        if signal.who == "party" and signal.kind == "behalf":
            lists[signal.sentence].append((signal.rank, signal.name))
    longest = max(lists.values(), key=len, default=[])
    return tuple(dict.fromkeys(name for _, name in sorted(longest))) if len(longest) > 1 else ()


def _ranked(signals: Iterable[Signal], index: RegisterIndex) -> list[_Candidate]:
    """The candidates by weight: each kind of sign counts once, an organization's name for each place."""
    weights: dict[tuple[str, str], dict[object, float]] = defaultdict(dict, {("party", EU): {}})
    for signal in signals:
        if signal.who != "group":
            key = (signal.kind, signal.rank) if signal.kind == "organization" else signal.kind
            weights[signal.who, signal.name][key] = signal.weight
    candidates = [
        _Candidate(who, name, sum(signs.values()), frozenset(str(sign) for sign in signs))
        for (who, name), signs in weights.items()
        if signs
        if not (name in index.union and _is_spoken_for(weights["party", EU], signs))
    ]
    return sorted(candidates, key=lambda c: (-c.weight, c.name))


def _is_spoken_for(union: Mapping[object, float], member: Mapping[object, float]) -> bool:
    """Whether the mail is the Union's, and its Member State only sends it."""
    return "behalf" in union or ("own" in union and not ("own" in member or "behalf" in member))


def _speaker(ranked: Sequence[_Candidate], joint: Sequence[str]) -> _Candidate:
    """The one that speaks: in a joint submission the sender, if it is one of those in whose name it speaks."""
    return next((c for c in ranked if c.name in joint), ranked[0]) if joint else ranked[0]


def _is_close(other: _Candidate, first: _Candidate) -> bool:
    if first.signs & {"directory"} and not other.signs & {"directory"}:
        return False
    return other.weight >= 2.0 and other.weight >= _CLOSE * first.weight


def _confidence(first: _Candidate, ranked: Sequence[_Candidate]) -> float:
    second = max((c.weight for c in ranked if c is not first), default=0.0)
    margin = 1 - 0.5 * min(1.0, second / first.weight)
    return round((1 - exp(-first.weight / 2.2)) * margin, 2)
