"""Asks a model the questions that have no answer yet, several at once, and holds nobody up: a model that is away, slow,
wrong or out of budget is left, and asked again later.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from threading import Event
from typing import TYPE_CHECKING, Protocol

from ingest.model_errors import ModelAway, ModelRefuses, ModelTooSlow, NoSuchAnswer
from parsing.asking.answers import NoAnswer, answer_of
from parsing.asking.asking import Asking
from parsing.asking.checking import check_statements
from parsing.asking.questions import questions_of, request_of
from parsing.formats.blocks import located
from parsing.model import Block, Draft, Question, Run
from settings import Model

if TYPE_CHECKING:
    from ingest.model_client import ModelClient

log = logging.getLogger("kunming.ingest")
AT_ONCE = 3
"""How often a question is asked in a row where the endpoint is busy or answers with something that is no answer."""
MOST_AWAY = 3
"""After so many questions in a row without any answer the model is away, and left until the next time."""
PAUSE = 1.0
"""Seconds before a question is asked again at once; then twice as many."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The raw answer to a question. Tokens are 0 where the endpoint does not count them."""

    key: str
    content: str
    model: str
    seconds: float
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a question has no answer. `counts` where the model answered with something that was none, `ends` where it
    will answer no other question either.
    """

    key: str
    why: str
    counts: bool = False
    ends: bool = False


class Ask(Protocol):
    """Asks one question, whatever the model does."""

    def __call__(self, question: Question) -> Answered | Unanswered: ...


@dataclass(slots=True)
class QuestionRound:
    """One round of questions to one model; `over` says why it ended early."""

    ask: Ask
    concurrency: int
    may_go_on: Callable[[], str] = lambda: ""
    over: str = ""
    _away: int = field(default=0)

    def results(self, questions: Sequence[Question]) -> Iterator[Answered | Unanswered]:
        """The outcomes of the questions, in the order in which they came; none of those that were not asked."""
        if self.over:
            return
        left = iter(questions)
        with ThreadPoolExecutor(self.concurrency) as threads:
            asked = {threads.submit(self.ask, question) for question in islice(left, self.concurrency)}
            while asked:
                done, asked = wait(asked, return_when=FIRST_COMPLETED)
                for one in done:
                    yield self._noted(one)
                self.over = self.over or self.may_go_on()
                more = () if self.over else islice(left, len(done))
                asked |= {threads.submit(self.ask, question) for question in more}

    def _noted(self, one: "Future[Answered | Unanswered]") -> Answered | Unanswered:
        result = one.result()
        if isinstance(result, Answered) or result.counts:
            self._away = 0
            return result
        self._away += 1
        if result.ends:
            self.over = f"{result.why}: see the settings of [model]"
        elif self._away >= MOST_AWAY:
            self.over = result.why
        return result


@contextmanager
def asking_round(
    model: Model, stop: Event | None = None, may_go_on: Callable[[], str] = lambda: "", *, pause: float = PAUSE
) -> Iterator[QuestionRound]:
    """A round of questions to the model that the settings name. `may_go_on` says why it may not, before each question;
    `stop` ends it. The client is imported here: without a model nothing of it is loaded.
    """
    from ingest.model_client import ModelClient  # noqa: PLC0415

    ended = stop or Event()
    with ModelClient(model) as client:
        ask = partial(_asked, client, model, ended, pause)
        yield QuestionRound(ask, model.concurrency, lambda: "the run was ended" if ended.is_set() else may_go_on())


def _asked(
    client: "ModelClient", model: Model, ended: Event, pause: float, question: Question
) -> Answered | Unanswered:
    """The outcome of a question, which is asked again at once where the model is busy or answers with something that is
    no answer; one that is slow is not kept waiting for.
    """
    last = Unanswered(question.key, "the run was ended")
    for n in range(AT_ONCE):
        if n and ended.wait(pause * n):
            break
        try:
            return _answered(client, question)
        except ModelRefuses as error:
            return Unanswered(question.key, str(error), ends=True)
        except (NoAnswer, NoSuchAnswer) as error:
            last = Unanswered(question.key, str(error), counts=True)
        except ModelAway as error:
            last = Unanswered(question.key, str(error))
            if isinstance(error, ModelTooSlow) and model.timeout > _SHORT:
                break
    return last


_SHORT = 10.0
"""Seconds of a time-out after which a question is not asked again at once."""


def _answered(client: "ModelClient", question: Question) -> Answered:
    """The raw answer to a question. Raises NoAnswer for one that is not of the form that was asked for."""
    given = client.ask(request_of(question))
    answer_of(given.content, question)
    return Answered(question.key, **asdict(given))


def try_model(model: Model, draft: Draft) -> tuple[bool, str]:
    """Whether a model answers a small question as it should, and the outcome, in words."""
    blocks = located([Block((Run("Dear colleagues,"),)), Block((Run(f"Please delete {draft.paragraphs[-1].label}."),))])
    (question,) = questions_of([(blocks, "trial")], draft)
    with asking_round(model) as trial:
        result = trial.ask(question)
    if isinstance(result, Unanswered):
        return False, f"no answer: {result.why}"
    checked = check_statements(answer_of(result.content, question), question, draft)
    tokens = result.prompt_tokens + result.completion_tokens
    how = "understood" if any(one.holds for one in checked) else "answered, but did not understand the trial"
    return True, f"{how}, in {result.seconds:.1f} s, with {tokens} tokens; it calls itself {result.model}"


def asking_of(model: Model | None, answers: dict[str, str] | None = None) -> Asking | None:
    """What a Reading gets from the model: None where there is none."""
    return None if model is None else Asking(model.ask, model.trust, answers or {})
