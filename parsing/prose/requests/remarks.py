"""What a sentence without an act is: a remark on the text, a courtesy, or nothing."""

import re
from collections.abc import Iterable
from functools import lru_cache

from parsing.draft_index import words_of
from parsing.languages.tables import LANGUAGES, phrases
from parsing.text.normalize import fold
from parsing.text.phrases import expression, folded, pattern_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_APART = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_HAN_OFFICE = re.compile(rf"[\u3400-\u9fff()·\s]{{2,30}}{expression(phrases('institutions.endings', 'zh'))}")
_ALONE = {kind: f"{kind}_alone" for kind in ("labels.original", "labels.proposed")}
"""Where the words are that are such a label only where it says no more: "Before:", "After:"."""
QUESTION_MARKS = ("?", "？", "؟")
_LONGEST_NAME = 14
"""Words of an office's name, as a signature gives it."""


@lru_cache(maxsize=512)
def says(text: str, concept: str, language: str | None = None) -> bool:
    """Whether the text holds a phrase of the concept, in a language or in any."""
    said = fold(text).text
    return pattern_of(concept, language=language, ascii_alone=said.isascii()).search(said) is not None


def is_all(text: str, concept: str, language: str | None = None) -> bool:
    """Whether the text is a phrase of the concept and no more, as "Best regards,"; or one that means it only alone, as
    "Before:". Without a language it may be one of any.
    """
    if len(_bare(text[:90])) >= 60 or not 0 < len(bare := _bare(text)) < 60:  # mostly its beginning is too long already
        return False
    names = (concept, _ALONE[concept]) if concept in _ALONE else (concept,)
    return any(pattern_of(name, language=language).fullmatch(bare) for name in names)


@lru_cache(maxsize=256)
def _bare(text: str) -> str:
    """The words alone."""
    return _APART.sub("", " ".join(word for word in words_of(text) if word[0].isalnum()))


def is_question(text: str) -> bool:
    """Whether a sentence asks something, with a question mark or in words: "we would like to know whether …"."""
    return text.rstrip().endswith(QUESTION_MARKS) or says(text, "remarks.question")


def is_office(text: str, language: str) -> bool:
    """Whether the text is the name of a ministry or the like and no more, as a signature is."""
    bare = text.strip()
    if _HAN_OFFICE.fullmatch(folded(bare)):
        return True
    named = pattern_of("remarks.office", language=language).match(fold(bare).text) is not None
    few = len(bare.split()) <= _LONGEST_NAME and bare[-1:] not in ".;:?!؟"
    return named and few and not says(bare, "remarks.opinion", language)


def label_before(text: str, concept: str) -> int:
    """The length of a label before a colon, in any language: "Proposed text: …"; 0 where there is none."""
    found = re.match(r"\s*[\[(]?([^:：\n]{2,40}?)[\])]?\s*[:：]\s*", text)
    return found.end() if found and is_all(found[1], concept) else 0


def is_nothing(text: str) -> bool:
    """Whether a text says, in any language, that there is nothing to say, and no opinion: "No comments.", "OK"."""
    if is_all(text, "verdicts.unchanged"):
        return True
    told = LANGUAGES if says(text, "remarks.nothing") else ()
    return any(says(text, "remarks.nothing", name) and not says(text, "remarks.opinion", name) for name in told)


def is_general(text: str, language: str, *, listed: bool = False) -> bool:
    """Whether a sentence without a place says what the text as a whole should be: an opinion on it, no courtesy. In a
    list of comments it need not name the text.
    """
    return (
        says(text, "remarks.opinion", language)
        and (listed or says(text, "remarks.subject", language))
        and not any(says(text, concept, language) for concept in ("remarks.courtesy", "remarks.sent"))
        and len(text.split()) + 2 * len(_HAN.findall(text)) >= 6
        and not text.rstrip().endswith((":", "："))
    )


def joined(sentences: Iterable[str]) -> str:
    """Sentences as one text; none between ideographs."""
    out = ""
    for sentence in sentences:
        gap = "" if not out or (_HAN.match(out[-1]) or out[-1] in "。；") else " "
        out += gap + sentence.strip()
    return out
