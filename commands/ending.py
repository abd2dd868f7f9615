"""The end of the program, in time: what waits for another machine does not hold it up."""

import logging
import os
import threading

log = logging.getLogger("kunming.commands")
ENDS_WITHIN = 8.0
"""Seconds. systemd and Docker kill after 90 and 10."""


def end_within(seconds: float = ENDS_WITHIN, code: int = 0) -> None:
    """Ends the process when the time is over, wherever it is. What is kept is whole all the same: each step is one
    transaction, a lease of a process that has ended is taken over, and children end with their parent.
    """
    timer = threading.Timer(seconds, _end, [code])
    timer.daemon = True
    timer.start()


def _end(code: int) -> None:
    log.warning("ending=at-once cause='something still waits for another machine'")
    logging.shutdown()
    os._exit(code)
