"""Words that shall begin with a capital, or with a small letter: "Nature with a small n", "capitalize “parties”"."""

import re
from collections.abc import Iterator, Sequence

from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.remarks import says
from parsing.prose.requests.sentences import Sentence

_LETTER = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_RUN = re.compile(r"[A-Za-z][A-Za-z-]+(?: [A-Za-z][A-Za-z-]+)*")
_OTHERWISE = frozenset(("delete", "insert", "substitute", "move", "swap", "new_paragraph", "after", "before"))
"""Kinds of words by which a sentence asks for something else, too."""
_SMALL_WORDS = 4
"""Letters of words such as "of" and "with", which alone say nothing of the draft."""


def recased(sentence: Sentence, draft: Draft, labels: Sequence[str]) -> Sentence:
    """The sentence with the words that shall be written otherwise, and how, as two quotations; itself where it says
    nothing of capitals or small letters, or shows both.
    """
    text = sentence.text
    up, down = says(text, "remarks.capital"), says(text, "remarks.small")
    if up == down or not labels or len(sentence.quotes) > 1 or not sentence.kinds.isdisjoint(_OTHERWISE):
        return sentence
    texts = [draft.text(label) for label in labels]
    letters = {letter.lower() for letter in _LETTER.findall(text)}
    for words in sentence.quotes or tuple(_runs(text, texts)):
        new = _shown(words, text)
        if new == words and (not up or words[0].lower() in letters or (sentence.quotes and " " not in words)):
            new = _written(words, letters, up=up)
        if new != words and any(_stands(words, official) for official in texts):
            return _with_both(sentence, words, new)
    return sentence


def _runs(text: str, officials: Sequence[str]) -> Iterator[str]:
    """The words of a text that are so in a paragraph, the longest first of those that begin at one word."""
    for run in _RUN.finditer(text):
        words = run[0].split(" ")
        spans = [(a, b) for a in range(len(words)) for b in range(len(words), a, -1)]
        said = (" ".join(words[a:b]) for a, b in spans)
        long = (one for one in said if any(len(word) > _SMALL_WORDS for word in one.split(" ")))
        yield from (one for one in long if any(_stands(one, official) for official in officials))


def _stands(words: str, official: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", official) is not None


def _shown(words: str, text: str) -> str:
    """The words with the capitals that a text shows of them elsewhere: "i.e. Sustainable Development Goals"."""
    own = words.split(" ")
    others = {word.lower(): word for word in _WORD.findall(text) if word not in own}
    return " ".join(others.get(word.lower(), word) for word in own)


def _written(words: str, letters: set[str], *, up: bool) -> str:
    """Words with another letter at the beginning of each one; of those alone that begin with a letter that is named."""
    named = {word[0].lower() for word in _WORD.findall(words)} & letters

    def other(found: re.Match[str]) -> str:
        first, rest = found[0][0], found[0][1:]
        if named and first.lower() not in named:
            return found[0]
        return (first.upper() if up else first.lower()) + rest

    return _WORD.sub(other, words)


def _with_both(sentence: Sentence, words: str, new: str) -> Sentence:
    """The sentence as "“words” with “new”", with the place that it names before it."""
    start = sentence.start
    ahead = tuple(token for token in sentence.tokens if token.kind == "place")
    at = start + max(sentence.text.find(words), 0)
    shown = Token("quote", at, at + len(words), words)
    end = start + len(sentence.text)
    rest = tuple(token for token in sentence.tokens if token.kind in ("negation", "oppose", "condition", "reported"))
    asked = (Token("replace", at, at, ""), shown, Token("with", end, end, ""), Token("quote", end, end, new))
    return Sentence(sentence.text, (*ahead, *rest, *asked), sentence.places)
