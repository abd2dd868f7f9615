"""The programs outside Python that readers may ask: LibreOffice and tesseract, where they are installed."""

from parsing.model import Converters


def converters() -> Converters:
    """What is installed here."""
    return Converters()
