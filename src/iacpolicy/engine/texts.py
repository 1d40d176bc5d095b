"""What an answer on the beginning or the end of a text says of another beginning or end."""

from collections.abc import Iterable

from iacpolicy.evaluate.terms import Apply, Constant, Term

_ENDS = ("startswith", "endswith")


def implied_text(atom: Term, asked: Iterable[tuple[Term, bool]]) -> bool | None:
    """Whether answers on one text decide `startswith(text, "…")` or `endswith(text, "…")`."""
    parts = _parts(atom)
    if parts is None:
        return None
    operator, subject, end = parts
    for other, answer in asked:
        known = _parts(other)
        if known is None or known[:2] != (operator, subject):
            continue
        theirs = known[2]
        if answer and _has(theirs, end, operator):
            return True
        if answer and not _has(end, theirs, operator):
            return False
        if not answer and _has(end, theirs, operator):
            return False
    return None


def _parts(atom: Term) -> tuple[str, str, str] | None:
    if isinstance(atom, Apply) and atom.operator in _ENDS and len(atom.operands) == 2:
        subject, end = atom.operands
        if isinstance(end, Constant) and isinstance(end.value, str):
            return atom.operator, subject.key, end.value
    return None


def _has(text: str, end: str, operator: str) -> bool:
    return text.startswith(end) if operator == "startswith" else text.endswith(end)
