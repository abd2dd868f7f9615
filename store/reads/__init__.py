"""What the store holds, read as values of consultation/kept.py; nothing is decided here."""
