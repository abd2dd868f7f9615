"""The entry point: a compilation as the bytes of a file, in each of its formats and forms."""

from collections.abc import Callable
from typing import Literal, get_args

from compilation.bracketed import bracketed
from compilation.data import json_file
from compilation.submissions import submissions
from compilation.table import csv_file
from compilation.word import tracked, tracked_if_it_fits
from compilation.workbook import workbook
from consultation.compilation import Compilation

Format = Literal["docx", "xlsx", "csv", "json"]
Form = Literal["tracked", "bracketed", "submissions"]
FORMATS: tuple[Format, ...] = get_args(Format)
FORMS: tuple[Form, ...] = get_args(Form)
Language = Literal["en", "fr", "es", "ru", "zh", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Of names and headings."""


class NoSuchForm(ValueError):
    """Only a Word file comes in several forms."""


_WRITERS: dict[tuple[str, str], Callable[[Compilation], bytes]] = {
    ("docx", "tracked"): tracked,
    ("docx", "bracketed"): bracketed,
    ("docx", "submissions"): submissions,
    ("xlsx", "tracked"): workbook,
    ("csv", "tracked"): csv_file,
    ("json", "tracked"): json_file,
}


def written(
    compilation: Compilation, file_format: Format, form: Form | None = None, own_file: bytes | None = None
) -> bytes:
    """The bytes of the file; tracked changes are written into `own_file`, the draft's own Word file, where it fits.
    Raises NoSuchForm where a form is asked for that the format does not have.
    """
    if file_format != "docx" and form is not None:
        raise NoSuchForm(f"the form {form!r} is one of Word files (docx)")
    if own_file is not None and file_format == "docx" and form in (None, "tracked"):
        return tracked_if_it_fits(compilation, own_file)
    return _WRITERS[file_format, form or "tracked"](compilation)


def file_name(compilation: Compilation, file_format: Format, form: Form | None = None) -> str:
    """A name for the file: the draft, the speaker where it is one alone, the form, the day."""
    speakers = compilation.choice.speakers
    words = (
        compilation.draft.id,
        speakers[0] if len(speakers) == 1 else "",
        form if form not in (None, "tracked") else "",
        compilation.made_at.date().isoformat(),
    )
    return "-".join(word.replace(" ", "-") for word in words if word) + f".{file_format}"
