"""The error for wrong use of the command line or the settings."""


class UsageError(Exception):
    """The command line or the settings are wrong; the text has the problem and its remedy."""
