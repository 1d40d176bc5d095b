"""Reads a policy in YAML and compiles it to documentation and a check, like a policy in Python.

```yaml
title: Service scales to nothing
severity: high
on: [render_web_service]
why: Below one instance it is gone.
fix: Set `min` to 1 or more.
require:
  - attribute: autoscaling.min
    at_least: 1
```
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.places import yaml_marks
from iacpolicy.core.places.yaml_marks import Mapping, Node, Scalar
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import decode
from iacpolicy.policy.meta import Meta, Option, Severity
from iacpolicy.policy.yaml.check import YamlCheck
from iacpolicy.policy.yaml.conditions import ConditionReader
from iacpolicy.policy.yaml.read_nodes import NodeReader, kind_of, plain, scalar
from iacpolicy.policy.yaml.rule_set import PolicyRule, RuleSet
from iacpolicy.policy.yaml.schema_checks import check_paths, check_types

REQUIRED = ("title", "severity", "on", "why", "fix")
RULES = ("require", "forbid")
KEYS = ("id", *REQUIRED, "references", "options", "aliases", "waivable", "where", *RULES)
MAX_BYTES = 1_000_000


def load_yaml(file: Path) -> tuple[Meta, YamlCheck] | str:
    """Return the policy in a file, or its mistakes as text, one per line.

    Raises:
        OSError: the file cannot be read.
    """
    shown = f"{file.parent.name}/{file.name}"
    data = file.read_bytes()
    if len(data) > MAX_BYTES:
        return f"{shown} has more than {MAX_BYTES} bytes"
    source = decode(shown, data)
    if isinstance(source, Diagnostic):
        return f"{source.location or shown}: {source.detail}"
    return compiled(source, file.parent.name)


def compiled(source: SourceFile, policy_id: str) -> tuple[Meta, YamlCheck] | str:
    """Return the policy in a text, or its mistakes as text, one per line."""
    documents = yaml_marks.read(source)
    if isinstance(documents, Diagnostic):
        return f"{documents.location}: {documents.detail}"
    reading = NodeReader(source)
    loaded = _document(reading, documents, policy_id)
    return loaded if loaded is not None and not reading.mistakes else reading.report()


def _document(reading: NodeReader, documents: tuple[Node, ...], policy_id: str) -> tuple[Meta, YamlCheck] | None:
    if len(documents) != 1:
        nowhere = Scalar("", True, 0, 0)
        reading.wrong(nowhere, f"the file has {len(documents)} YAML documents; a policy is one document")
        return None
    top = reading.mapping(documents[0], "a policy")
    if top is None:
        return None
    reading.keys(top, KEYS, "a policy")
    for name in REQUIRED:
        if top.get(name) is None:
            reading.wrong(top, f"a policy needs `{name}:`")
    options = tuple(_options(reading, top.get("options")))
    conditions = ConditionReader(reading, {option.name: option.default for option in options})
    body = _body(reading, conditions, top)
    meta = _meta(reading, top, policy_id, options)
    if meta is None:
        return None
    check_types(reading, top.get("on"), meta.on)
    check_paths(reading, conditions.paths, meta.on)
    return meta, YamlCheck(body)


def _body(reading: NodeReader, conditions: ConditionReader, top: Mapping) -> RuleSet:
    where = top.get("where")
    found = conditions.conditions(where, "`where`", "", (), 1) if where is not None else ()
    rules: list[PolicyRule] = []
    for mode in ("require", "forbid"):
        node = top.get(mode)
        if node is not None:
            rules += conditions.rules(node, "require" if mode == "require" else "forbid")
    if not any(top.get(name) for name in RULES):
        reading.wrong(top, "a policy needs `require:` or `forbid:`, a list of conditions")
    return RuleSet(found, tuple(rules), reading.line(where) if where is not None else 0)


def _meta(reading: NodeReader, top: Mapping, policy_id: str, options: tuple[Option, ...]) -> Meta | None:
    def text(name: str) -> str:
        node = top.get(name)
        return reading.text(node, f"`{name}`") if node is not None else ""

    def texts(name: str) -> tuple[str, ...]:
        node = top.get(name)
        return reading.texts(node, f"`{name}`") if node is not None else ()

    own = top.get("id")
    if own is not None and text("id") != policy_id:
        reading.wrong(own, f'`id` is "{text("id")}", but the folder is "{policy_id}"')
    severity = _severity(reading, top.get("severity"))
    meta = Meta(
        id=policy_id,
        title=text("title"),
        severity=severity or Severity.LOW,
        on=texts("on"),
        why=text("why"),
        fix=text("fix"),
        references=texts("references"),
        options=options,
        aliases=texts("aliases"),
        waivable=_flag(reading, top.get("waivable")),
    )
    return meta if severity is not None and meta.on else None


def _severity(reading: NodeReader, node: Node | None) -> Severity | None:
    if node is None:
        return None
    text = reading.text(node, "`severity`")
    known = [severity.value for severity in Severity]
    if text in known:
        return Severity(text)
    if text:
        hint = did_you_mean(text, known, HintForm.CODE_ASIDE)
        reading.wrong(node, f'there is no severity "{text}"{hint}; there are {", ".join(known)}')
    return None


def _flag(reading: NodeReader, node: Node | None) -> bool:
    value = scalar(node) if isinstance(node, Scalar) else None
    if node is not None and not isinstance(value, bool):
        reading.wrong(node, f"`waivable` must be true or false, but is {kind_of(node)}")
    return value if isinstance(value, bool) else True


def _options(reading: NodeReader, node: Node | None) -> Iterator[Option]:
    if node is None:
        return
    mapping = reading.mapping(node, "`options`")
    for key, value in mapping.pairs if mapping is not None else ():
        what = f"the option `{key.text}`"
        about = reading.mapping(value, what)
        if about is None:
            continue
        reading.keys(about, ("default", "description"), what)
        default = about.get("default")
        description = about.get("description")
        if default is None or description is None:
            reading.wrong(key, f"{what} needs `default:`, which sets its type, and `description:`")
            continue
        found: Any = plain(default)
        if found is None or (isinstance(found, list) and None in found):
            reading.wrong(default, f"the default of {what} must be a text, a number, true or false, or a list of these")
            continue
        yield Option(key.text, found, reading.text(description, "`description`"))
