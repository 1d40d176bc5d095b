"""Reads the conditions of a YAML policy from its nodes; the depth of nesting is limited."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.core.places.yaml_marks import Mapping as YamlMapping
from iacpolicy.core.places.yaml_marks import Node, Scalar
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.evaluate.functions.regexes import compiled_pattern
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.policy.yaml.operators import OPERATORS, Takes
from iacpolicy.policy.yaml.read_nodes import NodeReader, kind_of, plain
from iacpolicy.policy.yaml.rule_set import (
    EACH,
    Condition,
    Conditions,
    Connected,
    Either,
    Mode,
    Negated,
    Operand,
    Path,
    PolicyRule,
    Quantified,
    Test,
    Tested,
)

MAX_DEPTH = 8
MAX_PARTS = 20
SUBJECTS = ("attribute", "any", "all", "connected_to", "either", "not")
RULE_TEXTS = ("message", "fix")
_PART = re.compile(r"""\.?([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]{1,6})\]|\[(\*)\]|\["([^"\\]+)"\]""")


class ConditionReader:
    """Reads conditions; `options` are the defaults of the policy's options by name."""

    def __init__(self, reading: NodeReader, options: Mapping[str, Any]) -> None:
        self.reading = reading
        self.options = options
        # Every path with its node and its resource type; "" means the types of the policy's `on`.
        self.paths: list[tuple[Node, str, Path]] = []

    def rules(self, node: Node, mode: Mode) -> Iterator[PolicyRule]:
        """Yield the rules of `require:` or `forbid:`."""
        for item in self.reading.items(node, f"`{mode}`"):
            condition = self.condition(item, f"an item of `{mode}`", "", (), 0, is_rule=True)
            if condition is not None and isinstance(item, YamlMapping):
                message, fix = (self._optional_text(item, key) for key in RULE_TEXTS)
                yield PolicyRule(
                    mode, condition, message.rstrip(".") if message else None, fix, self.reading.line(item)
                )

    def _optional_text(self, mapping: YamlMapping, key: str) -> str | None:
        """Return the text at a key, None if the mapping lacks the key."""
        node = mapping.get(key)
        return self.reading.text(node, f"`{key}`") if node is not None else None

    def conditions(self, node: Node, what: str, type_: str, prefix: Path, depth: int) -> Conditions:
        """Return a list of conditions, all of which must be true."""
        found = (self.condition(item, f"an item of {what}", type_, prefix, depth) for item in self._list(node, what))
        return tuple(condition for condition in found if condition is not None)

    def condition(
        self, node: Node, what: str, type_: str, prefix: Path, depth: int, *, is_rule: bool = False
    ) -> Condition | None:
        """Return one condition; `prefix` is the path of the element that it is about."""
        mapping = self.reading.mapping(node, what)
        if mapping is None:
            return None
        if depth > MAX_DEPTH:
            self.reading.wrong(node, f"conditions nest more than {MAX_DEPTH} levels deep; write this policy in Python")
            return None
        subjects = [key.text for key, _ in mapping.pairs if key.text in SUBJECTS]
        if len(subjects) != 1:
            self._without_subject(mapping, what, subjects)
            return None
        subject = subjects[0]
        value = mapping.get(subject)
        assert value is not None
        extra = RULE_TEXTS if is_rule else ()
        if subject == "attribute":
            self.reading.keys(mapping, (subject, *OPERATORS, *extra), what)
            return self._tested(mapping, value, type_, prefix)
        allowed = () if subject in ("either", "not") else ("where",)
        self.reading.keys(mapping, (subject, *allowed, *extra), what)
        match subject:
            case "either":
                return Either(self.conditions(value, "`either`", type_, prefix, depth + 1))
            case "not":
                inner = self.condition(value, "`not`", type_, prefix, depth + 1)
                return Negated(inner) if inner is not None else None
            case "connected_to":
                name = self.reading.text(value, "`connected_to`")
                return Connected(name, self._where(mapping, name, (), depth))
            case _:
                path = self._path(value, type_, prefix)
                where = self._where(mapping, type_, (*prefix, *path), depth)
                if not where:
                    self.reading.wrong(node, f"`{subject}` needs `where:`, a list of conditions on each of them")
                return Quantified("any" if subject == "any" else "all", path, where) if path and where else None

    def _where(self, mapping: YamlMapping, type_: str, prefix: Path, depth: int) -> Conditions:
        where = mapping.get("where")
        return self.conditions(where, "`where`", type_, prefix, depth + 1) if where is not None else ()

    def _without_subject(self, mapping: YamlMapping, what: str, subjects: list[str]) -> None:
        known = ", ".join(f"`{word}`" for word in SUBJECTS)
        if subjects:
            names = " and ".join(f"`{word}`" for word in subjects)
            self.reading.wrong(mapping, f"{what} has {names}, but can have only one of them; write two items")
            return
        hints = [
            did_you_mean(key.text, SUBJECTS, HintForm.CODE_ASIDE)
            for key, _ in mapping.pairs
            if key.text not in OPERATORS
        ]
        hint = next((h for h in hints if h), "")
        self.reading.wrong(mapping, f"{what} needs one of {known}{hint}")

    def _list(self, node: Node, what: str) -> tuple[Node, ...]:
        """Return the items of a list; a single condition counts as a list of one."""
        return (node,) if isinstance(node, YamlMapping) else self.reading.items(node, what)

    def _path(self, node: Node, type_: str, prefix: Path) -> Path:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        path = parse_path(text)
        if path is None:
            reason = f'"{text}" is not a path' if text else f"this is {kind_of(node)}"
            self.reading.wrong(node, f'write a path as `autoscaling.min`, `rule[0].id` or `tags["a b"]`; {reason}')
            return ()
        self.paths.append((node, type_, (*prefix, *path)))
        return path

    def _tested(self, mapping: YamlMapping, value: Node, type_: str, prefix: Path) -> Condition | None:
        path = self._path(value, type_, prefix)
        tests = [self._test(key.text, node) for key, node in mapping.pairs if key.text in OPERATORS]
        if not tests and not self._is_misspelt(mapping):
            known = ", ".join(f"`{name}`" for name in OPERATORS)
            self.reading.wrong(value, f"the attribute has no operator; add one of {known}")
        good = tuple(test for test in tests if test is not None)
        return Tested(path, good) if path and good else None

    def _is_misspelt(self, mapping: YamlMapping) -> bool:
        """Report that a key looks like a misspelled operator, which has a mistake of its own."""
        return any(
            did_you_mean(key.text, OPERATORS) for key, _ in mapping.pairs if key.text not in ("attribute", *RULE_TEXTS)
        )

    def _test(self, name: str, node: Node) -> Test | None:
        takes = OPERATORS[name].takes
        if isinstance(node, YamlMapping):
            return self._by_option(name, node, takes)
        value = plain(node)
        problem = _refused(value, takes)
        if problem is not None:
            self.reading.wrong(node, f"`{name}` takes {problem}")
            return None
        return Test(name, Operand(tuple(value) if isinstance(value, list) else value))

    def _by_option(self, name: str, node: YamlMapping, takes: Takes) -> Test | None:
        self.reading.keys(node, ("option",), f"the value of `{name}`")
        value = node.get("option")
        if value is None:
            return None
        option = self.reading.text(value, "`option`")
        if option not in self.options:
            hint = did_you_mean(option, self.options, HintForm.CODE_ASIDE) or "; declare it below `options:`"
            self.reading.wrong(value, f'there is no option "{option}"{hint}')
            return None
        problem = _refused(self.options[option], takes)
        if problem is not None or takes in ("pattern", "flag"):
            expected = problem or "a value that is written here"
            self.reading.wrong(value, f'`{name}` takes {expected}, and the option "{option}" is not')
            return None
        return Test(name, Operand(None, option))


