"""A statement of a few sentences: the acts in it, each at its place, and the sentences that hold none."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from parsing.confidence import A_SENTENCE, AT_AN_END, REVIEW, SURE, SURE_UNNAMED, UNNAMED_AND_SHORT
from parsing.draft_index import DraftIndex, index_of, words_of
from parsing.model import Draft, Edit, OutcomeKind
from parsing.prose.hypotheses import Hypothesis, Item, bare
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.references.references import NAMING
from parsing.prose.requests import paragraph_requests as structure
from parsing.prose.requests.acts import Act
from parsing.prose.requests.negation import rejected
from parsing.prose.requests.remarks import is_all, is_nothing, says
from parsing.prose.requests.sentences import Sentence
from parsing.prose.requests.unquoted_operands import with_operands
from parsing.prose.resolve.edits import Collector, shows_opening
from parsing.prose.resolve.resolve import Bound, Where, bind
from parsing.prose.resolve.restated import restated
from parsing.prose.signs import (
    ACT,
    CHANGE,
    QUESTION_MARKS,
    WISH,
    doubt_of,
    left_over,
    stands,
)
from parsing.prose.solve import Solution, explained, has_rival, probability, solve
from parsing.text.phrases import folded, pattern_of
from parsing.text.search import find, is_sign
from parsing.text.splice import Splice, sentence_span, without_sentence

LIGHT = frozenset((
    "place", "of", "colon", "comma", "stop", "dash", "line", "sentence", "and", "open", "close", "number", "topic",
    "semicolon", "number_mark", "ordinal", "paragraph", "same",
))  # fmt: skip
"""Kinds of tokens that say no more than where."""
_CONDITION = "it is asked for on a condition"
_OTHERS = frozenset(("reported", "wished", "retract"))
"""Kinds of words by which a sentence tells what others want, or what was wanted at first."""
_OF_PARAGRAPHS = {"split", "merge", "bracket", "move", "swap"}
_NAMING = NAMING | {"quote", "place", "same", "sentence", "brackets", "whole_paragraph"}
"""Kinds of words by which a sentence tells itself what goes."""
_BARE = 4
"""Words and signs of a mere "Please delete.", with the words that it may be about."""
_SAYING = CHANGE | WISH | {"quote", "negation", "reason", "condition"}
"""Kinds of words by which a sentence says something of the text, or asks for something."""
_ASKING = ACT - {"move"} | {"quote"}
"""Kinds of words by which it asks for something; what comes ("comes", "will come") is moved, too."""
_CHANGES = {"delete", "insert", "replace", "substitute", "move", "new_paragraph"}


class Remark(NamedTuple):
    """A sentence without an act: the labels that it names, its intent, its words; `asks` for a change all the same.
    `leads` where no act has gone before it.
    """

    labels: tuple[str, ...]
    intent: str | None
    text: str
    asks: bool
    leads: bool
    sentence: Sentence
    carried: bool
    """The labels are those of the sentence before: this one names none."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A new paragraph that shall follow the one with the label `after`, as `evidence` says; `came` where its text has
    come, and another may follow.
    """

    after: str
    evidence: str
    doubt: str = ""
    came: bool = False

    @property
    def plain(self) -> bool:
        """Whether the next line is its text whatever it looks like."""
        return not (self.doubt or self.came)


@dataclass(slots=True)
class Statement:
    draft: Draft
    found: Collector
    default: Where
    language: str
    place: Place | None = None
    """The place that was named last."""
    awaited: Announced | None = None
    remarks: list[Remark] = field(default_factory=list)
    spoken: Token | None = None
    """The only words that the sentence before quoted, where it asked for nothing: "“A” is too weak. We suggest “B”"."""
    heading: Place | None = None
    """The place of a sentence that has said no more than where: those behind it speak of that."""
    quoted: bool = False
    """Words were quoted: "Delete." behind them is said of these, not of the paragraph."""

    sheet: DraftIndex = field(init=False)
    since: int = field(init=False)
    """The edits that were found before."""

    def __post_init__(self) -> None:
        self.sheet = index_of(self.draft)
        self.since = len(self.found.edits)

    def read(self, read: Sequence[Sentence]) -> list[Remark]:
        """Keep the edits of the sentences; what is left are those without an act, with the labels that they name."""
        for n, plain in enumerate(read):
            if n and self._text_of_new(read[n - 1], plain):
                continue
            aside = _aside(plain, self.language)
            if aside:
                self.found.settle(plain.text, "courtesy", aside, plain.start)
                continue
            default = self.default
            if self.place is not None:
                default = Where(self.place.labels, self.place.others, missing=self.place.missing)
            sentence = with_operands(self._with_spoken(plain), self.draft, labels_of(plain, default))
            sentence = self._set_off(sentence)
            if "retract" in sentence.kinds and not sentence.quotes:
                self.found.take_back(sentence.labels)
            if n + 1 < len(read) and rejected(sentence.order, read[n + 1].order):
                self._remark_or_nothing(sentence, "retain")
                self.place = sentence.named[-1] if sentence.named else self.place
                continue
            solution = solve(Item(sentence, default, self.draft, self._wishes(sentence), self.spoken))
            self.found.weighed[self.found.line, plain.start] = explained(solution, self.draft)
            done = self._done(sentence, solution, default, last=n == len(read) - 1)
            if done:
                self._settle(sentence, solution, plain)
            else:
                self._remark_or_nothing(plain)
            quotes = [token for token in sentence.tokens if token.kind == "quote"]
            self.spoken = quotes[0] if len(quotes) == 1 and not done else None
            self.quoted = self.quoted or any(not shows_opening(token.word, self.draft) for token in quotes)
            named = sentence.named
            if named:
                self.place = named[-1]
        return self.remarks

    def _text_of_new(self, before: Sentence, sentence: Sentence) -> bool:
        """Whether a sentence quotes the new paragraph for which the one before asks: it is kept."""
        if len(sentence.quotes) != 1 or sentence.named or not structure.is_paragraph(sentence.quotes[0]):
            return False
        after = structure.asked_beside(before, self.sheet)
        if after is None or restated(sentence.quotes[0], self.draft) is not None:
            return False
        self.remarks = [remark for remark in self.remarks if remark.sentence is not before]
        self.add(self.found, after, sentence.quotes[0], f"{before.text} {sentence.text}")
        self.found.settle_all([(before.text, before.start), (sentence.text, sentence.start)], "place")
        return True

    def _with_spoken(self, sentence: Sentence) -> Sentence:
        """The sentence with the words that the one before quoted, where it says that they go: "Please delete them."."""
        at = next((n for n, token in enumerate(sentence.tokens) if token.kind == "delete"), None)
        if at is None or self.spoken is None or not sentence.kinds.isdisjoint(_NAMING):
            return sentence
        end = sentence.tokens[at].end
        spoken = Token("quote", end, end, self.spoken.word)
        return replace(sentence, tokens=(*sentence.tokens[: at + 1], spoken, *sentence.tokens[at + 1 :]))

    def _set_off(self, sentence: Sentence) -> Sentence:
        """The sentence with its new words between commas, where it says that they shall be."""
        tokens = (
            token._replace(word=f", {token.word.strip(' ,')},") if token.kind == "quote" and is_new else token
            for token in sentence.tokens
            for is_new in (not stands(token.word, self.draft),)
        )
        return replace(sentence, tokens=tuple(tokens)) if "set_off" in sentence.kinds else sentence

    def _wishes(self, sentence: Sentence) -> bool:
        question = sentence.text.rstrip().endswith(QUESTION_MARKS)
        return "quote" in sentence.kinds and not question and says(sentence.text, "remarks.wish", self.language)

    def _settle(self, sentence: Sentence, solution: Solution, plain: Sentence) -> None:
        """Closes a sentence that held acts; what they do not account for is unread."""
        touched = self.found.touched()
        why = left_over(sentence, solution.read(sentence), touched, self.draft) if touched else ""
        doubt = doubt_of(sentence, touched)
        if why or doubt:
            self.found.doubt(why or doubt)
        if why:
            self.found.lost(plain.text, why)
        self.found.settle(plain.text, "place", "it announces what follows", plain.start)

    def _done(self, sentence: Sentence, solution: Solution, default: Where, *, last: bool) -> bool:
        """Whether the sentence asks for something, which then is kept."""
        adds = any(one.after for one in solution.chosen)
        moved = self._moved(sentence, default, alone=not solution.chosen)
        used = {token.word for n, token in enumerate(sentence.tokens) if n in solution.about and token.kind == "quote"}
        names = moved and not any(map(structure.is_paragraph, sentence.quotes))
        added = not (adds or names) and self._added(sentence, used, last)
        return self._acts(sentence, solution, default) or added or moved or self._again(sentence)

    def _again(self, sentence: Sentence) -> bool:
        """Whether a sentence asks for the exchange that was asked for last in another paragraph, too."""
        labels = () if sentence.denied else sentence.labels
        if not labels or not says(sentence.text, "remarks.again", self.language):
            return False
        bound = [one for act in self.found.acts for one in bind(act, Where(labels), self.draft) if one.label in labels]
        for one in bound:
            self.found.change(one, sentence.text)
        return bool(bound)

    def _remark_or_nothing(self, sentence: Sentence, intent: str | None = None) -> None:
        """Keeps a remark, for which the lines around decide what it is; or says why a sentence is none."""
        nothing = self._says_nothing(sentence)
        if nothing is not None and sentence.named:
            self.heading = sentence.named[-1]
        if nothing:
            self.found.settle(sentence.text, *nothing, sentence.start)
        else:
            self._remark(sentence, intent)

    def _says_nothing(self, sentence: Sentence) -> tuple[OutcomeKind, str] | None:
        if not sentence.kinds - LIGHT:
            return "place", "it says no more than where"
        if structure.announces(sentence):
            return "place", "it announces what follows"
        if says(sentence.text, "remarks.layout", self.language) and sentence.kinds.isdisjoint(_CHANGES):
            return "place", "it says how what follows is laid out"
        if any(map(is_nothing, {_told(sentence), _behind_place(sentence).strip()})):
            return "courtesy", "it says that there is nothing to say, or agrees"
        return None

    def _remark(self, sentence: Sentence, intent: str | None = None) -> None:
        question = sentence.text.rstrip().endswith(QUESTION_MARKS)
        strong = question or bool(sentence.kinds & _OF_PARAGRAPHS) or _is_about_its_place(sentence)
        places = (place for place in sentence.named if strong or not place.weak)
        labels = tuple(dict.fromkeys(label for place in places for label in place.labels))
        carried = False
        if self.heading is not None:
            labels = self.heading.labels or labels
        elif self.place is not None and not sentence.named:
            labels, carried = self.place.labels, True
        asked, asks = intent or structure.intent(sentence), self._asks(sentence)
        leads = len(self.found.edits) == self.since
        self.remarks.append(Remark(labels, asked, _told(sentence), asks, leads, sentence, carried))

    def _asks(self, sentence: Sentence) -> bool:
        """Whether words of the draft, or a place, are named, and a word for a change."""
        kinds = sentence.kinds
        if not kinds & _CHANGES:
            return False
        return (
            not kinds.isdisjoint(("new_paragraph", "brackets"))
            or any(not place.weak for place in sentence.named)
            or any(stands(words, self.draft) for words in sentence.quotes)
        )

    # --- acts on words -------------------------------------------------------------------------------

    def _acts(self, sentence: Sentence, solution: Solution, default: Where) -> bool:
        """Keeps the changes of words that a sentence asks for, and the paragraphs and sentences that are to go."""
        since = len(self.found.edits)
        done = self._whole(sentence, default, solution.read(sentence))
        for one in solution.chosen:
            self._keep(one, sentence, solution)
        if solution.chosen:
            self.found.acts = tuple(act for one in solution.chosen for act in one.acts if act.old and act.new)
            self._reason(sentence, sentence.tokens.index(solution.chosen[-1].last) + 1, since)
        return done or bool(solution.chosen)

    def _keep(self, one: Hypothesis, sentence: Sentence, solution: Solution) -> None:
        """The edits of a hypothesis; what is doubtful needs a person."""
        sure, doubt = probability(one.score), _doubt_of(one, sentence, solution)
        if one.after:
            self.found.paragraph(Edit(one.after, "add_paragraph", new=one.text), sentence.text, doubt, sure)
        for bound in one.bound:
            unnamed = bound.confidence == UNNAMED_AND_SHORT and sure >= SURE_UNNAMED
            why = doubt if unnamed else bound.doubt or doubt
            self.found.change(replace(bound, doubt=why, confidence=min(sure, REVIEW) if why else sure), sentence.text)

    def _reason(self, sentence: Sentence, start: int, since: int) -> None:
        """What a sentence says after its acts for a reason: "…, because …"."""
        base = sentence.tokens[0].start
        for token in sentence.tokens[start:]:
            if token.kind == "reason":
                self.found.reason(since, sentence.text[token.start - base :])
                return

    def _whole(self, sentence: Sentence, default: Where, covered: Sequence[bool]) -> bool:
        """Whether a paragraph, or a sentence of one, is to be deleted."""
        if {"delete", "brackets"} <= sentence.kinds and not sentence.denied:
            return self._unbracket(sentence, default)
        number = structure.deleted_sentence(sentence, covered)
        if number:
            return self._sentence(number, sentence, default)
        if not sentence.asserted.isdisjoint(_OTHERS) or sentence.text.rstrip().endswith(QUESTION_MARKS):
            return False
        of_words = self.quoted and sentence.kinds.isdisjoint(("paragraph", "same"))
        going = structure.deletions(sentence, covered, () if of_words else default.labels, self.sheet)
        for place, doubt in going:
            self._delete(place, sentence, doubt)
        return bool(going)

    def _unbracket(self, sentence: Sentence, default: Where) -> bool:
        """The brackets around a paragraph taken away; around words inside it, a person must see which."""
        labels = labels_of(sentence, default)
        held = [label for label in labels if self.draft.text(label).startswith("[")]
        for label in held:
            end = len(self.draft.text(label).rstrip())
            self.found.change(Bound(label, Splice(0, 1, ""), AT_AN_END), sentence.text)
            self.found.change(Bound(label, Splice(end - 1, end, ""), AT_AN_END), sentence.text)
        return bool(held)

    def _delete(self, place: Place, sentence: Sentence, doubt: str) -> None:
        doubt = doubt or ("" if place.sure else "the paragraph is named by what it is about")
        doubt = _CONDITION if "condition" in sentence.kinds else doubt
        for label in place.labels:
            self.found.paragraph(Edit(label, "delete_paragraph"), sentence.text, doubt)
        if not place.labels:
            why = (
                f"the draft has no {place.missing}" if place.missing else f"it may be any of {', '.join(place.others)}"
            )
            self.found.lost(sentence.text, why)

    def _sentence(self, number: int, sentence: Sentence, default: Where) -> bool:
        named = sentence.named
        labels = named[0].labels if named else default.labels
        official = self.draft.text(labels[0]) if len(labels) == 1 else ""
        span = sentence_span(official, number) if official else None
        if span is None:
            return False
        self.found.change(Bound(labels[0], without_sentence(official, *span), A_SENTENCE), sentence.text)
        return True

    # --- acts on paragraphs --------------------------------------------------------------------------

    def _moved(self, sentence: Sentence, default: Where, *, alone: bool) -> bool:
        """Whether a paragraph comes to be elsewhere; `alone` where the sentence asks for nothing else."""
        move = structure.moved(sentence, default.labels, self.sheet)
        if move is None or (move[1] and not alone):
            return False
        self.found.paragraph(move[0], sentence.text, move[1])
        return True

    def _added(self, sentence: Sentence, used: AbstractSet[str], last: bool) -> bool:
        """Whether a new paragraph is asked for, or announced; `used` are quotations of other requests."""
        addition = structure.added(sentence, self.draft)
        if addition is None or (used and used >= set(addition.texts) and not structure.ends_with_colon(sentence)):
            return False
        after, texts = addition.after or (self.default.labels[-1] if self.default.labels else None), addition.texts
        if not texts and not (last and after):
            return False
        for text in texts:
            doubt = "" if after else "it is not said where the new paragraph shall be"
            self.add(self.found, after or self._end_of_its_part(text), text, sentence.text, doubt)
        if after:
            self.awaited = Announced(after, sentence.text, came=bool(texts))
        return True

    def _end_of_its_part(self, text: str) -> str:
        recital = pattern_of("references.recital_opening", language=self.draft.language)
        return self.sheet.last_recital if recital.match(folded(text)) else self.sheet.commitments[-1]

    @staticmethod
    def add(found: Collector, after: str, text: str, evidence: str, doubt: str = "") -> None:
        """A new paragraph after one, without quotation marks or a number of its own."""
        found.paragraph(Edit(after, "add_paragraph", new=bare(text)), evidence, doubt)

    @staticmethod
    def pair(found: Collector, draft: Draft, original: str, proposed: str, default: Where, evidence: str) -> None:
        """Words as they stand and as they shall read, on lines of their own."""
        new = Token("quote", 0, 0, proposed)
        if original and is_all(proposed, "verdicts.delete"):
            act = Act("delete", 0, 0, old=Token("quote", 0, 0, original))
        elif original and (len(words_of(original)) < 12 or _is_a_passage(original, draft)):
            act = Act("replace", 0, 0, old=Token("quote", 0, 0, original), new=new)
        else:
            act = Act("read", 0, 0, new=new)
        shown = f"{original} → {proposed}" if original else evidence
        changes = bind(act, default, draft)
        for bound in changes:
            found.change(bound, shown)
        if not changes:
            found.lost(shown, "its words are not in the draft, or in several places of it, or it reads so already")


def _doubt_of(one: Hypothesis, sentence: Sentence, solution: Solution) -> str:
    """Why a hypothesis that was taken may be wrong, or is asked for on a condition; empty where it is sure."""
    sure, kept = probability(one.score), one.shape.startswith("insert") or "exchange" in one.shape.split()[1:]
    doubts = {
        _CONDITION: "condition" in sentence.kinds,
        f"read so with a probability of {sure:.2f}": sure < SURE,
        "it may as well be read otherwise": has_rival(one, solution.weighed),
        "it speaks of words that go, too": kept and any(sentence.tokens[n].kind == "delete" for n in solution.about),
        "a sign alone, with no words beside it": any(map(_of_sign_alone, one.acts)),
        "it may be said of the words, or of the paragraph": one.last.start == one.last.end
        and len(sentence.tokens) <= _BARE,
    }
    return next((doubt for doubt, holds in doubts.items() if holds), "")


def labels_of(sentence: Sentence, default: Where) -> tuple[str, ...]:
    """The labels that a sentence, or what is around it, speaks of."""
    named = tuple(label for place in sentence.named for label in (*place.labels, *place.others))
    return tuple(dict.fromkeys(named or (*default.labels, *default.others)))


def _is_about_its_place(sentence: Sentence) -> bool:
    """Whether a sentence begins with a place, or with one that is set off: "Quanto ao ponto 6, …", "Point 5: …"."""
    kinds = [token.kind for token in sentence.tokens[:6] if token.kind != "of"]
    at = kinds.index("place") if "place" in kinds else len(kinds)
    return at == 0 or kinds[at + 1 : at + 2] in (["comma"], ["colon"])


def _aside(sentence: Sentence, language: str) -> str:
    """Why a sentence says nothing of the paragraphs that it names: "Thank you for the call on paragraph 11", "Our
    comments will be about paragraphs 5 and 9"; empty where it may.
    """
    told = sentence.kinds.isdisjoint(_ASKING | WISH) and not says(sentence.text, "remarks.opinion", language)
    if told and says(sentence.text, "remarks.to_come", language):
        return "it tells what will come"
    about = [token.kind for token in sentence.tokens if token.kind not in ("of", "whole_paragraph")]
    named = [n for n, kind in enumerate(about) if kind == "place"]
    on_topic = bool(named) and all(n and about[n - 1] in ("topic", "place", "and", "comma") for n in named)
    thanks = sentence.kinds.isdisjoint(_SAYING) and says(sentence.text, "leave_taking.thanks", language)
    return "it thanks, and says for what" if on_topic and thanks else ""


def _of_sign_alone(act: Act) -> bool:
    """Whether a sign is all that shows where: it may be at several places of the paragraph."""
    shown = act.beside or act.old
    return shown is not None and is_sign(shown.word)


def _is_a_passage(words: str, draft: Draft) -> bool:
    """Whether words are in a paragraph, and are not most of it."""
    return any(
        found[0].end - found[0].start < 0.8 * len(paragraph.text)
        for paragraph in draft.paragraphs
        if (found := find(words, paragraph.text, mistakes=False))
    )


def _behind_place(sentence: Sentence) -> str:
    """What a sentence says behind the place that it begins with: "Para 1 (“We, the Ministers…”): no change."."""
    start = sentence.tokens[0].start
    said = (token.start - start for token in sentence.tokens if token.kind not in LIGHT and token.kind != "quote")
    return sentence.text[next(said, len(sentence.text)) :]


def _told(sentence: Sentence) -> str:
    """A sentence's own words, without the place that is before them with a colon."""
    start = sentence.tokens[0].start
    for n, token in enumerate(sentence.tokens[:8]):
        if token.kind == "colon" and n and sentence.tokens[n - 1].kind in ("place", "line", "sentence"):
            return sentence.text[token.end - start :].strip()
        if token.kind not in ("place", "of", "comma", "dash", "line", "topic", "number", "stop"):
            break
    return sentence.text.strip()
