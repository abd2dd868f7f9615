"""What speaks against setting a sentence aside: signs that it asks for something, in no matter which words."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from parsing.confidence import A_SENTENCE
from parsing.draft_index import holding, words_of
from parsing.languages.tables import LANGUAGES, section
from parsing.model import Draft, Edit
from parsing.prose.references.reference import Place
from parsing.prose.references.references import places_of
from parsing.prose.requests.remarks import is_question, says
from parsing.prose.requests.sentences import Sentence
from parsing.text.quotations import quoted, without_quotations
from parsing.text.search import find, is_sign
from parsing.text.words import number_before, plain

Sign = Literal[
    "quotation", "wording", "act", "change", "place", "mark", "draft words", "shown", "foreign words", "wish", "shape",
    "lack", "question",
]  # fmt: skip
ASKING: frozenset[Sign] = frozenset(("quotation", "mark", "shown", "foreign words"))
"""Signs that no phrase of courtesy outweighs."""

CHANGE = frozenset((
    "replace", "substitute", "delete", "insert", "read", "write", "move", "swap", "new_paragraph", "arrow",
    "instead", "in_place", "brackets", "merge", "split", "bracket", "bis",
))  # fmt: skip
"""Kinds of words by which a change may be asked for; many say other things too: "climate change", "revised draft"."""
WISH = frozenset((
    "suggest", "prefer", "wished", "oppose", "reserve", "worry", "split", "merge", "bracket", "retain", "support",
))  # fmt: skip
"""Kinds of words by which something is wished for that changes no words, or not these."""
YIELDING = frozenset(("concede", "worry", "wished", "reported"))
"""Kinds of words that account for words of a change in a remark: "we can live with the deletion"."""
_WISHES = ("remarks.wish", "remarks.opinion")
ACT = frozenset(("delete", "insert", "substitute", "move", "swap", "new_paragraph"))
"""Kinds of words that alone ask for a change."""
_RUN = 4
"""So many words of the draft in a row are no accident: "conservation and sustainable use" has four."""
_LONG_RUN = 5
"""So many in a row show a paragraph."""
_PARAGRAPH = 8
"""A line of so many words that ends with a semicolon looks like a paragraph of a declaration."""
_PLAIN = 5
"""Words of no meaning to the reader that a plain deletion of a paragraph, of a sentence or of a sign may hold."""
_BESIDE = frozenset(("after", "before", "between", "follow", "follow_up"))
_SHOWN = 0.4
"""A sentence of which so much is in the draft in a row shows it; what else it holds may be new."""
_FOREIGN = re.compile(r"[A-Za-z][a-z]+(?:[ -][a-z]{2,})+")
"""Two Latin words in a row, the second in small letters: no name and no abbreviation."""
_CHINESE_TITLE = re.compile(r"《([^》A-Za-z]*)》")
_CLAUSE = re.compile(r"[^,;:，；：،؛]+")
_SIGNS = ("+",)
_SCRIPTED = tuple(name for name in LANGUAGES if section("letters", name))
"""Languages that are not written in Latin letters: Latin words among them are the draft's, or new words for it."""


def signs_of(sentence: Sentence, draft: Draft, language: str) -> frozenset[Sign]:
    """The signs that a sentence bears."""
    kinds = sentence.kinds
    titles = _CHINESE_TITLE.findall(sentence.text)
    quotes = [words for words in sentence.quotes if not (words in titles or _is_title(words, draft))]
    said = without_quotations(sentence.text, " | ")
    words = words_of(said)
    run = longest_run(words, draft)
    borne: dict[Sign, bool] = {
        "quotation": bool(quotes),
        "wording": len(quotes) > 1 or not all(stands(quote, draft) for quote in quotes),
        "act": not kinds.isdisjoint(ACT) and any(t.kind in ACT and t.word not in _SIGNS for t in sentence.tokens),
        "change": not kinds.isdisjoint(CHANGE),
        "place": any(not place.weak for place in sentence.named),
        "mark": "arrow" in kinds,
        "draft words": run >= _RUN,
        "shown": _RUN <= run < len(words) and run >= _SHOWN * len(words),
        "foreign words": language in _SCRIPTED and _FOREIGN.search(said) is not None,
        "wish": not kinds.isdisjoint(WISH) or any(says(said, concept, language) for concept in _WISHES),
        "shape": said.rstrip().endswith((";", "；")) and len(words) >= _PARAGRAPH,
        "lack": _lacks(sentence, said, language),
        "question": is_question(sentence.text),
    }
    return frozenset(sign for sign, is_borne in borne.items() if is_borne)


