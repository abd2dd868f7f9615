"""Whose words are in an element of a mail's HTML: what clients put around history, forwarded mails and signatures."""

import re
from collections.abc import Mapping

from parsing.formats.styles import declarations
from parsing.model import TextRole

_QUOTED = frozenset({
    "divrplyfwdmsg", "isreplycontent", "isforwardcontent", "olk_src_body_section", "gmail_attr", "yahoo_quoted",
    "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message", "moz-cite-prefix", "zmail_extra",
    "moz-email-headers-table", "protonmail_quote", "tutanota_quote",
})  # fmt: skip
_ONWARD = frozenset({"divrplyfwdmsg", "appendonsend", "ms-outlook-mobile-body-separator-line"})
"""Elements after which all that follows beside them is history (Outlook on the web, Outlook mobile)."""

_SIGNATURE = frozenset({
    "gmail_signature", "moz-signature", "signature", "ms-outlook-mobile-signature", "protonmail_signature_block",
    "applemailsignature",
})  # fmt: skip
_FORWARDED = re.compile(r"-{5,}")
_HISTORY_RULE = re.compile(r"solid #(?:e1e1e1|b5c4df)")
"""Outlook draws a line in one of these two colours above the headers of the mail that it quotes."""


def role_of(tag: str, attributes: Mapping[str, str]) -> TextRole | None:
    """The role inside an element; None where the element does not tell."""
    names = _names(attributes)
    if names & _SIGNATURE:
        return "signature"
    if names & _QUOTED:
        return "quoted"
    if tag == "blockquote" and not is_indent(tag, attributes):
        return "quoted"
    return "quoted" if begins_history(attributes) else None


def begins_history(attributes: Mapping[str, str]) -> bool:
    """Whether all that follows beside this element is history."""
    if _names(attributes) & _ONWARD:
        return True
    css = declarations(attributes.get("style", ""))
    return bool(_HISTORY_RULE.match(css.get("border-top", ""))) and css.get("padding", "").startswith("3.0pt 0")


def holds_forward(attributes: Mapping[str, str]) -> bool:
    """Whether an element is Gmail's frame around a quoted or a forwarded mail."""
    return "gmail_quote" in _names(attributes)


def is_attribution(attributes: Mapping[str, str]) -> bool:
    """Whether an element is Gmail's line that says who wrote, or that what follows is forwarded."""
    return "gmail_attr" in _names(attributes)


def says_forwarded(text: str) -> bool:
    """Whether the line above the frame's content is that of a forwarded mail (dashes in every language)."""
    return bool(_FORWARDED.match(text.strip()))


def _names(attributes: Mapping[str, str]) -> frozenset[str]:
    """An element's id and classes, lower case, without the prefix that Outlook puts before foreign ones."""
    names = (attributes.get("id", "") + " " + attributes.get("class", "")).lower().split()
    return frozenset(name.removeprefix("x_") for name in names)


def may_be_indent(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether a blockquote may be an indent, though it may have the sign of a quotation: Apple's key for "increase the
    quote level" writes the same as its answers do, without the mail that is quoted.
    """
    is_cite = tag == "blockquote" and attributes.get("type") == "cite"
    return is_indent(tag, attributes) or (is_cite and "cite" not in attributes and not _names(attributes))


def is_indent(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether a blockquote may be nothing but more indent: no program's sign of a quotation is on it, nor a line down
    its left side.
    """
    if tag != "blockquote" or attributes.get("type") == "cite" or _names(attributes) & (_QUOTED | {"gmail_quote"}):
        return False
    css = declarations(attributes.get("style", ""))
    line = css.get("border-left", css.get("border-left-width", css.get("border", "none")))
    return line.startswith(("none", "0"))
