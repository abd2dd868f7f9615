"""Where an act is to be looked for, by the place that is named and what the sentence says of it."""

from parsing.prose.references.reference import Place
from parsing.prose.requests.acts import Act
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.resolve import Where


def where(act: Act, place: Place | None, sentence: Sentence, default: Where, context: str) -> Where:
    """Where an act is to be looked for; `default` is what the words around the sentence name, `context` the words in
    which the sentence shows what changes.
    """
    everywhere = not sentence.kinds.isdisjoint(("everywhere", "whole"))
    named, hint = place or default, _sentence(sentence, act)
    return Where(named.labels, named.others, everywhere, hint, context, named.missing, _occurrence(sentence, act))


def _occurrence(sentence: Sentence, act: Act) -> int:
    """Which of several is meant: "the second “effective”", or the last."""
    wanted = act.old or act.beside
    at = next((n for n in range(act.first, act.stop) if sentence.tokens[n] is wanted), 0)
    before = [token for token in sentence.tokens[max(0, at - 2) : at] if token.kind == "ordinal"]
    at_end = -1 if "at_end" in sentence.kinds else 0
    return next((token.value for token in before), at_end)


def _sentence(sentence: Sentence, act: Act) -> int:
    """The sentence of the paragraph that is named nearest before the act or in it: "in the last sentence"."""
    hints = [t.value for t in sentence.tokens[: act.stop + 4] if t.kind == "sentence" and t.value]
    return hints[-1] if hints else 0
