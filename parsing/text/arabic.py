"""What Arabic writes together with the word that follows: particles and the article."""

ARTICLE = "ال"
AND = "وف"
"""The letters that are "and" and "so"."""
PREPOSITIONS = "بلك"
"""The letters that are "in", "for" and "as"."""
PREFIX = f"[{AND}]?[{PREPOSITIONS}]?"
"""What may be written before a word, as the source of an expression."""
