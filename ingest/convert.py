"""The programs outside Python: LibreOffice for old formats, tesseract for scans. Both optional, both within limits.

LibreOffice runs once and stays: as long as it holds a document open, `soffice --convert-to` of the same profile hands
its work over to it (0.1 s instead of 1.5). Without one that runs, the same command does the work itself. Its profile
is private and temporary, runs no macros, follows no links, and finds no network but a proxy that is not there.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from parsing.model import Converters, NotConverted

OFFICE_SECONDS = 40.0
"""For one file; LibreOffice takes a tenth of a second for a declaration."""
OCR_SECONDS = 40.0
"""For one page, by the wall clock: a machine that is busy with other things needs longer."""
_OCR_CPU = (3, 1_000_000)
"""Seconds of the processor for a page, and dots for each of which there is one more: tesseract takes two to five for a
page of 8 million dots that is full of text, and a minute for a pattern of lines.
"""
_TARGETS = {
    **dict.fromkeys((".xls", ".xlsb", ".wk1", ".numbers", ".sxc"), "ods:calc8"),
    **dict.fromkeys((".ppt", ".key"), "odp:impress8"),
}
"""What files become that are no texts, by their suffix; the filter after the colon is LibreOffice's."""
_OFFICE_LIFE = 1800
"""Seconds after which a LibreOffice that nobody stopped ends by itself; the next file starts another."""
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
_MEMORY = 4_000_000_000
_OUTPUT = 200_000_000
"""Bytes of any file that a program writes: a mail of 60 MB in another format is a few times as large."""
_SOCKETS = ("/tmp", "/var/tmp")  # noqa: S108 (LibreOffice puts its socket there, whatever TMPDIR says)
_LANGUAGES = ("eng", "fra", "spa", "rus", "ara", "chi_sim")
"""The UN languages as tesseract names them, in the order in which it shall try them."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
_REGISTRY = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Java/VirtualMachine", "EnableJava", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_OPEN_DOCUMENT = """<?xml version="1.0"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text/></office:body></office:document>
"""
"""The document that LibreOffice holds open: with none it would end after each file."""


def converters(folder: str, office: str = "soffice", ocr: str = "tesseract") -> Converters:
    """The programs that are installed. They may be handed to child processes; LibreOffice is started by the first file
    that needs it and runs until `stop` is called for the same folder, which must outlive it.
    """
    missing = []
    program = shutil.which(office)
    if program is None:
        missing.append("LibreOffice is not installed: RTF, old Word and old Excel files are kept, but not read")
    tesseract = _tesseract(ocr)
    if tesseract is None:
        missing.append("tesseract is not installed: scans are kept, but not read")
    return Converters(None if program is None else Office(program, folder), tesseract, tuple(missing))


NEEDED = (
    ("soffice", "libreoffice-writer-nogui libreoffice-calc-nogui", "RTF, old Word and Excel files are kept, not read"),
    ("tesseract", "tesseract-ocr", "scans are kept, not read"),
    ("setpriv", "util-linux", "a program may go on for a while after the process that asked it was killed"),
)
"""Programs beside Python, the packages of Debian that bring them, and what is lost without them."""
_PACKAGES = {"eng": "tesseract-ocr", "chi_sim": "tesseract-ocr-chi-sim"}


def missing_programs(*, postgresql: bool = False) -> list[str]:
    """A line for each program, and for each language of tesseract, that is not installed."""
    needed = [*NEEDED, *([("pg_dump", "postgresql-client", "no backup can be made")] if postgresql else [])]
    lines = [
        f"{program} is not installed (Debian: {packages}): {lost}"
        for program, packages, lost in needed
        if shutil.which(program) is None
    ]
    tesseract = shutil.which("tesseract")
    has = _languages_of(tesseract) if tesseract else _LANGUAGES
    return lines + [
        f"tesseract has no {language} (Debian: {_PACKAGES.get(language, f'tesseract-ocr-{language}')}): scans in that"
        " language are read badly"
        for language in _LANGUAGES
        if language not in has
    ]


def stop(folder: str) -> None:
    """Ends the LibreOffice that runs for a folder, with all that it started, and removes what it leaves elsewhere."""
    with suppress(OSError, ValueError):
        group = int(Path(folder, "pid").read_text())
        Path(folder, "pid").unlink()
        os.killpg(group, signal.SIGTERM)
        for _ in range(50):
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)
    for place in _SOCKETS:
        with suppress(OSError):
            Path(place, f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{_hash(_profile(folder))}").unlink()


def _profile(folder: str) -> str:
    return f"file://{folder}/profile"


def _hash(profile: str) -> str:
    """As LibreOffice writes it (desktop/source/app/officeipcthread.cxx): without the leading zero of each byte."""
    digest = hashlib.md5(profile.encode("utf-16-le"), usedforsecurity=False).digest()
    return "".join(f"{byte:x}" for byte in digest)


@dataclass(frozen=True, slots=True)
class Office:
    """LibreOffice: (data, suffix) to an OpenDocument file that keeps the tracked changes: a text, a sheet or slides, as
    the suffix says. Raises NotConverted.

    The folder holds all that is known of the one that is running.
    """

    program: str
    folder: str
    seconds: float = OFFICE_SECONDS

    def __call__(self, data: bytes, suffix: str) -> bytes:
        self._start()
        with tempfile.TemporaryDirectory(dir=self.folder, ignore_cleanup_errors=True) as work:
            source = Path(work, "source" + suffix)
            source.write_bytes(data)
            target = _TARGETS.get(suffix, "odt:writer8")
            self._convert(source, work, target)
            try:
                return Path(work, "source." + target.partition(":")[0]).read_bytes()
            except FileNotFoundError:
                raise NotConverted("LibreOffice could not read the file") from None

    def _convert(self, source: Path, work: str, target: str) -> None:
        command = [*self._command(), "--convert-to", target, "--outdir", work, str(source)]
        try:
            _output(command, b"", self.folder, self.seconds)
        except subprocess.TimeoutExpired:
            stop(self.folder)
            raise NotConverted(f"LibreOffice did not finish within {self.seconds:.0f} seconds") from None

    def _command(self) -> list[str]:
        return [self.program, f"-env:UserInstallation={_profile(self.folder)}", "--headless", "--norestore"]

    def _start(self) -> None:
        """Makes sure that one LibreOffice runs and holds its document open; one process at a time looks after that."""
        with Path(self.folder, "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._runs():
                return
            profile = Path(self.folder, "profile", "user")
            profile.mkdir(parents=True, exist_ok=True)
            items = "\n".join(_ITEM.format(path=p, name=n, value=v) for p, n, v in _REGISTRY)
            (profile / "registrymodifications.xcu").write_text(_PROFILE.format(items=items))
            keeper = Path(self.folder, "keeper.fodt")
            keeper.write_text(_OPEN_DOCUMENT)
            ready = Path(self.folder, ".~lock.keeper.fodt#")
            ready.unlink(missing_ok=True)
            self._keep(keeper, ready)

    def _runs(self) -> bool:
        try:
            os.kill(int(Path(self.folder, "pid").read_text()), 0)
        except (OSError, ValueError):
            return False
        return True

    def _keep(self, keeper: Path, ready: Path) -> None:
        """Starts it and waits until it has opened the document, which it then locks. If it does not come up, each file
        is converted all the same, by a process of its own.
        """
        program = ("timeout", "--kill-after=5", str(_OFFICE_LIFE), *self._command(), "--nologo", str(keeper))
        _output(
            ("setsid", "--fork", *_limited(_DETACHED), *program),
            b"",
            self.folder,
            self.seconds,
        )
        until = time.monotonic() + self.seconds
        while not ready.exists() and time.monotonic() < until:
            time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Tesseract:
    """tesseract: a picture to the text in it, line by line. Raises NotConverted."""

    program: str
    languages: str
    seconds: float = OCR_SECONDS

    def __call__(self, picture: bytes) -> str:
        # 1: finds out how the page lies, and which script it is in, before it reads
        command = [self.program, "stdin", "stdout", "-l", self.languages, "--psm", "1"]
        limit = _cpu_seconds(picture)
        try:
            read = _output(command, picture, tempfile.gettempdir(), self.seconds, cpu=limit)
        except subprocess.TimeoutExpired:
            raise NotConverted(f"tesseract did not finish within {self.seconds:.0f} seconds") from None
        except _OutOfTime:
            raise NotConverted(f"tesseract needs more than the {limit} seconds that such a picture has") from None
        return read.decode("utf-8", "replace")


def _cpu_seconds(picture: bytes) -> int:
    """The time that a page has, by its size."""
    base, dots = _OCR_CPU
    width, height = (int.from_bytes(picture[n : n + 4], "big") for n in (16, 20))  # the head of a PNG
    return base + width * height // dots


class _OutOfTime(Exception):
    """A program had used up the seconds of the processor that it was given."""


def _tesseract(program: str) -> Tesseract | None:
    """With the languages of the UN that it has; None where it is not there or has none."""
    found = shutil.which(program)
    if found is None:
        return None
    has = _languages_of(found)
    languages = "+".join(language for language in _LANGUAGES if language in has)
    return Tesseract(found, languages) if languages else None


def _languages_of(tesseract: str) -> Sequence[str]:
    try:
        return _output([tesseract, "--list-langs"], b"", tempfile.gettempdir(), 10).decode("utf-8", "replace").split()
    except (subprocess.TimeoutExpired, NotConverted):
        return ()


def _output(command: Sequence[str], given: bytes, home: str, seconds: float, *, cpu: int | None = None) -> bytes:
    """What a program wrote. Raises subprocess.TimeoutExpired when it and all that it started had to be ended, and
    _OutOfTime when it used up `cpu` seconds of the processor.
    """
    with tempfile.TemporaryFile(dir=home) as written:  # a file, since the system limits its size
        try:
            process = subprocess.Popen(
                [*_ends_with_parent(), *_limited(cpu=cpu), *command],
                stdin=subprocess.PIPE,
                stdout=written,
                stderr=subprocess.DEVNULL,
                cwd=home,
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "TMPDIR": home, **_ENVIRONMENT},
                start_new_session=True,
            )
        except OSError as error:
            raise NotConverted(f"{command[0]} could not be started: {error}") from error
        try:
            process.communicate(given, timeout=seconds)
            if process.returncode == -signal.SIGXCPU:
                raise _OutOfTime
            if process.returncode == -signal.SIGXFSZ:
                raise NotConverted(f"{Path(command[0]).name} wrote more than {_OUTPUT // 1_000_000} MB")
            written.seek(0)
            return written.read()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def _ends_with_parent() -> tuple[str, ...]:
    """What is put before a command so that it ends when the process that reads is killed (prctl(2), Linux)."""
    program = shutil.which("setpriv")
    return (program, "--pdeathsig", "KILL") if program else ()


_DETACHED = "echo $$ > pid; exec < /dev/null > /dev/null"


def _limited(first: str = ":", *, cpu: int | None = None) -> tuple[str, ...]:
    """What is put before a command: more memory than a reader may have, where the system lets it, but not all; and the
    seconds of the processor that it has.
    """
    limits = f"ulimit -S -v {_MEMORY // 1024}; ulimit -S -f {_OUTPUT // 512}" + (
        "" if cpu is None else f"; ulimit -S -t {cpu}"
    )
    return ("sh", "-c", f'{limits}; {first}; exec "$0" "$@"')
