"""Wrong use, told in one line."""


class UsageError(Exception):
    """The command line or the settings ask for something that does not exist; the text says what and how to mend it."""
