"""The forms by which a sentence asks for nothing take linear time, in whatever order its kinds of words come."""

import pytest
from scaling import takes_linear_time

from parsing.prose.lexicon.order import order_of
from parsing.prose.requests.negation import denied


@pytest.mark.parametrize(
    "kinds",
    [
        ("condition", "delete"),
        ("reported", "delete", "comma"),
        ("reported", "delete", "comma", "oppose", "replace"),
        ("concede", "replace", "condition"),
        ("negation", "other", "delete"),
        ("wished", "retract"),
    ],
)
def test_what_is_denied_is_found_in_linear_time(kinds: tuple[str, ...]) -> None:
    assert takes_linear_time(denied, lambda times: order_of(kinds) * times, 200)
