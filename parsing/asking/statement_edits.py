"""The edits of a statement, bound to the official text as those of the rules are. Its old words, or its anchor, have to
occur there exactly once.
"""

from parsing.asking.answers import ModelStatement
from parsing.draft_index import index_of, words_of
from parsing.model import Draft, Edit
from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.acts import Act
from parsing.prose.resolve.edits import Collector, shows_opening
from parsing.prose.resolve.resolve import Bound, Where, bind
from parsing.text.search import find, is_sign

_OPENING, _CLOSING = '"“«「『„', '"”»」』“'


class NotVerified(Exception):
    """A statement does not pass a check; the message names it."""


def edits_of(statement: ModelStatement, said: str, source: str, draft: Draft) -> tuple[Edit, ...]:
    """The edits of a statement with the words that say it. Raises NotVerified where it fits nowhere."""
    found = Collector(draft, source, None)
    match statement.act:
        case "comment":
            found.remark(statement.label, said, statement.intent or None)
        case "delete_paragraph":
            found.paragraph(Edit(statement.label, "delete_paragraph"), said)
        case "add_paragraph":
            _add(statement, said, draft, found)
        case "move_paragraph":
            _move(statement, said, draft, found)
        case _:
            for bound in _bound(statement, draft):
                found.change(bound, said)
    if not found.edits:
        raise NotVerified("it says what the official text says already")
    return tuple(found.edits)


def _add(statement: ModelStatement, said: str, draft: Draft, found: Collector) -> None:
    if not words_of(statement.new):
        raise NotVerified("it adds a paragraph without words")
    doubt = "the new paragraph begins like one of the draft's" if shows_opening(statement.new, draft) else ""
    found.paragraph(Edit(statement.label, "add_paragraph", new=statement.new), said, doubt)


def _move(statement: ModelStatement, said: str, draft: Draft, found: Collector) -> None:
    index = index_of(draft)
    if statement.to not in index.order or statement.to in (statement.label, index.before(statement.label)):
        raise NotVerified(f"the paragraph cannot come to follow “{statement.to}”")
    found.paragraph(Edit(statement.label, "move_paragraph", to=statement.to), said)


def _bound(statement: ModelStatement, draft: Draft) -> tuple[Bound, ...]:
    official = draft.text(statement.label)
    act, context = _act(statement, official)
    changes = bind(act, Where((statement.label,), context=context), draft)
    if not changes:
        raise NotVerified("it fits nowhere in the paragraph, or the text reads so already")
    if any(bound.label != statement.label for bound in changes):
        raise NotVerified(f"its words are not in {statement.label}")
    if any(official[bound.change.start : bound.change.end] == bound.change.new for bound in changes):
        raise NotVerified("it says what the official text says already")
    return changes


def _act(statement: ModelStatement, official: str) -> tuple[Act, str]:
    """The act, and the words around those that it changes."""
    old, new, anchor = (_quote(words) for words in (statement.old, statement.new, statement.anchor))
    if statement.act in ("replace", "delete"):
        context = _around(statement, official)
        if statement.act == "delete" or not statement.new:
            return Act("delete", old=old), context
        return Act("replace", old=old, new=new), context
    if not statement.new:
        raise NotVerified("it has no new words")
    if statement.act == "rewrite":
        return Act("read", new=new), ""
    if statement.act in ("insert_after", "insert_before"):
        _once(statement.anchor, official)
        return Act("insert", statement.act.removeprefix("insert_"), new=new, beside=anchor), ""
    return Act("insert", statement.act.removeprefix("insert_"), new=new), ""


def _quote(words: str) -> Token:
    """Words as quoted ones, without the quotation marks that a model copies with them."""
    quoted = len(words) > 1 and words[0] in _OPENING and words[-1] in _CLOSING
    return Token("quote", 0, len(words), words[1:-1] if quoted else words)


def _around(statement: ModelStatement, official: str) -> str:
    """The words around the old ones, where these occur more than once; raises NotVerified where that does not tell."""
    there = find(statement.old, official, mistakes=False) if statement.old else ()
    if not there:
        raise NotVerified(f"“{statement.old}” is not in {statement.label}")
    if len(there) == 1:
        return ""
    _once(statement.anchor, official)
    around = find(statement.anchor, official, mistakes=False)[0]
    if sum(around.start <= one.start and one.end <= around.end for one in there) != 1:
        raise NotVerified(f"“{statement.old}” occurs {len(there)} times in {statement.label}")
    return statement.anchor


def _once(words: str, official: str) -> None:
    """Raises NotVerified for words that are not in the paragraph exactly once."""
    if not words or (is_sign(words) and official.count(words) != 1):
        raise NotVerified(f"“{words}” does not tell a place in the paragraph")
    count = len(find(words, official, mistakes=False))
    if count != 1:
        raise NotVerified(f"“{words}” occurs {count} times in the paragraph")
