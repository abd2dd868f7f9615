"""Mails that raise questions -> questions asked -> answers kept, one commit each -> the Mails read again with them."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from threading import Event

from ingest.asking import PAUSE, Answered, QuestionRound, Unanswered, asking_of, asking_round
from ingest.digest import keep_read, questions_in, read_each, read_mail_safely, version_of
from ingest.intake import Clock
from ingest.sandbox import Sandbox
from parsing.model import Consultation, Question
from settings import Model
from store.questions import (
    KeptAnswer,
    answers_to,
    keep_answer,
    keep_no_answer,
    last_model,
    left_questions,
    tokens_since,
    waiting_mails,
)
from store.session import Sessions
from store.unread import unread

log = logging.getLogger("kunming.ingest")
BATCH = 32
"""Mails whose questions are held at once; each question has the official text in it."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """How many questions were answered, how many not and why, how many Mails were read again, why it ended early, and
    by which other model than before the endpoint has answered.
    """

    answered: int = 0
    unanswered: int = 0
    mails: int = 0
    over: str = ""
    why: str = ""
    changed: str = ""

    @property
    def in_words(self) -> str:
        """What a person has to know of it: what was left open, that it is another model; or nothing."""
        said = []
        if self.unanswered or self.over:
            said.append(f"the model has left questions open ({self.over or self.why}), which are asked again later")
        if self.changed:
            said.append(f"the endpoint answers with another model than before: {self.changed}")
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class _Desk:
    sessions: Sessions
    consultation: Consultation
    clock: Clock
    model: Model
    stop: Event

    def budget(self) -> str:
        """Why nothing may be asked now, or nothing."""
        if self.stop.is_set():
            return "the program is being ended"
        most = self.model.tokens_per_day
        if most is None:
            return ""
        with self.sessions() as session:
            used = tokens_since(session, self.clock() - A_DAY)
        return f"the budget is used up: {used} tokens in 24 hours" if used >= most else ""


def ask_waiting(
    sessions: Sessions,
    sandbox: Callable[[], Sandbox],
    consultation: Consultation,
    clock: Clock,
    model: Model,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    pause: float = PAUSE,
    stop: Event | None = None,
) -> AskedAbout:
    """Asks the model about all Mails whose Reading was made without an answer. Nothing is asked twice: what has an
    answer in the store is read with it. A model that gives no answers changes nothing. With `stop` set nothing more is
    asked.
    """
    desk = _Desk(sessions, consultation, clock, model, stop or Event())
    with sessions() as session:
        ids = waiting_mails(session)
    done = AskedAbout()
    if not ids:
        return done
    with sandbox() as children, asking_round(model, may_go_on=desk.budget, pause=pause) as asking:
        asking.over = desk.budget()
        for first in range(0, len(ids), BATCH):
            done = _plus(done, _batch(desk, children, asking, ids[first : first + BATCH]))
            on_progress(min(first + BATCH, len(ids)), len(ids))
    done = replace(done, over=asking.over)
    log.info("asked answered=%d unanswered=%d mails=%d over=%r", done.answered, done.unanswered, done.mails, done.over)
    return done


def _plus(one: AskedAbout, other: AskedAbout) -> AskedAbout:
    answered, unanswered = one.answered + other.answered, one.unanswered + other.unanswered
    why, changed = other.why or one.why, other.changed or one.changed
    return AskedAbout(answered, unanswered, one.mails + other.mails, why=why, changed=changed)


def _batch(desk: _Desk, children: Sandbox, asking: QuestionRound, ids: Sequence[int]) -> AskedAbout:
    """Some Mails: their questions, the answers, and the Readings with these."""
    raised = {
        mail_id: questions_in(read.reading)
        for mail_id, read in zip(ids, read_each(desk.sessions, children, ids, desk.model), strict=True)
        if read is not None
    }
    open_questions = _without_answer(desk, [question for questions in raised.values() for question in questions])
    done = AskedAbout()
    for result in asking.results(open_questions):
        done = _plus(done, _noted(desk, result))
    mails = sum(_read_again(desk, children, mail_id, questions) for mail_id, questions in raised.items())
    return replace(done, mails=mails)


def _without_answer(desk: _Desk, questions: Sequence[Question]) -> list[Question]:
    by_key = {question.key: question for question in questions}
    with desk.sessions() as session:
        skip = answers_to(session, by_key).keys() | left_questions(session, by_key)
    return [question for key, question in by_key.items() if key not in skip]


def _noted(desk: _Desk, result: Answered | Unanswered) -> AskedAbout:
    """Keeps the outcome of a question."""
    with desk.sessions.begin() as session:
        if isinstance(result, Unanswered):
            keep_no_answer(session, result.key, result.why, desk.clock(), counts=result.counts)
            log.warning("question=%.12s unanswered why=%r", result.key, result.why)
            return AskedAbout(unanswered=1, why=result.why)
        before = last_model(session)
        keep_answer(session, KeptAnswer(at=desk.clock(), **asdict(result)))
    if before in ("", result.model):
        return AskedAbout(answered=1)
    log.warning("model=%r answers, before it was %r", result.model, before)
    return AskedAbout(answered=1, changed=f"{result.model}, not {before}")


def _read_again(desk: _Desk, children: Sandbox, mail_id: int, questions: Sequence[Question]) -> bool:
    """Whether a Mail was read again: with all the answers to its questions that are there."""
    with desk.sessions() as session:
        answers = answers_to(session, [question.key for question in questions])
        mail = unread(session, mail_id)
    if not answers:
        return False
    read = read_mail_safely(children, mail.raw, mail.arrived, asking_of(desk.model, answers))
    if read is None:
        return False
    if read.crash is not None:
        _note_crash(desk, mail_id, answers, read.crash.cause)
        return False
    draft, version = desk.consultation.draft.id, version_of(desk.consultation, desk.model)
    keep_read(desk.sessions, mail_id, read, draft, version, desk.clock())
    return True


def _note_crash(desk: _Desk, mail_id: int, keys: Collection[str], cause: str) -> None:
    """Keeps that a Mail cannot be read with its answers: what was read without them stays."""
    log.error("mail=%d state=read-without-the-model cause=%r", mail_id, cause)
    with desk.sessions.begin() as session:
        for key in keys:
            keep_no_answer(session, key, f"the mail could not be read with it: {cause}", desk.clock(), counts=False)
