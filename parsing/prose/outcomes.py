"""What becomes of the sentences of a line in which no act was found: remarks, reasons, courtesies, or unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from parsing.confidence import DOUBTFUL_REMARK, REMARK
from parsing.draft_index import holding, words_of
from parsing.model import Draft, OutcomeKind
from parsing.prose.headings import is_name
from parsing.prose.lines import Line
from parsing.prose.requests.paragraph_requests import speaks_of_new
from parsing.prose.requests.remarks import is_general, joined, says
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.edits import Collector
from parsing.prose.signs import (
    ASKING,
    REFUSING,
    SPEAKING,
    SPEAKING_PHRASES,
    YIELDING,
    Sign,
    shown_in,
    signs_of,
)
from parsing.prose.statement import Remark
from parsing.text.phrases import folded, pattern_of

_ALL_OF_IT = frozenset(("whole", "other_paragraphs"))
"""Kinds of words by which a sentence names more than single paragraphs."""
_REMARK = 6
"""What is shorter is no remark on the paragraph above, but a greeting or a name."""
_ON_PARAGRAPHS = frozenset(("paragraph", "recital", "operative", "preamble", "support"))
"""Kinds of words by which a sentence speaks of less than the whole text, or agrees with it."""
_GENERAL = ("general",)
_A_WORD = 4
"""A paragraph, "should be", and a word or two."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the lines above say of the sentences of a line."""

    language: str
    at: tuple[str, ...]
    """The paragraphs of which everything speaks, as in the margin of a document."""
    labels: tuple[str, ...]
    """The paragraphs of the heading."""
    numbered: str
    """The paragraph that has the number of the item."""
    general: bool
    closed: bool
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
        groups: list[tuple[tuple[str, ...], list[Remark]]] = []
        announces = line.text.rstrip().endswith((":", "："))
        for remark in remarks:
            if edited.issuperset(remark.labels) and edited and self._explains(remark, line):
                self.found.reason(since, remark.text)
                self.found.settle(remark.sentence.text, "reason", "", remark.sentence.start)
                continue
            where = _GENERAL if self._is_on_the_whole(remark) else remark.labels or self._remarked(remark.text, line)
            announces = announces or "following" in remark.sentence.kinds
            if not where or (announces and where == _GENERAL):
                while groups:
                    self._keep_remark(*groups.pop(0))
                self._set_aside(remark, line)
            elif groups and (groups[-1][0] == where or (not remark.labels and groups[-1][0] != _GENERAL)):
                groups[-1][1].append(remark)
            else:
                groups.append((where, [remark]))
        for where, members in groups:
            self._keep_remark(where, members)

    def _is_on_the_whole(self, remark: Remark) -> bool:
        """Whether a sentence speaks of the text as a whole, whatever the lines around it speak of."""
        return not self.around.at and (_is_on_the_whole(remark) or self._begins_generally(remark))

    def _explains(self, remark: Remark, line: Line) -> bool:
        """Whether a sentence gives a reason, and asks for nothing itself; an opinion on the whole text is none, unless
        it begins an item of a list that asks for something.
        """
        alone = remark.leads and not line.mark and not (self.around.at or self.around.labels)
        general = alone and is_general(remark.text, self.around.language, remark.text)
        if remark.asks or general or self._is_on_the_whole(remark):
            return False
        signs = signs_of(remark.sentence, self.draft, self.around.language)
        asks = (
            signs & {"new wording", "two quotations", "sign", "position", "question"}
            or {"quotation", "change"} <= signs
        )
        asks = asks or "ordinal" in remark.sentence.kinds
        return not asks or "reason" in remark.sentence.kinds

    def _keep_remark(self, where: Sequence[str], members: Sequence[Remark]) -> None:
        """Sentences on the same paragraphs, as one remark; it is sure where none asks for a change. One that asks, and
        may speak of another paragraph, is unread.
        """
        general = tuple(where) == _GENERAL
        asked = next(filter(None, (self._request(one, general=general) for one in members)), "")
        if asked and (general or self._may_be_elsewhere(where, members)):
            touched = {edit.paragraph for edit in self.found.edits[self.around.since :]}
            for one in members:
                self._keep_doubtful(one, asked, [label for label in where if label in touched])
            return
        doubt = asked or self._doubt_of_remark(where, members)
        text, sure = joined(one.text for one in members), DOUBTFUL_REMARK if doubt else REMARK
        for label in where:
            self.found.remark(label, text, members[0].intent, sure)
        self.found.settle_all([(one.sentence.text, one.sentence.start) for one in members], "official text", doubt)

    def _may_be_elsewhere(self, where: Sequence[str], members: Sequence[Remark]) -> bool:
        """Whether sentences may speak of another paragraph than the one that they are taken to speak of."""
        loose = all(one.carried or self._is_on_the_text(one) for one in members)
        return loose or any(_names_others(one, where) for one in members)

    def _doubt_of_remark(self, where: Sequence[str], members: Sequence[Remark]) -> str:
        """Why sentences that ask for no change may be no remark on what they are taken to speak of."""
        whole = tuple(where) != _GENERAL or all(map(self._is_on_all_of_it, members))
        reasons = {
            "nothing tells that it is a remark": not any(map(self._is_evident, members)),
            "it announces something, or is a wording": members[-1].text.rstrip().endswith((":", "：", ";", "；")),
            "it names another paragraph": any(_names_others(one, where) for one in members),
            "it does not say that it speaks of the whole text": not whole,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _keep_doubtful(self, remark: Remark, doubt: str, likely: Sequence[str]) -> None:
        """A sentence that may speak of another paragraph than the lines around it: of those that it names, if any; of
        `likely`, which the lines above change.
        """
        own = () if remark.carried else remark.labels
        named = tuple(dict.fromkeys((*own, *remark.sentence.labels)))
        for label in named or likely:
            self.found.remark(label, remark.text, remark.intent, DOUBTFUL_REMARK)
        if not named and self._is_on_the_text(remark):
            self.found.remark("general", remark.text, remark.intent, DOUBTFUL_REMARK)
        elif not named:
            self.found.lost(remark.text, doubt)
        self.found.settle(remark.sentence.text, "unread", doubt, remark.sentence.start)

    def _is_on_the_text(self, remark: Remark) -> bool:
        """Whether a sentence names no paragraph, and asks, misses or reserves something about the text itself."""
        signs = signs_of(remark.sentence, self.draft, self.around.language)
        asks = "reserve" in remark.sentence.kinds or signs >= {"wish", "lack"} or "question" in signs
        asks = asks or self._begins_generally(remark)
        return asks and not remark.sentence.named and says(remark.text, "remarks.subject", self.around.language)

    def _is_on_all_of_it(self, remark: Remark) -> bool:
        """Whether a sentence names the text itself, and no change or line of it."""
        subject = says(remark.text, "remarks.subject", self.around.language) or _is_on_the_whole(remark)
        return subject and remark.sentence.kinds.isdisjoint(("line", "colon", "replace", "following"))

    def _is_evident(self, remark: Remark) -> bool:
        """Whether a sentence takes a position, gives a reason, or asks, wishes or misses something of the text."""
        kinds, signs = remark.sentence.kinds, signs_of(remark.sentence, self.draft, self.around.language)
        if remark.intent or not kinds.isdisjoint(("reason", "concede")) or "question" in signs:
            return True
        speaks = not kinds.isdisjoint(SPEAKING)
        speaks = speaks or any(says(remark.text, concept, self.around.language) for concept in SPEAKING_PHRASES)
        return speaks and bool(signs & {"wish", "lack"})

    def _request(self, remark: Remark, *, general: bool) -> str:
        """Why a remark may ask for a change; empty where it asks for none."""
        signs = signs_of(remark.sentence, self.draft, self.around.language)
        asks_too = remark.intent == "oppose" and {"act", "quotation"} <= signs and not remark.sentence.denied
        told = (_yields(remark.sentence) or remark.intent in REFUSING) and not asks_too
        return _asked_of_words(remark, signs, told=told, general=general) or self._asked_of_places(
            remark, signs, told=told, general=general
        )

    def _asked_of_places(self, remark: Remark, signs: frozenset[Sign], *, told: bool, general: bool) -> str:
        """Why a remark may ask for a change of paragraphs, or speak of others than it seems to."""
        asks, plain = "question" in signs, remark.intent is None
        below = asks and len(self.found.edits) == self.around.since  # it is right below a heading
        named = bool(remark.labels or general or below or "quotation" in signs)
        reasons = {
            "it sets paragraphs beside each other": "position" in signs,
            "it speaks of several paragraphs": plain and _names_several(remark.sentence),
            "it says in a word what a paragraph should be": plain and _should_be(remark.sentence),
            "it asks something, and names no paragraph": asks and (remark.carried or not named),
            "it may speak of the whole text": not general and not below and self._is_on_the_text(remark),
            "it quotes words of the draft and does not say what it thinks of them": "quotation" in signs
            and plain
            and not (asks or told),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _set_aside(self, remark: Remark, line: Line) -> None:
        """A sentence that is no remark on any paragraph: a courtesy, more on what was read above, or unread."""
        text, sentence, language = remark.text, remark.sentence, self.around.language
        courtesy = says(text, "remarks.courtesy", language)
        if (remark.asks or (self.around.listing and line.mark)) and not courtesy:
            self._lost(remark, line, language)
        kept = bool(self.found.touched())
        signs = signs_of(sentence, self.draft, language)
        courtesy = courtesy or says(text, "remarks.sent", language)
        kind, why = self._outcome(signs, text, courtesy=courtesy)
        alone = remark.leads and not self.found.remarks_here
        if kind == "reason" and alone and self._wishes_for_the_text(remark, signs):
            kind, why = "unread", "it wishes for something in the text as a whole"
        if kind == "unread" and not kept:
            self._keep_in_doubt(remark, signs)
        if kind == "reason":
            self.found.more(self.found.last)
        self.found.settle(sentence.text, kind, why, sentence.start)

    def _keep_in_doubt(self, remark: Remark, signs: frozenset[Sign]) -> None:
        """A remark at the one paragraph that has the words which a sentence shows, or on the text as a whole."""
        shown = "" if remark.sentence.named or remark.asks else shown_in(remark.sentence, self.draft)
        speaks = signs & {"question", "wish", "lack", "quotation"}
        if shown and (speaks or self.found.edits) and not signs & {"new wording", "two quotations"}:
            self.found.remark(shown, remark.text, remark.intent, DOUBTFUL_REMARK)
        elif self._wishes_for_the_text(remark, signs):
            self.found.remark("general", remark.text, remark.intent, DOUBTFUL_REMARK)

    def _begins_generally(self, remark: Remark) -> bool:
        """Whether a sentence begins with "in general" or the like, and finds something about the text."""
        language = self.around.language
        if remark.sentence.named or pattern_of("remarks.general", language=language).match(folded(remark.text)) is None:
            return False
        found = signs_of(remark.sentence, self.draft, language) & {"wish", "lack"}
        return bool(found) and says(remark.text, "remarks.subject", language)

    def _wishes_for_the_text(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence that names no paragraph asks or wishes something of the text as a whole."""
        text, sentence = remark.text, remark.sentence
        if signs & ASKING or sentence.named or text.rstrip().endswith((":", "：")):
            return False
        asks = "question" in signs
        if not says(text, "remarks.subject", self.around.language) and not (asks and self.found.edits):
            return False
        if not sentence.kinds.isdisjoint(_ON_PARAGRAPHS) or ("colon" in sentence.kinds and not asks):
            return False
        return len(words_of(text)) >= _REMARK and bool(signs & {"question", "wish", "lack"})

    def _outcome(self, signs: frozenset[Sign], text: str, *, courtesy: bool) -> tuple[OutcomeKind, str]:
        """What a sentence is that no reader has taken, and why it is thought so."""
        asking = signs & ASKING
        if asking or {"place", "change"} <= signs:
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(asking or signs))}"
        if courtesy:
            return "courtesy", "a phrase of courtesy"
        if signs - {"change", "wish", "shape", "lack", "proposing", "sign", "question"}:
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(signs))}"
        said = len(words_of(text)) >= _REMARK and not is_name(text, self.around.language)
        if said and self.found.last and "question" not in signs:
            return "reason", "it goes on with what is above"
        if "question" in signs or (said and signs & {"wish", "shape", "lack"}):
            return "unread", "not read, and it wishes for something, or looks like a paragraph"
        return "courtesy", "no sign of a request"

    def _lost(self, remark: Remark, line: Line, language: str) -> None:
        """What asks for a change, or is in a list of them, and belongs nowhere for certain."""
        text = remark.text
        label = self.around.numbered
        if label:
            self.found.remark(label, text, None, DOUBTFUL_REMARK)
        elif line.mark and says(text, "remarks.subject", language):
            self.found.remark("general", text, None, DOUBTFUL_REMARK)
        else:
            self.found.lost(text, self._why_lost(remark.sentence))

    def _why_lost(self, sentence: Sentence) -> str:
        """Why what a sentence asks for has no place."""
        missing = next((place.missing for place in sentence.places if place.missing), "")
        if missing:
            return f"the draft has no {missing}"
        for words in sentence.quotes:
            if len(holding(words, self.draft)) > 1:
                return f"“{words}” occurs in several places of the draft"
        return "it asks for a change, but not clearly which and where"

    def _remarked(self, text: str, line: Line) -> tuple[str, ...]:
        """Where a sentence that names no place belongs; () where it is no remark."""
        language = self.around.language
        courtesy = says(text, "remarks.courtesy", language)
        if self.around.at:
            return () if courtesy and not says(text, "remarks.opinion", language) else self.around.at
        if self.around.labels and not courtesy and len(text) >= _REMARK and not is_name(text, language):
            return self.around.labels
        if self.around.closed or courtesy:
            return ()
        return _GENERAL if self.around.general or self._is_general(text, line) else ()

    def _is_general(self, text: str, line: Line) -> bool:
        """Whether a sentence finds something about the text as a whole, which a courtesy around it does not name."""
        language = self.around.language
        if not says(text, "remarks.opinion", language) or says(text, "remarks.sent", language):
            return False
        aside = any(says(line.text, concept, language) for concept in ("remarks.courtesy", "remarks.sent"))
        return is_general(text, language, text if aside else line.text, listed=bool(line.mark))


def _is_on_the_whole(remark: Remark) -> bool:
    """Whether a sentence speaks of the text as a whole, or of all of it but what others are on."""
    return not _ALL_OF_IT.isdisjoint(remark.sentence.kinds) and not remark.sentence.named


def _yields(sentence: Sentence) -> bool:
    """Whether a sentence concedes something, regrets it, or tells what others want."""
    return not sentence.asserted.isdisjoint(YIELDING)


def _asked_of_words(remark: Remark, signs: frozenset[Sign], *, told: bool, general: bool) -> str:
    """Why a remark may ask for other words; `told` where its refusal or concession accounts for words of a change."""
    proposing: frozenset[Sign] = frozenset(("sign", "act") if general else ("sign", "act", "proposing", "change"))
    reported = not remark.sentence.kinds.isdisjoint(("reported", "wished"))
    changes = "change" in signs and bool(signs & {"quotation", "place", "draft words"})
    reasons = {
        "it quotes words that are not the draft's": "new wording" in signs and not _yields(remark.sentence),
        "it shows words of the draft with others among them": "shown" in signs,
        "it quotes words twice": "two quotations" in signs and not reported,
        "it speaks of a new paragraph": speaks_of_new(remark.sentence) and not told,
        "it holds words in the draft's language": "foreign words" in signs,
        "it has words of a change": changes and not told,
        "it seems to propose words": bool(signs & proposing) and not told,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _should_be(sentence: Sentence) -> bool:
    """Whether a sentence says in a word or two what should become of a paragraph: "Paragraph 6 must be axed"."""
    told = [token.kind for token in sentence.tokens if token.kind != "of"]
    clause = list(takewhile(lambda kind: kind not in ("comma", "reason", "stop", "semicolon"), told))
    return clause[:2] == ["place", "be"] and set(clause[2:]) == {"other"} and len(clause) <= _A_WORD


def _names_several(sentence: Sentence) -> bool:
    """Whether a sentence names paragraphs in several places: it says something else of each."""
    return len({place.labels for place in sentence.named if place.labels}) > 1


def _names_others(remark: Remark, where: Sequence[str]) -> bool:
    """Whether a sentence names other paragraphs than those that it is taken to speak of."""
    named = remark.sentence.labels
    return bool(named) and set(where).isdisjoint(named)
