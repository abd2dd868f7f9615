"""Who is meant by the name in a field, in any of the six languages."""

from api.problems import InvalidQuery
from consultation.find_speaker import speakers_named
from parsing.model import Register

_NEAR = 8


def one_named(register: Register, name: str) -> str | None:
    """The code of the Party, or the name of the Group or observer; None without a name. Raises InvalidQuery."""
    if not name:
        return None
    found = speakers_named(register, name)
    if len(found) == 1:
        return found[0].name
    near = ", ".join(one.name for one in found[:_NEAR])
    raise InvalidQuery("Of", f"several are called “{name}”: {near}" if near else f"no one is called “{name}”")
