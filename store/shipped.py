"""The Drafts that ship with the product, and any other in the same JSON form."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from parsing.model import Draft, Paragraph

DRAFTS = Path(__file__).parent / "drafts"
KUNMING = "kunming-revised-zero-draft"


@cache
def shipped_draft(name: str = KUNMING) -> Draft:
    """A Draft of store/drafts/."""
    return draft_of_json((DRAFTS / f"{name}.json").read_text("utf-8"))


def draft_of_json(text: str) -> Draft:
    """The Draft in the JSON of such a file; ValueError where a field is missing, or is not what it should be."""
    try:
        fields = json.loads(text)
        return Draft(
            id=fields["id"],
            title=fields["title"],
            version=fields["version"],
            language=fields["language"],
            deadline=date.fromisoformat(fields["deadline"]),
            comments_to=fields["comments_to"],
            copy_to=fields["copy_to"],
            paragraphs=tuple(Paragraph(p["label"], p["part"], p["number"], p["text"]) for p in fields["paragraphs"]),
            source=fields.get("source", ""),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no draft in the JSON form of the one that ships: {error}") from error
