"""The command line in a forked process: as a command of its own, without its second of imports."""

import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import NoReturn

from private_server import NOBODY

from cli import main


def forked(
    *arguments: str, folder: Path, given: str = "", as_nobody: bool = False, **environment: str
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `kunming` in that folder, with that environment alone, a
    generous umask, and `given` as its standard input; as a user without rights where that is said (root alone can be
    somebody else).
    """
    with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        into.write(given.encode())
        into.seek(0)
        pid = os.fork()
        if pid == 0:
            files = (into.fileno(), out.fileno(), err.fileno())
            _run(list(arguments), folder, environment, files, as_nobody=as_nobody)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return code, said[0], said[1]


def _run(
    arguments: list[str], folder: Path, environment: dict[str, str], files: tuple[int, int, int], *, as_nobody: bool
) -> NoReturn:
    code = 99
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        logging.root.handlers.clear()  # pytest's
        os.umask(0)
        os.chdir(folder)
        known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        os.environ.clear()
        os.environ.update(known | environment)
        tempfile.tempdir = None
        if as_nobody:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        warnings.simplefilter("ignore")
        sys.argv = ["kunming", *arguments]
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException as error:  # noqa: BLE001 (the process ends here)
        sys.stderr.write(f"Traceback: {error!r}\n")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
