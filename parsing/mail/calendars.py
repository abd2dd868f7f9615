"""What an invitation says: the words of a text/calendar part (RFC 5545)."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_FIELD = re.compile(r"^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION|COMMENT)(?:;[^:\n]*)?:(.*)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\;,nN])")


def calendar_text(text: str) -> str:
    """Summary, times, place, description and comments of the events, a line each, the summary first."""
    fields: dict[str, str] = {}
    for found in _FIELD.finditer(_FOLD.sub("", text)):
        fields.setdefault(found[1], _ESCAPED.sub(lambda e: "\n" if e[1] in "nN" else e[1], found[2].strip()))
    order = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "COMMENT", "DESCRIPTION")
    return "\n".join(fields[name] for name in order if fields.get(name))
