"""The one exception of evaluation: Terraform would have refused the expression.

It never leaves `evaluate`: whoever asks for a value gets a diagnostic and an unknown instead.
"""


class EvaluationError(Exception):
    """What Terraform would say: a summary and a detail, and the stretch of source it speaks of once that is known."""

    def __init__(self, summary: str, detail: str = "") -> None:
        super().__init__(summary, detail)
        self.summary = summary
        self.detail = detail
        self.place: tuple[object, int, int] | None = None  # (SourceFile, start, end)


class StaticError(EvaluationError):
    """What Terraform refuses before it evaluates anything, so that `try`, `can` and an arm not taken do not hide it."""


class FunctionError(EvaluationError):
    """A function refused its arguments; `argument` is the index of the one that is wrong."""

    def __init__(self, detail: str, argument: int | None = None) -> None:
        super().__init__("Error in function call", detail)
        self.argument = argument


class ConversionError(EvaluationError):
    """A value is not of the type that is needed."""

    def __init__(self, detail: str) -> None:
        super().__init__("Invalid value for type", detail)
