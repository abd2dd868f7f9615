"""A statement of a few sentences: the acts in it, each at its place, and the sentences that hold none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from parsing.confidence import A_SENTENCE, REVIEW, SURE, SURE_UNNAMED, UNNAMED_AND_SHORT
from parsing.draft_index import index_of
from parsing.model import Draft, Edit, OutcomeKind
from parsing.prose.hypotheses import Hypothesis, Item, bare
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests import paragraph_requests as whole
from parsing.prose.requests.acts import Act
from parsing.prose.requests.negation import opposes, rejected
from parsing.prose.requests.remarks import is_all, is_nothing, is_question, says
from parsing.prose.requests.sentences import Sentence
from parsing.prose.requests.unquoted_operands import with_operands
from parsing.prose.resolve.edits import Collector, shows_opening
from parsing.prose.resolve.resolve import Bound, Where, bind
from parsing.prose.resolve.restated import restated
from parsing.prose.signs import ACT, WISH, doubt_of, left_over, stands
from parsing.prose.solve import Solution, explained, has_rival, probability, solve
from parsing.text.search import is_sign
from parsing.text.splice import sentence_span, without_sentence

LIGHT = frozenset((
    "place", "of", "colon", "comma", "stop", "dash", "line", "sentence", "and", "open", "close", "number", "topic",
    "semicolon", "number_mark", "ordinal", "paragraph", "same",
))  # fmt: skip
"""Kinds of tokens that say no more than where."""
_NO_ASIDE = ACT - {"move"} | WISH | {"quote", "negation", "reason", "condition"}
_OF_PARAGRAPHS = {"split", "merge", "bracket", "move", "swap"}
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
    since: int = 0
    """The edits that were found before."""

    def read(self, read: Sequence[Sentence]) -> list[Remark]:
        """Keep the edits of the sentences; what is left are those without an act, with the labels that they name."""
        self.since = len(self.found.edits)
        for n, plain in enumerate(read):
            if n and self._is_text_of_new(read[n - 1], plain):
                continue
            if aside := _aside(plain, self.language):
                self.found.settle(plain.text, "courtesy", aside, plain.start)
                continue
            default = self.default
            if self.place is not None:
                default = Where(self.place.labels, self.place.others, missing=self.place.missing)
            sentence = with_operands(self._with_spoken(plain), self.draft, labels_of(plain, default))
            sentence = self._set_off(sentence)
            if "retract" in sentence.kinds and not sentence.quotes:
                self.found.take_back(sentence.labels)
            following = read[n + 1].order if n + 1 < len(read) else ""
            if rejected(sentence.order, following):
                self._remark_or_nothing(sentence, "retain")
            else:
                self._weigh(sentence, plain, default, following, last=n == len(read) - 1)
            self.place = sentence.named[-1] if sentence.named else self.place
        return self.remarks

    def _is_text_of_new(self, before: Sentence, sentence: Sentence) -> bool:
        """Whether a sentence quotes the new paragraph that the one before sets beside another: it is kept."""
        text = sentence.quotes[0] if len(sentence.quotes) == 1 and not sentence.named else ""
        after = whole.asked_beside(before, index_of(self.draft)) if whole.is_paragraph(text) else None
        if after is None or restated(text, self.draft) is not None:
            return False
        self.remarks = [remark for remark in self.remarks if remark.sentence is not before]
        self.add(self.found, after, text, f"{before.text} {sentence.text}")
        self.found.settle(sentence.text, "place", "", sentence.start)
        return True

    def _weigh(self, sentence: Sentence, plain: Sentence, default: Where, following: str, *, last: bool) -> None:
        """Keeps what a sentence asks for, or what else it says; `plain` is the sentence as it is written."""
        solution = solve(Item(sentence, default, self.draft, self.spoken))
        self.found.weighed[self.found.line, plain.start] = explained(solution, self.draft)
        done = self._done(sentence, solution, default, last=last)
        if done:
            self._settle(sentence, solution, plain, opposed=opposes(following))
        else:
            self._remark_or_nothing(plain)
        quotes = [token for token in sentence.tokens if token.kind == "quote"]
        self.spoken = quotes[0] if len(quotes) == 1 and not done else None
        self.quoted = self.quoted or any(not shows_opening(token.word, self.draft) for token in quotes)

    def _with_spoken(self, sentence: Sentence) -> Sentence:
        """The sentence with the words that the one before quoted, where it says that they go: "Please delete them."."""
        at = next((n for n, token in enumerate(sentence.tokens) if token.kind == "delete"), None)
        if at is None or self.spoken is None or "pronoun" not in sentence.kinds or sentence.named or sentence.quotes:
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

    def _settle(self, sentence: Sentence, solution: Solution, plain: Sentence, *, opposed: bool) -> None:
        """Closes a sentence that held acts; what they do not account for is unread."""
        touched = self.found.touched()
        why = left_over(sentence, solution.read(sentence), touched, self.draft) if touched else ""
        doubt = doubt_of(sentence, touched) or ("the next sentence may be against it" if opposed else "")
        if why or doubt:
            self.found.doubt(why or doubt)
        if why:
            self.found.lost(plain.text, why)
        self.found.settle(plain.text, "place", "it announces what follows", plain.start)

    def _done(self, sentence: Sentence, solution: Solution, default: Where, *, last: bool) -> bool:
        """Whether the sentence asks for something, which then is kept: paragraphs, or sentences of one, that go or are
        elsewhere, changes of words, new paragraphs.
        """
        since = len(self.found.edits)
        done = self._whole(sentence, solution, default)
        moved = any(edit.action == "move_paragraph" for edit in self.found.edits[since:])
        for one in solution.chosen:
            self._keep(one, sentence, solution)
        if solution.chosen:
            done = True
            behind = sentence.tokens[sentence.tokens.index(solution.chosen[-1].last) :]
            for token in [token for token in behind if token.kind == "reason"][:1]:
                self.found.reason(since, sentence.text[token.start - sentence.start :])
        settled = moved and not any(map(whole.is_paragraph, sentence.quotes))
        settled = settled or any(one.after for one in solution.chosen)
        added = not settled and self._added(sentence, solution, done=done, last=last)
        return done or added

    def _keep(self, one: Hypothesis, sentence: Sentence, solution: Solution) -> None:
        """The edits of a hypothesis; what is doubtful needs a person."""
        sure, doubt = probability(one.score), _doubt_of(one, sentence, solution, self.draft)
        if one.after:
            self.found.paragraph(Edit(one.after, "add_paragraph", new=one.text), sentence.text, doubt, sure)
        for bound in one.bound:
            unnamed = bound.confidence == UNNAMED_AND_SHORT and sure >= SURE_UNNAMED
            why = doubt if unnamed else bound.doubt or doubt
            self.found.change(bound._replace(doubt=why, confidence=min(sure, REVIEW) if why else sure), sentence.text)

    def _whole(self, sentence: Sentence, solution: Solution, default: Where) -> bool:
        """Whether paragraphs, or a sentence of one, are to go, or paragraphs to be elsewhere."""
        covered, index = solution.read(sentence), index_of(self.draft)
        parts = tuple(self._parts(sentence, default, covered))
        of_words = self.quoted and sentence.kinds.isdisjoint(("paragraph", "same"))
        asked = [] if parts else whole.deletions(sentence, covered, () if of_words else default.labels, index)
        move = whole.moved(sentence, default.labels, index)
        if move is not None and not (move[1] and solution.chosen):
            asked.append(move)
        for bound in parts:
            self.found.change(bound, sentence.text)
        for edit, doubt in asked:
            self.found.paragraph(edit, sentence.text, doubt)
        return bool(parts or asked)

    def _parts(self, sentence: Sentence, default: Where, covered: Sequence[bool]) -> Iterator[Bound]:
        """A sentence of a paragraph that is to go."""
        labels = sentence.labels or default.labels
        if len(labels) != 1:
            return
        official, number = self.draft.text(labels[0]), whole.deleted_sentence(sentence, covered)
        span = sentence_span(official, number)
        if span is not None:
            yield Bound(labels[0], without_sentence(official, *span), A_SENTENCE)

    def _added(self, sentence: Sentence, solution: Solution, *, done: bool, last: bool) -> bool:
        """Whether a new paragraph is asked for, or announced."""
        addition = whole.added(sentence, self.draft)
        after = addition and (addition.after or (self.default.labels[-1] if self.default.labels else None))
        if addition is None or after is None:
            return False
        used = {token.word for n, token in enumerate(sentence.tokens) if n in solution.about and token.kind == "quote"}
        texts = [text for text in addition.texts if text not in used]
        if (addition.doubt and done) or (not texts and (not last or (used and not whole.ends_with_colon(sentence)))):
            return False
        for text in texts:
            self.add(self.found, after, text, sentence.text, addition.doubt)
        self.awaited = Announced(after, sentence.text, addition.doubt, came=bool(texts))
        return True

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
        if says(sentence.text, "remarks.layout", self.language) and sentence.kinds.isdisjoint(_CHANGES):
            return "place", "it says how what follows is laid out"
        asks = not (sentence.asserted.isdisjoint(ACT) or sentence.kinds.isdisjoint(("place", "quote", "sentence")))
        if is_nothing(_told(sentence)) and not asks:
            return "courtesy", "it says that there is nothing to say, or agrees"
        return None

    def _remark(self, sentence: Sentence, intent: str | None = None) -> None:
        strong = is_question(sentence.text) or bool(sentence.kinds & _OF_PARAGRAPHS) or _is_about_its_place(sentence)
        places = (place for place in sentence.named if strong or not place.weak)
        labels = tuple(dict.fromkeys(label for place in places for label in place.labels))
        carried = False
        if self.heading is not None:
            labels = self.heading.labels or labels
        elif self.place is not None and not sentence.named:
            labels, carried = self.place.labels, True
        asked, asks = intent or whole.intent(sentence), self._asks(sentence)
        leads = len(self.found.edits) == self.since
        self.remarks.append(Remark(labels, asked, _told(sentence), asks, leads, sentence, carried))

    def _asks(self, sentence: Sentence) -> bool:
        """Whether words of the draft, or a place, are named, and a word for a change."""
        named = {"new_paragraph", "brackets"} & sentence.kinds or any(not place.weak for place in sentence.named)
        stand = any(stands(words, self.draft) for words in sentence.quotes)
        return not sentence.kinds.isdisjoint(_CHANGES) and bool(named or stand)

    @staticmethod
    def add(found: Collector, after: str, text: str, evidence: str, doubt: str = "") -> None:
        """A new paragraph after one, without quotation marks or a number of its own."""
        found.paragraph(Edit(after, "add_paragraph", new=bare(text)), evidence, doubt)

    @staticmethod
    def pair(found: Collector, draft: Draft, original: str, proposed: str, default: Where, evidence: str) -> None:
        """Words as they stand and as they shall read, on lines of their own."""
        new = Token("quote", 0, 0, proposed)
        if original and is_all(proposed, "verdicts.delete"):
            act = Act("delete", old=Token("quote", 0, 0, original))
        elif original and ((again := restated(original, draft)) is None or again.part):
            act = Act("replace", old=Token("quote", 0, 0, original), new=new)
        else:
            act = Act("read", new=new)
        shown = f"{original} → {proposed}" if original else evidence
        changes = bind(act, default, draft)
        for bound in changes:
            found.change(bound, shown)
        if not changes:
            found.lost(shown, "its words are not in the draft, or in several places of it, or it reads so already")


def _doubt_of(one: Hypothesis, sentence: Sentence, solution: Solution, draft: Draft) -> str:
    """Why a hypothesis that was taken may be wrong, or is asked for on a condition; empty where it is sure."""
    sure, kept = probability(one.score), one.shape.startswith("insert") or "exchange" in one.shape.split()[1:]
    doubts = {
        "it is asked for on a condition": "condition" in sentence.kinds,
        f"read so with a probability of {sure:.2f}": sure < SURE,
        "it speaks of quotation marks": says(sentence.text, "quotations.marks"),
        "it may as well be read otherwise": has_rival(one, solution.weighed, draft),
        "it may say that words shall stay": one.shape == "read" and bool({"support", "retain"} & sentence.kinds),
        "it speaks of words that go, too": kept and any(sentence.tokens[n].kind == "delete" for n in solution.about),
        "a sign alone, with no words beside it": any(
            is_sign(shown.word) for act in one.acts if (shown := act.beside or act.old or act.new)
        ),
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
    """Why a sentence says nothing of the paragraphs that it names: "Thank you for the call on paragraph 11"; empty
    where it may. What comes is moved, too.
    """
    if not sentence.kinds.isdisjoint(_NO_ASIDE) or says(sentence.text, "remarks.opinion", language):
        return ""
    asides = {"it tells what will come": "remarks.to_come", "it thanks, and says for what": "leave_taking.thanks"}
    return next((why for why, concept in asides.items() if says(sentence.text, concept, language)), "")


def _told(sentence: Sentence) -> str:
    """A sentence's own words, without the place that is before them with a colon."""
    kinds = [token.kind for token in sentence.tokens[:8]]
    at = kinds.index("colon") if "colon" in kinds else 0
    headed = kinds[at - 1] in ("place", "line", "sentence") and LIGHT.issuperset(kinds[:at])
    return sentence.text[sentence.tokens[at].end - sentence.start if at and headed else 0 :].strip()
