"""What a language model was asked about which Mail, and what it answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from store.tables import AnswerRow, QuestionRow

MOST_ATTEMPTS = 5
"""A model that has answered so often with something that is no answer will go on so: the question is left."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A raw answer as it is kept. `key` is that of its question, `model` the name that the endpoint gave."""

    key: str
    model: str
    at: datetime
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    content: str


@dataclass(frozen=True, slots=True)
class AskingCounts:
    """How many questions the Readings of now raised, of these answered, waiting, and left; and all tokens used."""

    questions: int
    answered: int
    waiting: int
    left: int
    tokens: int


def keep_questions(session: Session, mail_id: int, keys: Collection[str], used: Collection[str]) -> None:
    """Replaces the questions that the Reading of a Mail raised; how often each was tried without success stays."""
    known = {row.key: row for row in session.scalars(select(QuestionRow).where(QuestionRow.mail_id == mail_id))}
    session.execute(delete(QuestionRow).where(QuestionRow.mail_id == mail_id, QuestionRow.key.not_in(list(keys))))
    for key in dict.fromkeys(keys):
        if key in known:
            known[key].used = key in used
        else:
            session.add(QuestionRow(mail_id=mail_id, key=key, used=key in used))


def answers_of(session: Session, mail_id: int) -> dict[str, str]:
    """The raw answers to the questions that the last Reading of a Mail raised, by key."""
    query = select(AnswerRow.key, AnswerRow.content).join(QuestionRow, QuestionRow.key == AnswerRow.key)
    rows = session.execute(query.where(QuestionRow.mail_id == mail_id))
    return {row.key: row.content for row in rows}


def answers_to(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The raw answers to some questions, by key."""
    query = select(AnswerRow.key, AnswerRow.content).where(AnswerRow.key.in_(list(keys)))
    return {row.key: row.content for row in session.execute(query)}


def waiting_mails(session: Session) -> Sequence[int]:
    """The ids of the Mails whose Reading was made without an answer that may still come, oldest first."""
    waiting = select(QuestionRow.mail_id).where(~QuestionRow.used, QuestionRow.attempts < MOST_ATTEMPTS)
    return session.scalars(waiting.distinct().order_by(QuestionRow.mail_id)).all()


def left_questions(session: Session, keys: Collection[str]) -> set[str]:
    """Of some questions those that are not asked again."""
    query = select(QuestionRow.key).where(QuestionRow.key.in_(list(keys)), QuestionRow.attempts >= MOST_ATTEMPTS)
    return set(session.scalars(query))


def keep_answer(session: Session, answer: KeptAnswer) -> None:
    """Keeps an answer; the first one to a question stays."""
    if session.get(AnswerRow, answer.key) is None:
        session.add(AnswerRow(**asdict(answer)))


def last_model(session: Session) -> str:
    """The name that the endpoint gave with the newest answer; nothing where there is none."""
    return session.scalar(select(AnswerRow.model).order_by(AnswerRow.at.desc(), AnswerRow.key).limit(1)) or ""


def keep_no_answer(session: Session, key: str, why: str, now: datetime, *, counts: bool) -> None:
    """Keeps why a question has no answer; `counts` where the model answered with something that was none."""
    values: Mapping[str, object] = {"error": why, "tried_at": now}
    more = {"attempts": QuestionRow.attempts + 1} if counts else {}
    session.execute(update(QuestionRow).where(QuestionRow.key == key).values(**values, **more))


def tokens_since(session: Session, since: datetime) -> int:
    """The tokens of all answers from then on."""
    used = func.sum(AnswerRow.prompt_tokens + AnswerRow.completion_tokens)
    return session.scalar(select(used).where(AnswerRow.at >= since)) or 0


def asking_counts(session: Session) -> AskingCounts:
    """The questions of all Readings, as metrics show them."""
    rows = session.execute(select(QuestionRow.used, QuestionRow.attempts)).all()
    left = sum(not used and attempts >= MOST_ATTEMPTS for used, attempts in rows)
    answered = sum(used for used, _ in rows)
    tokens = session.scalar(select(func.sum(AnswerRow.prompt_tokens + AnswerRow.completion_tokens))) or 0
    return AskingCounts(len(rows), answered, len(rows) - answered - left, left, tokens)
