"""What may come of a question to a language model instead of an answer."""


class ModelAway(Exception):
    """The model gives no answer now: it is away, slow or busy. Ask it later."""


class ModelTooSlow(ModelAway):
    """The model has not answered in time."""


class ModelRefuses(Exception):
    """The endpoint will answer no question with these settings: the key or the address is wrong."""


class NoSuchAnswer(Exception):
    """What came back is no answer to this question."""
