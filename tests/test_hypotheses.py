"""What the words that a sentence quotes may ask for: told by the official text, not by the verb."""

import pytest
from scaling import takes_linear_time

from parsing.model import Block, Run
from parsing.prose.hypotheses import Item, hypotheses
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.tokens import Token, tokens
from parsing.prose.read_prose import understand
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.resolve import Where
from parsing.prose.solve import solve
from store.shipped import shipped_draft

DRAFT = shipped_draft()


def _item(text: str, label: str = "OP5", spoken: str = "") -> Item:
    sentence = Sentence(text, tuple(tokens(text, lexicon("en"))), ())
    before = Token("quote", 0, 0, spoken) if spoken else None
    return Item(sentence, Where((label,)), DRAFT, spoken=before)


def _made(item: Item) -> set[tuple[str, str]]:
    return {(one.shape, bound.change.new.strip()) for one in hypotheses(item) for bound in one.bound}


@pytest.mark.parametrize(
    ("text", "shape", "new"),
    [
        ("“wild” “threatened”", "exchange", "threatened"),
        ("“threatened” “wild”", "exchange, new first", "threatened"),
        ("“wild” “and rare”", "insert after", "and rare"),
        ("“rare and” “wild”", "insert before, new first", "rare and"),
        ("“protect” “wild” “rare”", "insert between", "rare"),
        ("“protect wild species” “wild” “rare”", "exchange", "rare"),
        ("“wild”", "delete", ""),
        ("“protect” “species”", "delete from to", ""),
        ("“in the high seas”", "insert at end", "in the high seas"),
    ],
)
def test_every_way_to_put_quotations_together_is_weighed(text: str, shape: str, new: str) -> None:
    assert (shape, new) in _made(_item(text))


@pytest.mark.parametrize("text", ["“foo bar”", "“foo” “bar”"])
def test_words_that_do_not_stand_in_the_text_are_no_old_ones(text: str) -> None:
    assert not {shape for shape, _ in _made(_item(text))} & {"delete", "exchange", "insert after", "insert before"}


def test_new_words_may_stand_for_those_of_the_sentence_before() -> None:
    assert ("exchange what was quoted before", "threatened") in _made(_item("“threatened”", spoken="wild"))


@pytest.mark.parametrize(
    "text",
    [
        "In paragraph 5, frobnicate “wild species” with “threatened species”.",
        "In paragraph 5, florp “threatened species” instead of “wild species”.",
        "OP5: “wild species” -> “threatened species”",
        "In paragraph 5 “wild species” ought to be “threatened species”.",
        "En el párrafo 5, frobniquese “wild species” por “threatened species”.",
        "Au paragraphe 5, frobniquer « wild species » par « threatened species ».",
        "В пункте 5 фробнировать «wild species» на «threatened species».",
        "第5段，“wild species”弗罗布为“threatened species”。",
    ],
)
def test_the_verb_does_not_matter(text: str) -> None:
    said = understand([Block((Run(text),))], DRAFT, "body")
    changes = {(edit.paragraph, edit.old, edit.new) for edit in said.edits if edit.action != "comment"}
    told = bool(said.unplaced) or any(edit.needs_review for edit in said.edits)
    assert changes == {("OP5", "wild species", "threatened species")} or (not changes and told)


@pytest.mark.parametrize(
    "text", ["Please do not delete “wild” in OP5.", "We cannot accept the deletion of “wild” in OP5."]
)
def test_what_is_refused_is_not_weighed(text: str) -> None:
    said = understand([Block((Run(text),))], DRAFT, "body")
    assert all(edit.action == "comment" for edit in said.edits)


@pytest.mark.parametrize("text", ["“wild” ", "“wild” “rare” and ", "( “wild” ", "delete “wild”, "])
def test_monotonous_quotations_take_linear_time(text: str) -> None:
    assert takes_linear_time(solve, lambda times: _item(text * times), 200)
