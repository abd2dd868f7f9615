"""Paragraphs that a delegation types between those of the draft: remarks on them, and new ones."""

import re
import tomllib
from functools import cache
from pathlib import Path

from parsing.placing.columns import is_new
from parsing.text.words import number_before

_SPEAKER = re.compile(
    r"\s*(?:[\[({【][^\W\d_][^\[\](){}:：.,;]{1,30}[:：]\s?|[\[(][A-Z][^\W\d]+(?: [A-Z][^\W\d]+){0,3}[\])]\s)"
)
"""Who speaks, in brackets or within them, before the words."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_SOME_HAN = 7
"""Ideographs of a heading, at most."""


def is_remark(text: str) -> bool:
    """Whether a paragraph opens as a remark does: "Rationale: …", "[Comment – …]", "理由：…", "[Chad: …]"."""
    spoken = _SPEAKER.match(text)
    return _opening().match(text) is not None or (spoken is not None and not is_new(spoken[0]))


def is_paragraph(text: str) -> bool:
    """Whether a text is one of a declaration's paragraphs, and no heading or label: short ones end as these do."""
    words = text[number_before(text) :].split()
    long = len(words) > 3 or len(_HAN.findall(text)) > _SOME_HAN
    return long or (len(words) > 1 and words[-1].endswith((";", ",")))


@cache
def _opening() -> re.Pattern[str]:
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["words"]
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"[\[({{【\s]*(?:{longest_first})(?:\s+(?:by|from|of|de|от)\s+[^:：]{{2,40}})?\s*[:：–—]", re.IGNORECASE
    )
