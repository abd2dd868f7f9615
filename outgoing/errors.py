"""Why something was not sent."""


class NotNow(Exception):
    """It could not be sent now; later may do."""


class NotAccepted(Exception):
    """The other side refuses this message for good."""


class NotKnown(Exception):
    """The connection was lost after the message was given: whether the other side took it, nobody knows."""