def _lacks(sentence: Sentence, said: str, language: str) -> bool:
    """Whether it says what the text does not have, or has too little or too much of: in one clause."""
    if says(said, "remarks.lacking", language):
        return says(said, "remarks.subject", language)
    denials = [token.start - sentence.start for token in sentence.tokens if token.kind == "negation"]
    clauses = (one for one in _CLAUSE.finditer(sentence.text) if any(one.start() <= at < one.end() for at in denials))
    return any(says(clause[0], "remarks.subject", language) for clause in clauses)


def _is_title(words: str, draft: Draft) -> bool:
    """Whether words are the name of the draft: "Revised Zero Draft"."""
    named = words_of(f"{draft.title} {draft.version} declaration text")
    return set(words_of(words)) <= set(named)


def stands(words: str, draft: Draft) -> bool:
    """Whether words are in some paragraph of the draft."""
    return bool(holding(words, draft))


def longest_run(words: Sequence[str], draft: Draft) -> int:
    """How many words in a row are so in the draft; 0 for fewer than _RUN."""
    longest, length, last = 0, 0, len(words)
    for n in _standing(words, draft):
        length = length + 1 if n == last + 1 else _RUN
        longest, last = max(longest, length), n
    return longest


def _standing(words: Sequence[str], draft: Draft) -> Iterator[int]:
    """Where _RUN words begin that are so in the draft."""
    known = _runs(draft)
    return (n for n in range(len(words) - _RUN + 1) if tuple(words[n : n + _RUN]) in known)


def shown_in(sentence: Sentence, draft: Draft) -> str:
    """The paragraph that alone has words which a sentence quotes, or many of its words in a row; "" for none."""
    words = words_of(without_quotations(sentence.text, " | "))
    runs = (" ".join(words[n : n + _LONG_RUN]) for n in _standing(words, draft) if n + _LONG_RUN <= len(words))
    for said in (*sentence.quotes, *runs):
        labels = [label for label, _ in holding(said, draft)]
        if len(labels) == 1:
            return labels[0]
    return ""


@lru_cache(maxsize=8)
def _runs(draft: Draft) -> frozenset[tuple[str, ...]]:
    """Every _RUN words that follow each other in the draft."""
    texts = [words_of(paragraph.text) for paragraph in draft.paragraphs]
    return frozenset(tuple(words[n : n + _RUN]) for words in texts for n in range(len(words) - _RUN + 1))


def left_over(sentence: Sentence, read: Sequence[bool], edits: Sequence[Edit], draft: Draft) -> str:
    """What of a sentence its edits do not account for; empty where they account for all of it. `read` tells which of
    its tokens are about them.

    Words that are quoted, words that ask for a change and paragraphs that are named stand for something. An act on a
    whole paragraph takes several words to say, and names the paragraphs beside it; what follows a word such as
    "because" is a reason.
    """
    whole = not any(read) or any(edit.start is None and edit.action != "comment" for edit in edits)
    unread = [token for token, is_read in zip(sentence.tokens, read, strict=True) if not is_read]
    told = takewhile(lambda token: token.start == sentence.start or token.kind not in ("reason", "so_that"), unread)
    for token in told:
        if token.kind == "quote" and not _shows(token.word, edits, draft, whole=whole):
            return "words in quotation marks that no edit accounts for"
        if token.kind == "place" and not (whole or _holds(sentence.places[token.value], edits)):
            return "a paragraph is named in which nothing was found to change"
        if token.kind in ACT and token.word not in _SIGNS and not whole:
            return "a word of a change that no edit accounts for"
    return ""


