"""Exceptions of evaluation: Terraform would refuse the expression.

They never leave `evaluate`: callers get a diagnostic and an unknown value.

"""


class EvaluationError(Exception):
    """An error as Terraform reports it: a summary, a detail, and the range in the source if it is known."""

    def __init__(self, summary: str, detail: str = "") -> None:
        super().__init__(summary, detail)
        self.summary = summary
        self.detail = detail
        self.place: tuple[object, int, int] | None = None  # (SourceFile, start, end)


class StaticError(EvaluationError):
    """An error that Terraform reports before evaluation, so that `try`, `can` and unused arms do not hide it."""


class FunctionError(EvaluationError):
    """A function refuses its arguments; `argument` is the index of the wrong one."""

    def __init__(self, detail: str, argument: int | None = None) -> None:
        super().__init__("Error in function call", detail)
        self.argument = argument


class ConversionError(EvaluationError):
    """A value does not have the required type."""

    def __init__(self, detail: str) -> None:
        super().__init__("Invalid value for type", detail)
