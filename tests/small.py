"""A draft of a few paragraphs, so that a test's specimen holds a whole version of it."""

from datetime import date

from parsing.model import Draft, Edit, Paragraph

_TEXTS = {
    "title": ("title", None, "Kunming Declaration"),
    "PP1": ("preambular", None, "Recalling the relevance of the vision of living in harmony with nature,"),
    "PP2": (
        "preambular",
        None,
        "Concerned that the ongoing loss of biodiversity jeopardizes achievement of the goals,",
    ),
    "PP3": ("preambular", None, "Noting that many measures are needed to reduce pollution and to restore ecosystems,"),
    "commit": ("operative-chapeau", None, "We Commit to:"),
    "OP1": ("operative", "1", "Improve the effectiveness of protected areas and protect wild species everywhere;"),
    "OP2": ("operative", "2", "Increase the use of “Nature-based Solutions” for climate, food and health;"),
    "OP3": ("operative", "3", "Work with ministries of finance to reform subsidies that are harmful."),
}
SMALL = Draft(
    "small",
    "Kunming Declaration",
    "Draft",
    "en",
    date(2021, 9, 6),
    "",
    "",
    tuple(Paragraph(k, *v) for k, v in _TEXTS.items()),
)


def version(**changed: str | None) -> list[str]:
    """The draft's paragraphs for a specimen, numbers typed; some changed, None for one that is left out."""
    typed = {p.label: f"{p.number}. {p.text}" if p.number else p.text for p in SMALL.paragraphs}
    return [text for text in (typed | changed).values() if text is not None]


def told(edits: tuple[Edit, ...]) -> list[tuple[str | None, ...]]:
    """What matters of each edit: place, action, words, and where it is none of these, `to` or the comment."""
    return [(e.paragraph, e.action, e.old, e.to or e.comment or e.new) if e.action in ("move_paragraph", "comment")
            else (e.paragraph, e.action, e.old, e.new) for e in edits]  # fmt: skip
