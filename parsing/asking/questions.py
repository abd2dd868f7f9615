"""The Questions that a Mail raises: its sentences, the official text, and the form of the answer.

A question holds nothing of what the rules understood: two readers are worth more apart.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from parsing.asking.passages import sentences_of, without_version
from parsing.asking.schema import SCHEMA
from parsing.draft_index import words_of
from parsing.model import AskedSentence, Block, Draft, Question
from parsing.prose.references.references import places_of

_INSTRUCTIONS: str = tomllib.loads(Path(__file__).with_name("question.toml").read_text("utf-8"))["instructions"]
LONGEST = 12_000
"""Characters of a mail in one question: with the official text some 6,000 tokens, which a small context holds."""
MOST = 150
"""Sentences of one question: a model that lists more loses count."""
MOST_QUESTIONS = 40
"""Questions about one mail: half a million characters. What is longer is no letter of comments."""
_HEADING = 8
"""Words of a line that may be a heading."""


def questions_of(
    texts: Iterable[tuple[Sequence[Block], str]], draft: Draft, *, subject: str = ""
) -> tuple[Question, ...]:
    """The questions about the texts of a Mail, each with the name of its Part, in order."""
    asked: list[AskedSentence] = []
    for blocks, source in texts:
        asked += sentences_of(without_version(blocks, draft), source, len(asked) + 1)
    parts = islice(_parts(asked, draft), MOST_QUESTIONS)
    return tuple(_question(part, place, subject, draft) for part, place in parts)


def _parts(asked: Sequence[AskedSentence], draft: Draft) -> Iterator[tuple[Sequence[AskedSentence], str]]:
    """The sentences in pieces that a question can hold, each with the heading that it is under."""
    start, length, heading, place = 0, 0, "", ""
    for n, sentence in enumerate(asked):
        if n > start and (length + len(sentence.text) > LONGEST or n - start >= MOST):
            yield asked[start:n], place
            start, length, place = n, 0, heading
        length += len(sentence.text)
        if _is_heading(sentence.text, draft):
            heading = sentence.text
    if asked:
        yield asked[start:], place


def _is_heading(line: str, draft: Draft) -> bool:
    """Whether a line does no more than name a place."""
    few = len(words_of(line)) <= _HEADING and not line.endswith((".", ";"))
    return few and bool(places_of(line, draft))


def _question(asked: Sequence[AskedSentence], place: str, subject: str, draft: Draft) -> Question:
    lines = [f"Subject: {' '.join(subject.split())}", *([f"Under the heading: {place}"] if place else [])]
    source = ""
    for sentence in asked:
        if sentence.source != source:
            lines.append(f"--- {' '.join(sentence.source.split())}")
            source = sentence.source
        lines.append(f"{sentence.number}: {sentence.text}")
    messages = (("system", _system(draft)), ("user", "\n".join(lines)))
    return Question(key_of(messages), messages, tuple(asked))


def request_of(question: Question) -> dict[str, Any]:
    """What is sent to the endpoint, without the model's name and settings."""
    return _request(question.messages)


def key_of(messages: Sequence[tuple[str, str]]) -> str:
    """The SHA-256 of a question: of its words and the form of its answer."""
    return sha256(json.dumps(_request(messages), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _request(messages: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "messages": [{"role": role, "content": content} for role, content in messages],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reading", "strict": True, "schema": SCHEMA},
        },
    }


@lru_cache(maxsize=8)
def _system(draft: Draft) -> str:
    """The instructions and the official text: the same for all mails, so that an endpoint can keep it worked out."""
    paragraphs = "\n".join(f"{paragraph.label}: {paragraph.text}" for paragraph in draft.paragraphs)
    return f"{_INSTRUCTIONS.strip()}\n\nThe official text:\n{paragraphs}"
