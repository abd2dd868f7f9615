"""The message for whoever asks for something that does not exist: what does."""

from consultation.by_paragraph import GENERAL
from consultation.facts import ConsultationSnapshot
from consultation.find_speaker import speakers_named

_NEAR = 8


def no_paragraph(snapshot: ConsultationSnapshot, label: str) -> str:
    has = ", ".join(paragraph.label for paragraph in snapshot.draft.paragraphs)
    return f"The draft has no paragraph “{label}”: it has {has}, and {GENERAL.label}."


def no_speaker(snapshot: ConsultationSnapshot, name: str) -> str:
    near = ", ".join(one.name for one in speakers_named(snapshot.register, name)[:_NEAR])
    is_it = f"Is it {near}?" if near else "A Party has the code of ISO 3166, as NOR; Groups and observers have names."
    return f"No such Party, Group or observer: “{name}”. {is_it}"
