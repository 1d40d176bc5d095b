"""Directives of templates whose end has not been read yet."""

from iacpolicy.hcl.ast import Expression, ForDirective, IfDirective, TemplatePart


class OpenDirective:
    """A directive without its end."""

    __slots__ = ("branches", "names", "start", "subject")

    def __init__(self, start: int, names: tuple[str | None, str] | None, subject: Expression) -> None:
        self.start = start
        self.names = names
        self.subject = subject
        self.branches: list[list[TemplatePart]] = [[]]

    def closed(self, end: int) -> TemplatePart:
        """Return the directive with its end."""
        first = tuple(self.branches[0])
        if self.names is not None:
            key, value = self.names
            return ForDirective(
                start=self.start, end=end, key_name=key, value_name=value, collection=self.subject, body=first
            )
        rest = tuple(self.branches[1]) if len(self.branches) > 1 else ()
        return IfDirective(start=self.start, end=end, condition=self.subject, then=first, otherwise=rest)
