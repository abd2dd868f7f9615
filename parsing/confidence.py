"""How sure a reading is, from 0 to 1: each number that is given or compared, with what it means.

They are judgements and no measured frequencies: their order says which reading to trust more, and whether a person must
look. What is less sure than REVIEW needs review, and so does whatever has a doubt of its own.
"""

from parsing.model import Origin

# --- what decides ------------------------------------------------------------------------------------

REVIEW = 0.9
"""An edit from words or a remark that is less sure needs review."""
DOUBTFUL_CLASS = 0.6
"""A class of mail less sure than this needs review."""
SURE_PLACE = 0.9
"""So sure must the place of quoted words be for an edit by what is quoted to be sure, and for an instruction in the
margin to take the place of its comment, which may speak of the text and ask for nothing."""

# --- words of the draft that an instruction names -----------------------------------------------------

NAMED = 0.97
"""The paragraph is named and has the words once, as they are quoted; an act on a whole paragraph."""
NAMED_WITH_MISTAKES = 0.85
"""The paragraph is named and has the words, but for small mistakes."""
OTHER_MEANING = 0.95
"""The name may mean several paragraphs ("paragraph 5" is OP5 or PP5), and one of them has the words."""
OTHER_MEANING_WITH_MISTAKES = 0.8
"""The same, but for small mistakes in the words."""
EVERYWHERE = 0.93
"""Every place that has the words: "throughout the text"."""
ELSEWHERE = 0.7
"""A paragraph is named, and another one alone has the words."""
ELSEWHERE_AND_DOUBTFUL = 0.6
"""One paragraph alone has the words, but for mistakes, or where the paragraph that is named does not exist."""
UNNAMED = 0.92
"""No paragraph is named, and one alone has the words, three or more."""
UNNAMED_AND_SHORT = 0.8
"""No paragraph is named, and one alone has the one or two words."""
SEVERAL_TIMES = 0.5
"""The paragraph has the words more than once, and nothing says which are meant."""

# --- places without words, and whole wordings ---------------------------------------------------------

AT_AN_END = 0.95
"""At the beginning or the end of a paragraph, or its brackets."""
A_SENTENCE = 0.9
"""A sentence of a paragraph, by its number: deleted, replaced, or something put before it."""
RESTATED = 0.95
"""A paragraph is restated: the differences."""
RESTATED_IN_DOUBT = 0.8
"""A paragraph is restated, but little of it would stay, or another one is named."""
RESTATED_IN_PART = 0.75
"""A part of a paragraph is restated."""
RESTATED_ELSEWHERE = 0.7
"""A paragraph shall read so, and what is quoted restates another one."""
NEW_WORDING = 0.9
"""A wholly new wording of a paragraph or a title that is named."""

# --- requests that are not plain ----------------------------------------------------------------------

SURE = REVIEW
"""So probable must the reading of a sentence be for its edit to be sure: of what is above 0.85 already 99 in 100 were
right on sets that were left out of the fit (579 of 586), before it is asked whether it has a doubt of its own."""
SURE_UNNAMED = 0.95
"""The same where no paragraph is named, and one alone has the one or two words."""
DOUBTFUL_ACT = 0.6
"""An act on a whole paragraph with a doubt."""
PARTLY_READ = 0.7
"""The sentence holds more than was read."""
CONTRADICTED = 0.5
"""Another act on the same words says something else."""
REMARK = 0.92
"""A remark that asks for nothing."""
DOUBTFUL_REMARK = 0.7
"""A remark that may ask for a change, or of which the place is doubtful."""

# --- what a language model says ------------------------------------------------------------------------

TWO_READERS = 0.97
"""The rules and a model say the same, apart from each other."""
VERIFIED = 0.93
"""A model alone says it, and every check found its words."""
VERIFIED_IN_DOUBT = 0.6
"""The same, and a check left a doubt."""
ONE_READER = 0.7
"""One says it, and the other was asked and does not say so, or says something else."""

# --- documents ----------------------------------------------------------------------------------------

BY_ORIGIN: dict[Origin, float] = {
    "tracked-change": 0.99,  # what the file itself says
    "silent-change": 0.9,  # differences that nobody has marked
    "comparison": 0.9,  # differences of a retyped text
    "remark": 0.8,  # a paragraph between those of the draft
    "formatting": 0.75,  # styling may be emphasis
}
"""A change in a version of the draft."""
IN_A_TABLE = 0.95
"""A row of a comment table, at most."""
MARGIN_COMMENT = 0.99
"""A comment in the margin, at its words."""
MARGIN_COMMENT_ON_ALL = 0.9
"""A comment in the margin of which no paragraph is the anchor."""
ASKED_IN_THE_MARGIN = 0.8
"""An instruction in the margin, read as an edit."""

# --- the class of a mail ------------------------------------------------------------------------------

CLASS_DECIDED = 0.95
"""A sign that decides alone, and the most that others add up to."""
CLASS_BY_POINTS = 0.5
"""The class with the first points; a tenth is added for each."""
CLASS_BY_WEAK_SIGNS = 0.6
"""An announcement by signs that are not enough by themselves."""
CLASS_WITHOUT_SIGNS = 0.4
"""No sign tells the class."""
CLASS_UNREADABLE = 0.0
"""The mail could not be read: comments, since it may hold some."""
CLASS_UNREAD = 0.5
"""Comments, because a sentence was not read that speaks against another class."""

# --- who speaks ---------------------------------------------------------------------------------------

NOBODY = 1.0
"""A bounce or spam speaks for nobody."""
A_MACHINE = 0.8
"""A machine's answer without any sign speaks for nobody."""
ONLY_A_GROUP = 0.6
"""A Group is named, and no speaker."""
SENT_ON = 0.6
"""At most so sure is who speaks in a mail that another one sent on."""
TWO_SPEAKERS = 0.3
"""Two candidates are close: none is chosen."""
NO_SPEAKER = 0.2
"""Nothing tells who speaks."""
