"""How much each piece of evidence speaks for a shape of request."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

Weights = Mapping[str, Mapping[str, float]]


def score(shape: str, evidence: Sequence[str]) -> float:
    """The logarithm of the odds that a shape with this evidence is right, the same in whatever order it comes."""
    known = weights_of(shape)
    return math.fsum([known[name] for name in evidence if name in known])


@cache
def weights_of(shape: str) -> Mapping[str, float]:
    """How much each piece of evidence speaks for a shape: what it says of any, and of this one."""
    common, own = _weights().get("any", {}), _weights().get(shape, {})
    return {name: common.get(name, 0.0) + own.get(name, 0.0) for name in (*common, *own)}


@cache
def _weights() -> Weights:
    """The table that `scripts/fit-evidence` makes."""
    table: Weights = tomllib.loads((Path(__file__).parent / "weights.toml").read_text("utf-8"))
    return table
