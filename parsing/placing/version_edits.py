"""The Edits that a version of the draft makes: what was changed in its paragraphs, tracked or not."""

from dataclasses import replace

from parsing.confidence import BY_ORIGIN
from parsing.model import Edit, Run
from parsing.placing.diff_paragraph import TextChange, diff_paragraph
from parsing.placing.marked_lines import END, MarkedLine
from parsing.placing.version import Version
from parsing.text.words import lower_emphatic_capitals, whole_words


def made_by(run: Run | None, edit: Edit, version: Version) -> Edit:
    """The edit with the author and the date of its run; as an untracked change where there is no run."""
    author, date = (run.author, run.date) if run is not None else (None, None)
    return completed(replace(edit, origin=version.origin(run), author=author, date=date), version)


def completed(edit: Edit, version: Version) -> Edit:
    """The edit with its source, and with the confidence and the need of review that its origin brings."""
    return replace(
        edit,
        sources=(version.source,),
        confidence=BY_ORIGIN[edit.origin],
        needs_review=edit.origin in ("silent-change", "formatting") or bool(version.other_base),
    )


def text_edit(label: str, change: TextChange, version: Version) -> Edit:
    """A change of a paragraph's words; where it cuts words, the evidence shows the whole ones."""
    official = version.draft.text(label)
    old, new = official[change.start : change.end], change.new.replace(END, "\n")
    if change.run is None or change.run.hand:
        new = lower_emphatic_capitals(new, official)
    edit = Edit(
        paragraph=label,
        action="insert" if change.start == change.end else "replace" if new else "delete",
        start=change.start,
        end=change.end,
        old=old,
        new=new,
        intent=_intent(change, old, new),
        evidence=_whole_words(change, new, official),
    )
    return made_by(change.run, edit, version)


def _intent(change: TextChange, old: str, new: str) -> str | None:
    if END in change.new:
        return "split"
    return "bracket" if not old and new.strip() in ("[", "]") else None


def _whole_words(change: TextChange, new: str, official: str) -> str:
    """The change of the whole words that it cuts: "jeopardizes → jeopardized"; nothing where it cuts none."""
    start, end = whole_words(official, change.start, change.end)
    if (start, end) == (change.start, change.end):
        return ""
    changed = official[start : change.start] + new + official[change.end : end]
    return f"{official[start:end]} → {changed}"


def rewritten(label: str, text: str, run: Run | None, version: Version) -> list[Edit]:
    """The changes that make a paragraph the text that a tracked change has put in its place."""
    changes = diff_paragraph(MarkedLine.of(text), version.draft.text(label)).changes
    return [text_edit(label, replace(change, run=run or Run("")), version) for change in changes]


def deleted_paragraph(label: str, run: Run | None, version: Version, *, intent: str | None = None) -> Edit:
    """The deletion of a whole paragraph."""
    edit = Edit(label, "delete_paragraph", old=version.draft.text(label), intent=intent)
    return made_by(run, edit, version)


def merged_words(label: str, words: str, run: Run | None, version: Version) -> Edit:
    """The words of a paragraph that now runs on behind the last word of another one."""
    end = len(version.draft.text(label))
    new = words.replace(END, "\n")
    return made_by(run, Edit(label, "insert", start=end, end=end, new=new, intent="merge"), version)
