"""The entry point of a model's reading: which questions a Mail raises, and what the answers add to the rules'."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from parsing.asking.answers import NoAnswer, answer_of
from parsing.asking.checked_answers import AnsweredQuestion, Read
from parsing.asking.checking import check_statements
from parsing.asking.questions import questions_of
from parsing.asking.two_readers import together
from parsing.model import Ask, Block, Draft, Problem, Question, Trust


@dataclass(frozen=True, slots=True)
class Asking:
    """Which Mails a model is asked about, what is made of its word, and the raw answers that are known, by the key of
    their question.
    """

    ask: Ask = "doubtful"
    trust: Trust = "review"
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read with the answers, the questions, and a Problem for each answer that could not be used."""

    read: Read
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


def ask(
    texts: Iterable[tuple[Sequence[Block], str]], read: Read, draft: Draft, asking: Asking | None, *, subject: str = ""
) -> Asked:
    """What the rules read, with what a model adds. `texts` are the blocks of each text and the name of its Part; no
    question is raised without `asking`, nor about a Mail without doubts where doubtful ones alone are asked about.
    """
    if asking is None or (asking.ask == "doubtful" and not _is_doubtful(read)):
        return Asked(read)
    questions = questions_of(texts, draft, subject=subject)
    answered: list[AnsweredQuestion] = []
    problems: list[Problem] = []
    for question in questions:
        raw = asking.answers.get(question.key)
        if raw is None:
            continue
        try:
            answer = answer_of(raw, question)
        except NoAnswer as why:
            problems.append(Problem(question.sentences[0].source, f"the model's answer was not used: {why}"))
            continue
        answered.append(AnsweredQuestion(question, answer, check_statements(answer, question, draft)))
    return Asked(together(read, answered, draft, asking.trust), questions, tuple(problems))


def _is_doubtful(read: Read) -> bool:
    """Whether anything is unread or unsure."""
    unread = any(sentence.kind == "unread" for sentence in read.sentences)
    return unread or bool(read.unplaced) or any(edit.needs_review for edit in read.edits)
