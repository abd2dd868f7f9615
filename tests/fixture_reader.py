"""Children that read, kept for all tests of a worker: to start one takes most of a second of a processor."""

from ingest.sandbox import PartLimits, Sandbox
from parsing.model import Consultation


class KeptSandbox(Sandbox):
    """A Sandbox whose children stay when a test leaves it."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(consultation, PartLimits(workers=1))
        self.consultation = consultation

    def __exit__(self, *_: object) -> None:
        pass

    def end(self) -> None:
        super().__exit__()


_kept: list[KeptSandbox] = []


def kept_sandbox(consultation: Consultation) -> Sandbox:
    """The children that read the mails of this consultation, with the usual limits. A test of how they start, end or
    crash makes a Sandbox of its own.
    """
    known = next((one for one in _kept if one.consultation == consultation), None)
    if known is None:
        known = KeptSandbox(consultation)
        _kept.append(known)
    return known


def pytest_sessionfinish() -> None:
    while _kept:
        _kept.pop().end()
