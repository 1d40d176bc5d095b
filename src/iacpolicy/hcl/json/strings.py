"""Strings of the JSON syntax: each is a template after JSON's escapes are decoded."""

from bisect import bisect_right

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Expression, KeyName, Template, Text, TextForm
from iacpolicy.hcl.shared.shifting import mapped
from iacpolicy.hcl.shared.text import json_escape_spans, unescape_json
from iacpolicy.hcl.tree_sitter.bare_templates import bare_template


def string_node(
    source: SourceFile, start: int, end: int, form: TextForm, depth: int
) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """Return the template of a JSON string, its quotes included."""
    text = source.text
    if form is TextForm.JSON_PLAIN or not _may_interpolate(text, start, end):
        if end - start == 2:
            return Template(start=start, end=end, parts=()), ()
        return Template(start=start, end=end, parts=(Text(start=start + 1, end=end - 1, form=form),)), ()
    raw = text[start + 1 : end - 1]
    decoded = unescape_json(raw)
    node, problems = bare_template(SourceFile(source.path, decoded), form, TextForm.JSON_QUOTED, depth)
    place = source.span(start, end)
    moved = mapped(node, _Offsets(raw, start + 1))
    return (
        msgspec.structs.replace(moved, start=start, end=end),
        tuple(msgspec.structs.replace(problem, location=place) for problem in problems),
    )


def key_node(
    source: SourceFile, start: int, end: int, form: TextForm, depth: int
) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """Return the name of a property: a plain name unless it contains a template."""
    if form is not TextForm.JSON_PLAIN and _may_interpolate(source.text, start, end):
        return string_node(source, start, end, form, depth)
    return KeyName(start=start, end=end, name=unescape_json(source.text[start + 1 : end - 1])), ()


def _may_interpolate(text: str, start: int, end: int) -> bool:
    if text.find("\\u", start, end) >= 0:
        raw = unescape_json(text[start:end])
        return "${" in raw or "%{" in raw
    return text.find("${", start, end) >= 0 or text.find("%{", start, end) >= 0


class _Offsets:
    """A map from offsets in the decoded string to offsets in the file."""

    def __init__(self, raw: str, start: int) -> None:
        self._decoded_ends: list[int] = []
        self._shifts = [start]
        shift = start
        for at, end, characters in json_escape_spans(raw):
            shift += (end - at) - len(characters)
            self._decoded_ends.append(end - (shift - start))
            self._shifts.append(shift)

    def __call__(self, offset: int) -> int:
        return offset + self._shifts[bisect_right(self._decoded_ends, offset)]
