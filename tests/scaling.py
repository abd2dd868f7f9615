"""Whether time grows in proportion to what is read: a ratio of two sizes, the same on a slow or a busy machine."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TRIES = 8


def takes_linear_time(read: Callable[[T], object], of_size: Callable[[int], T], size: int) -> bool:
    """Whether what is four times as long takes less than eight times the CPU time: in proportion it takes four times,
    quadratic work takes sixteen. Of several tries the fastest counts, since whatever else runs only adds.
    """
    short, long = of_size(size), of_size(4 * size)
    read(short)  # what is made once and kept is made here
    fast = min(_seconds(read, short), _seconds(read, short))
    slow = _seconds(read, long)
    for _ in range(TRIES - 1):
        if slow < 8 * fast:
            return True
        fast, slow = min(fast, _seconds(read, short)), min(slow, _seconds(read, long))
    return slow < 8 * fast


def _seconds(read: Callable[[T], object], what: T) -> float:
    """CPU time of this process, without the collector of garbage, whose time goes with all that the process holds."""
    gc.disable()
    try:
        began = time.process_time()
        read(what)
        return time.process_time() - began
    finally:
        gc.enable()
