"""HTML as marked text: what a person sees in it, paragraph by paragraph, with ins, del and styles.

The parser is libxml2's, which mends broken HTML as browsers do; its events are taken one after the other, so that depth
costs no more than length. See docs/formats/html.md.
"""

import re
from collections import Counter
from typing import Any, cast

from lxml import etree

from parsing.formats.html_walk import HtmlWalk
from parsing.formats.text import LONGEST, clean, cut
from parsing.model import MarkedText, Problem

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)[^<>]*>?")


def read_html(html: str) -> MarkedText:
    """What is seen: one Block for each paragraph or line; quoted history and signatures have their role."""
    html, problems = cut(html, LONGEST)
    walk = HtmlWalk()
    # lxml-stubs want a target that takes bytes too; the parser hands over str alone
    parser = etree.HTMLParser(target=cast("Any", walk), encoding="utf-8", huge_tree=True)
    try:
        etree.HTML(_matched(clean(html)).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, etree.ParserError):
        problems = (*problems, Problem("", "the HTML is damaged: what could be read of it was"))
    walk.close()
    return MarkedText("html", tuple(walk.blocks), problems=(*problems, *walk.lines.out.problems()))


def _matched(html: str) -> str:
    """Without the end tags that close nothing: for each of them the parser would search all that is open."""
    opened: Counter[str] = Counter()

    def keep(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if not tag[1]:
            opened[name] += 1
        elif opened[name] > 0:
            opened[name] -= 1
        elif name not in ("br", "p"):
            return ""
        return tag[0]

    return _TAG.sub(keep, html)
