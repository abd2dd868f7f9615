"""Passwords and keys, from where the settings point: read each time, shown nowhere."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

CREDENTIALS = ("CREDENTIALS_DIRECTORY",)
"""Variables of the environment with the folder of credentials: systemd's."""
DOCKER = Path("/run/secrets")
COMMAND_SECONDS = 30.0
LONGEST = 100_000
"""Bytes: what is longer is no password, but a file that was named by mistake."""


class NoSecret(Exception):
    """A password or key is not where the settings say; the message says why, without the name of the setting."""


def secret_in_file(file: Path) -> str:
    """What the file holds, without the end of its line. Raises NoSecret."""
    try:
        with place_of(file).open("rb") as opened:
            held = opened.read(LONGEST + 1)
    except OSError as error:
        raise NoSecret(f"{place_of(file)}: {error.strerror}") from error
    return _text(held, str(file))


def place_of(file: Path) -> Path:
    """The file itself; one that is named without a folder is a credential of systemd or Docker where there is such."""
    if file.name != str(file):
        return file
    folders = [Path(os.environ[name]) for name in CREDENTIALS if os.environ.get(name)]
    return next((folder / file for folder in [*folders, DOCKER] if (folder / file).is_file()), file)


def secret_of_command(command: Sequence[str]) -> str:
    """The first line that a program writes. Raises NoSecret, which repeats nothing of what it wrote to its output."""
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except OSError as error:
        raise NoSecret(f"{command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise NoSecret(f"{command[0]}: it did not end within {COMMAND_SECONDS:g} seconds") from None
    if ended.returncode:
        said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoSecret(f"{command[0]}: it ended with {ended.returncode}" + (f": {said[-1][:200]}" if said else ""))
    return _text(ended.stdout.partition(b"\n")[0][: LONGEST + 1], command[0])


def secret_of(value: SecretStr | None, file: Path | None, command: Sequence[str] = ()) -> str | None:
    """The secret that is given itself, in a file or by a command; None where none is given. Raises NoSecret."""
    if file is not None:
        return secret_in_file(file)
    if command:
        return secret_of_command(command)
    return None if value is None else value.get_secret_value()


def _text(held: bytes, where: str) -> str:
    if len(held) > LONGEST:
        raise NoSecret(f"{where}: more than {LONGEST} bytes: that is no password")
    try:
        text = held.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise NoSecret(f"{where}: not UTF-8 text") from None
    if not text:
        raise NoSecret(f"{where}: it is empty")
    return text
