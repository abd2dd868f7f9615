"""What a child that reads may not do, nor any program that it starts: reach a network, look into other processes, take
the machine's processes and disk for itself, or hand objects of its choice to the parent.

libseccomp (Debian: libseccomp2) takes the network away from within, also in a container; where it is missing,
unshare(1) gives a network without anything in it, where the kernel lets a user do that.
"""

import io
import os
import pickle
import resource
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

import psutil

UNSHARE = ("--map-current-user", "--net")
FORBIDDEN = (
    "io_uring_setup",  # opens sockets past the filter
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",  # other processes' memory and files
    "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "fsopen", "move_mount", "open_by_handle_at",
    "add_key", "keyctl", "request_key", "bpf", "perf_event_open", "userfaultfd", "personality",
    "init_module", "finit_module", "delete_module", "kexec_load", "swapon", "swapoff", "reboot",
)  # fmt: skip
"""System calls that no reader makes, and that ways out begin with."""
MOST_PROCESSES = 256
"""Processes and threads beside those that the user has already: LibreOffice takes about twenty."""
MOST_FILES = 1024
LARGEST_FILE = 1_000_000_000
"""Bytes of one file that is written."""
LARGEST_ANSWER = 500_000_000
"""Bytes of what a child gives back: a mail of 60 MB may have a file within that is handed out whole."""
INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
"""Variables of the environment that readers are given: none holds a password."""


Way = Literal["seccomp", "unshare"]
_WAYS: tuple[Way, ...] = ("seccomp", "unshare")


@dataclass(frozen=True, slots=True)
class Isolation:
    """How the readers' network is taken away here. `how` is none where it cannot be, and `why` says so."""

    how: Way | Literal["none"]
    why: str = ""


@cache
def find_isolation() -> Isolation:
    """How: each way is tried once, in a process of its own that then finds no network."""
    why = {}
    for how in _WAYS:
        why[how] = _tried(how)
        if not why[how]:
            return Isolation(how)
    return Isolation("none", "; ".join(f"{how}: {what}" for how, what in why.items()))


def missing_isolation() -> list[str]:
    """A line for a person where readers find a network here; none where they do not."""
    here = find_isolation()
    if here.how != "none":
        return []
    how = "Debian: libseccomp2, or a kernel that lets users make namespaces"
    return [f"what reads files can reach the network ({how}): {here.why}"]


def _tried(how: Way) -> str:
    """Why the way does not work; empty where it does."""
    command = [*isolating_command(how), sys.executable, "-P", "-c", _TRIAL, how]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment())
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = (ended.stdout + ended.stderr).strip().splitlines() or [f"it ended with {ended.returncode}"]
    return "" if said == ["isolated"] else said[-1][:200]


_TRIAL = """
import sys
from ingest import isolation
if sys.argv[1] == "seccomp":
    isolation.isolate()
print("isolated" if isolation.is_isolated() else "a socket can still be opened")
"""


def is_isolated() -> bool:
    """Whether this process finds no network: neither sockets nor a way out of this machine, nor to its services."""
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))  # in a network of its own, loopback is down and cannot be connected to
            probe.listen()
            with socket.create_connection(probe.getsockname(), 1):
                return False
    except OSError:
        return True


def isolating_command(how: str) -> tuple[str, ...]:
    """What is put before the command of a reader."""
    return ("unshare", *UNSHARE) if how == "unshare" else ()


def isolate() -> None:
    """Lets neither this process nor any that it starts open a socket, but for those of the machine's own (AF_UNIX).
    Called before the first thread. Raises OSError and RuntimeError where the system has no such filter.
    """
    import pyseccomp as seccomp  # noqa: PLC0415 (raises where libseccomp is not installed)

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    denied = seccomp.ERRNO(1)  # EPERM
    rules.add_rule(denied, "socket", seccomp.Arg(0, seccomp.NE, socket.AF_UNIX))
    for name in FORBIDDEN:
        rules.add_rule(denied, name)
    rules.load()


def limit_resources(processes: int) -> None:
    """Limits what this process and each that it starts may take; `processes` is how many the user may have in all. The
    system does not hold the superuser to that number.
    """
    for what, most in (
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        now = resource.getrlimit(what)[1]
        at_most = most if now == resource.RLIM_INFINITY else min(most, now)
        resource.setrlimit(what, (at_most, at_most))


def most_processes() -> int:
    """How many processes and threads the user may have while readers run."""
    own = os.getuid()
    threads = 0
    for process in psutil.process_iter(["uids", "num_threads"]):
        uids = process.info["uids"]
        threads += (process.info["num_threads"] or 0) if uids is not None and uids.real == own else 0
    return threads + MOST_PROCESSES


def environment(**given: str) -> dict[str, str]:
    """The variables that a reader has: what it needs to run, where its modules are, and `given`."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | inherited | given


class InvalidResult(Exception):
    """What a child gave back is not what a reader gives: too large, or an object of another kind."""


class _Values(pickle.Unpickler):
    """Makes values of the parsers' own classes and of a few of Python's, and calls nothing else: a child that a file
    has taken over cannot have this process run anything.
    """

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _HARMLESS:
            return super().find_class(module, name)
        if module.split(".", maxsplit=1)[0] in ("parsing", "ingest") and "." not in name:
            found = getattr(import_module(module), name, None) if module in sys.modules else None
            if isinstance(found, type) and hasattr(found, "__dataclass_fields__"):
                return found
        raise InvalidResult(f"a reader gave back {module}.{name}")


_HARMLESS = frozenset(
    {
        ("builtins", "set"), ("builtins", "frozenset"), ("builtins", "bytearray"),
        ("copyreg", "__newobj__"),
        ("datetime", "datetime"), ("datetime", "date"), ("datetime", "time"), ("datetime", "timedelta"),
        ("datetime", "timezone"),
    }
)  # fmt: skip


def received_value(data: bytes) -> Any:
    """The value that a child gave back. Raises InvalidResult."""
    try:
        return _Values(io.BytesIO(data)).load()
    except InvalidResult:
        raise
    except Exception as error:  # noqa: BLE001 (whatever bytes do to pickle, they are no answer)
        raise InvalidResult(f"what a reader gave back makes no sense: {type(error).__name__}") from None