def _refused(value: Any, takes: Takes) -> str | None:
    """Return what an operator takes, None if it takes the value."""
    match takes:
        case "flag":
            return None if isinstance(value, bool) else "true or false"
        case "number":
            return None if isinstance(value, int | float) and not isinstance(value, bool) else "a number"
        case "text":
            return None if isinstance(value, str) and value else "a text"
        case "list":
            return None if isinstance(value, list | tuple) and None not in value else "a list of values"
        case "pattern":
            return _refused_pattern(value)
        case "scalar":
            if value is None:
                return "a value; test for null or absence with `absent: true`"
            return "one value; use `in` with a list" if isinstance(value, list | tuple) else None


def _refused_pattern(value: Any) -> str | None:
    if not isinstance(value, str) or not value:
        return "a regular expression as a text"
    try:
        compiled_pattern(value)
    except FunctionError as problem:
        return f"a regular expression of RE2: {problem.detail}"
    return None


def parse_path(text: str) -> Path | None:
    """Return the parts of a path, None if the text is not a path."""
    path: list[str | int] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or len(path) >= MAX_PARTS:
            return None
        name, index, each, quoted = match.groups()
        if name is not None and text.startswith(".", at) == (at == 0):
            return None  # a dot is only allowed between names
        at = match.end()
        path.append(int(index) if index is not None else EACH if each else name or quoted)
    return tuple(path) if path and isinstance(path[0], str) and path[0] != EACH else None
