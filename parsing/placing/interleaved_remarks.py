"""Paragraphs that a delegation types between those of the draft: remarks on them, and new ones."""

import re
from functools import cache

from parsing.languages.tables import phrases
from parsing.placing.column_heads import is_new
from parsing.prose.requests.remarks import QUESTION_MARKS
from parsing.text.normalize import fold
from parsing.text.phrases import expression
from parsing.text.words import number_before

_SPEAKER = re.compile(
    r"\s*(?:[\[({【][^\W\d_][^\[\](){}:：.,;]{1,30}[:：]\s?|[\[(][A-Z][^\W\d]+(?: [A-Z][^\W\d]+){0,3}[\])]\s)"
)
"""Who speaks, in brackets or within them, before the words."""
_MARK = re.compile(r"\s*[:：–—]")
"""What separates a label from what is labelled."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_CLOSERS = ' ])}"”»'
"""What may be behind the sign that ends a paragraph."""
_SOME_HAN = 7
"""Ideographs of a heading, at most."""


def is_remark(text: str) -> bool:
    """Whether a paragraph opens as a remark does: "Rationale: …", "[Comment – …]", "理由：…", "[Chad: …]"."""
    spoken = _SPEAKER.match(text)
    return _is_labelled(text) or is_question(text) or (spoken is not None and not is_new(spoken[0]))


def is_question(text: str) -> bool:
    """Whether a paragraph ends as no paragraph of a declaration does."""
    return text.rstrip(_CLOSERS).endswith(QUESTION_MARKS)


def is_paragraph(text: str) -> bool:
    """Whether a text is one of a declaration's paragraphs, and no heading or label: short ones end as these do."""
    words = text[number_before(text) :].split()
    long = len(words) > 3 or len(_HAN.findall(text)) > _SOME_HAN
    return long or (len(words) > 1 and words[-1].endswith((";", ",")))


def _is_labelled(text: str) -> bool:
    """Whether a text begins with a label of remarks, and who makes them: "Comment by Chad: …"."""
    folded = fold(text)
    label = _label().match(folded.text)
    return label is not None and _MARK.match(text, folded.at[label.end()]) is not None


@cache
def _label() -> re.Pattern[str]:
    labels = (*phrases("labels.reason"), *phrases("labels.comment"), *phrases("labels.comment_alone"))
    speaker = rf"\s+{expression(phrases('labels.by'))}\s+[^:]{{2,40}}"
    return re.compile(rf"[\[({{【\s]*{expression(labels)}(?:{speaker})?")