def _holds(place: Place, edits: Sequence[Edit]) -> bool:
    """Whether a place that is named is one of an edit."""
    named = {*place.labels, *place.others}
    return place.weak or not named or any(edit.paragraph in named for edit in edits)


def _shows(words: str, edits: Sequence[Edit], draft: Draft, *, whole: bool) -> bool:
    """Whether quoted words are the draft's name, those of an edit or around them; of a whole paragraph, its own."""
    bare = plain(words).strip(" ,;.")
    if _is_title(words, draft) or any(bare in plain(edit.new) for edit in edits):
        return True
    return any(_are_around(words, edit, draft, whole=whole) for edit in edits if edit.paragraph != "general")


def _are_around(words: str, edit: Edit, draft: Draft, *, whole: bool) -> bool:
    """Whether words are those around what an edit changes, or open its paragraph."""
    start, end = edit.start or 0, edit.end or 0
    found = find(words, draft.text(edit.paragraph), mistakes=False)
    return any(whole or one.start == 0 or (one.start <= start and end <= one.end) for one in found)


def doubt_of(sentence: Sentence, edits: Sequence[Edit]) -> str:
    """Why what a sentence asks for may not be asked for; empty where nothing speaks against it."""
    kinds, whole = sentence.kinds, any(edit.action == "delete_paragraph" for edit in edits)
    goes = whole or any(edit.action == "delete" for edit in edits)
    plain = whole or any(edit.confidence == A_SENTENCE for edit in edits) or all(map(_is_of_signs, edits))
    reasons = {
        "it says more than that something goes": plain and _is_told_at_length(sentence),
        "it is a question": is_question(sentence.text) and not all(edit.new for edit in edits),
        "it may tell what others want, or what was wanted at first": not kinds.isdisjoint(("reported", "wished")),
        "a sign may go along with words": says(sentence.text, "remarks.along"),
        "it makes an exception": "except" in kinds and goes,
        "it asks for all of something to go, and only words do": goes
        and not plain
        and ("whole_paragraph" in kinds or {"sentence", "from"} <= kinds),
        "it names other paragraphs, too": whole and not {edit.paragraph for edit in edits}.issuperset(sentence.labels),
        "it may name a paragraph by the one beside it": whole and _counts_from(sentence),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _is_of_signs(edit: Edit) -> bool:
    """Whether nothing but a sign changes."""
    return edit.start is not None and is_sign(edit.new.strip() or ".") and is_sign(edit.old.strip() or ".")


def _is_told_at_length(sentence: Sentence) -> bool:
    """Whether many words are before the reason, or around the act, that a plain deletion does not need."""
    reason = next((n for n, token in enumerate(sentence.tokens) if token.kind in ("reason", "colon") and n > 3), None)
    return sum(token.kind == "other" for token in sentence.tokens[:reason]) > _PLAIN


def _counts_from(sentence: Sentence) -> bool:
    """Whether it says, before the reason, that something is beside the paragraph that is named."""
    told = [token.kind for token in takewhile(lambda token: token.kind != "reason", sentence.tokens)]
    behind = told[told.index("place") :] if "place" in told else []
    return not _BESIDE.isdisjoint(told) or "following" in behind


def request_in(text: str, draft: Draft, *, marked: bool = True) -> str:
    """Why a passage that was set aside may hold a request all the same; empty where nothing speaks for it. `marked`
    where some of it is coloured, struck out or the like, or may be.
    """
    shown = text.lstrip("> ")
    words = words_of(shown[number_before(shown) :])
    run = longest_run(words, draft)
    if run == len(words):
        return ""
    quotes = [quote.words for quote in quoted(text) if not _is_title(quote.words, draft)]
    reasons = {
        "it shows words of the draft with others among them": run >= max(_RUN, 0 if marked else _SHOWN * len(words)),
        "it names a paragraph and quotes words": bool(quotes) and bool(places_of(text, draft)),
        "it quotes words of the draft": any(len(words_of(quote)) > 1 and stands(quote, draft) for quote in quotes),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
