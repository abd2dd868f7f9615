"""What becomes of the sentences of a line in which no act was found: remarks, reasons, courtesies, or unread.

Three things decide: what a sentence is on, why it may ask for a change, and whether it shows that it is a remark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from parsing.confidence import DOUBTFUL_REMARK, REMARK
from parsing.draft_index import holding, words_of
from parsing.model import Draft, OutcomeKind
from parsing.prose.headings import is_name
from parsing.prose.lines import Line
from parsing.prose.requests.remarks import QUESTION_MARKS, is_general, says
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.edits import Collector
from parsing.prose.signs import ASKING, YIELDING, Sign, shown_in, signs_of
from parsing.prose.statement import Remark
from parsing.text.phrases import folded, pattern_of

_GENERAL = ("general",)
_ALL_OF_IT = frozenset(("whole", "other_paragraphs"))
"""Kinds of words by which a sentence names more than single paragraphs."""
_REMARK = 6
"""What is shorter is no remark on the paragraph above, but a greeting or a name."""
_ON_LESS = frozenset(("paragraph", "recital", "operative", "preamble", "support"))
"""Kinds of words by which a sentence speaks of less than the whole text, or agrees with it."""
_COLONS = (":", "：")
_FINDING: frozenset[Sign] = frozenset(("wish", "lack", "question"))
"""Signs that a sentence finds, wishes or asks something."""
_HARMLESS: frozenset[Sign] = _FINDING | {"change", "shape"}
"""Signs that are borne by much that asks for nothing."""
_TOLD = frozenset(("yields", "refuses", "question"))
_WORDING = frozenset(("write", "read", "instead", "in_place", "replace", "substitute", "insert", "arrow"))
"""Kinds of words by which a question may ask for other words: "Could it not speak of A where it says B?"."""
_REQUESTS: tuple[tuple[Sign, frozenset[str], str], ...] = (
    ("wording", frozenset(("yields",)), "it quotes words that are not the draft's, or several"),
    ("shown", frozenset(), "it shows words of the draft with others among them"),
    ("foreign words", frozenset(), "it holds words in the draft's language"),
    ("act", frozenset(("yields", "stands")), "it has words of a change"),
    ("change", _TOLD | {"general"}, "it has words of a change"),
    ("quotation", _TOLD, "it quotes words, and does not say what of them"),
)
"""Signs of a request, what accounts for them, and why the sentence needs review where nothing does."""
_POSITIONS = frozenset(("support", "retain", "oppose", "reserve", "split"))
"""Intents that are no change of words in disguise, as "put in brackets" may be."""
_TELLING = frozenset(("concede", "wished", "reported", "retract"))
"""Kinds of words that report what is not requested, or no longer requested."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the lines above say of the sentences of a line."""

    language: str
    at: tuple[str, ...]
    """The paragraphs of which everything speaks, as in the margin of a document."""
    labels: tuple[str, ...]
    """The paragraphs of the heading."""
    general: bool
    listing: bool
    since: int
    """The first of the edits below the heading."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    draft: Draft
    found: Collector
    around: Around

    def settle(self, line: Line, remarks: Sequence[Remark], since: int) -> None:
        """Sentences without an act: reasons of the line's edits, remarks on its paragraphs, general ones, nothing."""
        edited = {edit.paragraph for edit in self.found.edits[since:]}
        announces = line.text.rstrip().endswith(_COLONS)
        before: tuple[str, ...] = ()
        for remark in remarks:
            signs = signs_of(remark.sentence, self.draft, self.around.language)
            on = self._on(remark, signs, line)
            if edited and edited.issuperset(remark.labels) and self._explains(remark, signs):
                self.found.reason(since, remark.text)
                self.found.settle(remark.sentence.text, "reason", "", remark.sentence.start)
                continue
            if on != _GENERAL and not remark.labels and before not in ((), _GENERAL):
                on = before
            announces = announces or "following" in remark.sentence.kinds
            if not on or (announces and on == _GENERAL):
                self._set_aside(remark, signs, line)
                before = ()
            else:
                self._keep(remark, signs, on, follows=on == before)
                before = on

    def _on(self, remark: Remark, signs: frozenset[Sign], line: Line) -> tuple[str, ...]:
        """The paragraphs that a sentence is on, or the text as a whole; () where it is no remark."""
        text, around = remark.text, self.around
        if self._is_on_the_text(remark, signs):
            return _GENERAL
        if remark.labels or around.at:
            too = _GENERAL if remark.labels and self._is_of_all(remark, signs) else ()
            return (*(remark.labels or around.at), *too)
        if self._sets_aside(text, "remarks.courtesy"):
            return ()
        if around.labels and len(text) >= _REMARK and not is_name(text, around.language):
            return around.labels
        return _GENERAL if around.general or is_general(text, around.language, listed=bool(line.mark)) else ()

    def _is_on_the_text(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence speaks of the text as a whole, whatever the lines around it speak of."""
        if self.around.at or remark.sentence.named:
            return False
        placed = len(self.found.edits) == self.around.since or not signs.isdisjoint(("wording", "shown"))
        asks = "reserve" in remark.sentence.kinds or {"wish", "lack"} <= signs or ("question" in signs and not placed)
        return self._is_of_all(remark, signs) or (asks and says(remark.text, "remarks.subject", self.around.language))

    def _is_of_all(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence says that it speaks of all of the text."""
        general = pattern_of("remarks.general", language=self.around.language).match(folded(remark.text))
        found = general and signs & {"wish", "lack"} and says(remark.text, "remarks.subject", self.around.language)
        return bool(found) or not remark.sentence.kinds.isdisjoint(_ALL_OF_IT)

    def _explains(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence gives a reason for an edit: it asks for nothing itself, and speaks of no more."""
        of_all = not remark.sentence.named and self._is_of_all(remark, signs)
        general = of_all or (remark.leads and is_general(remark.text, self.around.language))
        asks = signs & {"wording", "question"} and "reason" not in remark.sentence.kinds
        return not (remark.asks or asks or general)

    def _keep(self, remark: Remark, signs: frozenset[Sign], on: tuple[str, ...], *, follows: bool) -> None:
        """A remark, sure where it shows that it is one, and on what, and asks for nothing. What may ask for a change,
        and names no paragraph, is unread.
        """
        request = _request(remark, signs, on)
        several = "it may speak of the text as a whole, too" if on != _GENERAL and "general" in on else ""
        doubt = request or several or self._doubt(remark, signs, on, follows=follows)
        if request and not self.around.at:
            named = remark.sentence.labels
            on = tuple(dict.fromkeys((*(() if remark.carried else remark.labels), *named))) or on
            if (remark.carried or on == _GENERAL) and not (named or self._is_on_the_text(remark, signs)):
                self.found.lost(remark.text, doubt)
                on = () if on == _GENERAL else on
        for label in on:
            self.found.remark(label, remark.text, remark.intent, DOUBTFUL_REMARK if doubt else REMARK)
        self.found.settle(remark.sentence.text, "official text", doubt, remark.sentence.start)

    def _doubt(self, remark: Remark, signs: frozenset[Sign], on: tuple[str, ...], *, follows: bool) -> str:
        """Why a sentence may be no remark on what it is taken to be on; empty where it shows both."""
        sentence, around = remark.sentence, self.around
        position = remark.intent in _POSITIONS or "question" in signs
        if follows and not sentence.labels:
            return ""
        if on == _GENERAL:
            clear = self._is_clearly_general(remark, signs, position=position)
            return "" if clear else "it does not say that it speaks of the whole text"
        if not position and sentence.kinds.isdisjoint(_TELLING):
            return "nothing tells that it is a remark"
        strong = {label for place in sentence.named if not place.weak for label in place.labels}
        headed = () if remark.carried or ("question" in signs and "quotation" not in signs) else around.labels
        named = strong or set(sentence.labels or around.at or headed)
        return "" if named == set(on) else "it does not name its paragraph"

    def _is_clearly_general(self, remark: Remark, signs: frozenset[Sign], *, position: bool) -> bool:
        """Whether a sentence names the text itself and speaks of all of it, or finds something where no paragraph is
        spoken of.
        """
        kinds, around = remark.sentence.kinds, self.around
        if "colon" in kinds or not says(remark.text, "remarks.subject", around.language):
            return False
        if around.general or around.at or "everywhere" in kinds or self._is_of_all(remark, signs):
            return True
        return (position or "lack" in signs) and not (around.labels or remark.labels)

    def _set_aside(self, remark: Remark, signs: frozenset[Sign], line: Line) -> None:
        """A sentence that is no remark on any paragraph: a courtesy, more on what was read above, or unread; with a
        remark in doubt at the one paragraph that has the words which it shows, or on the text as a whole.
        """
        text, sentence = remark.text, remark.sentence
        courtesy = self._sets_aside(text, "remarks.courtesy")
        if (remark.asks or (self.around.listing and line.mark)) and not courtesy:
            self.found.lost(text, _why_lost(sentence, self.draft))
        kind, why = self._outcome(signs, text, courtesy=courtesy or self._sets_aside(text, "remarks.sent"))
        wishes = self._wishes_for_the_text(remark, signs)
        if kind == "reason" and remark.leads and wishes:
            kind, why = "unread", "it wishes for something in the text as a whole"
        shown = kind == "unread" and not sentence.named and not remark.asks and shown_in(sentence, self.draft)
        if shown and "wording" not in signs:
            self.found.remark(shown, text, remark.intent, DOUBTFUL_REMARK)
        elif kind == "unread" and wishes:
            self.found.remark("general", text, remark.intent, DOUBTFUL_REMARK)
        elif kind == "reason":
            self.found.more(self.found.last)
        self.found.settle(sentence.text, kind, why, sentence.start)

    def _sets_aside(self, text: str, concept: str) -> bool:
        """Whether a sentence has a phrase of what is no remark, and does not ask something in words."""
        return says(text, concept, self.around.language) and not says(text, "remarks.question")

    def _wishes_for_the_text(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence that names no paragraph asks or wishes something of the text as a whole."""
        sentence, asks = remark.sentence, "question" in signs
        if sentence.named or not signs & _FINDING or ("colon" in sentence.kinds and not asks):
            return False
        on_text = says(remark.text, "remarks.subject", self.around.language) or (asks and bool(self.found.edits))
        return on_text and sentence.kinds.isdisjoint(_ON_LESS)

    def _outcome(self, signs: frozenset[Sign], text: str, *, courtesy: bool) -> tuple[OutcomeKind, str]:
        """What a sentence is that no reader has taken, and why it is thought so."""
        if signs & ASKING or (signs - _HARMLESS and not courtesy):
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(signs))}"
        if courtesy:
            return "courtesy", "a phrase of courtesy"
        said = len(words_of(text)) >= _REMARK and not is_name(text, self.around.language)
        if said and self.found.last and "question" not in signs:
            return "reason", "it goes on with what is above"
        if "question" in signs or (said and signs & {"wish", "shape", "lack"}):
            return "unread", "not read, and it wishes for something, or looks like a paragraph"
        return "courtesy", "no sign of a request"


def _why_lost(sentence: Sentence, draft: Draft) -> str:
    """Why what a sentence asks for has no place."""
    missing = (f"the draft has no {place.missing}" for place in sentence.places if place.missing)
    several = (words for words in sentence.quotes if len(holding(words, draft)) > 1)
    occurring = (f"“{words}” occurs in several places of the draft" for words in several)
    return next(chain(missing, occurring), "it asks for a change, but not clearly which and where")


def _request(remark: Remark, signs: frozenset[Sign], on: tuple[str, ...]) -> str:
    """Why a sentence may ask for a change; empty where it asks for none."""
    refuses, marked = remark.intent in _POSITIONS, remark.sentence.text.rstrip().endswith(QUESTION_MARKS)
    accounts = {
        "yields": not remark.sentence.asserted.isdisjoint(YIELDING),
        "refuses": refuses,
        "question": "question" in signs and _WORDING.isdisjoint(remark.sentence.kinds),
        "stands": refuses != marked and (marked or "question" not in signs),  # "should it not go?" refuses nothing
        "general": on == _GENERAL,
    }
    told = {name for name, holds in accounts.items() if holds}
    return next((why for sign, excuses, why in _REQUESTS if sign in signs and told.isdisjoint(excuses)), "")
