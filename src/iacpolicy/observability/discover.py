"""Rule files and dashboards of a repository, found by their content."""

from collections.abc import Callable
from typing import Final

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, warning
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import Tree, decode
from iacpolicy.observability.decode import InvalidJson
from iacpolicy.observability.decode import decode as decode_json
from iacpolicy.observability.file_kinds import Known
from iacpolicy.observability.grafana.dashboards import dashboard_of, is_dashboard
from iacpolicy.observability.monitors import Dashboard, JsonPath, Rule

YAML: Final = (".yaml", ".yml", ".rules")
JSON: Final = ".json"

_RULE_WORDS: Final = (b"groups", b"rules", b"expr")
_DASHBOARD_WORDS: Final = (b'"panels"', b'"targets"')


class MonitoringFiles(msgspec.Struct):
    """The rules and dashboards in a repository's files, by path, and the problems of those files."""

    rules: dict[str, tuple[Rule, ...]] = msgspec.field(default_factory=dict)
    dashboards: dict[str, Dashboard] = msgspec.field(default_factory=dict)
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)


def discover(tree: Tree, is_selected: Callable[[str], bool], known: Known) -> MonitoringFiles:
    """Return the rules and dashboards in the selected files; a file without their keywords is not parsed."""
    found = MonitoringFiles()
    for path in tree.paths():
        is_yaml = path.endswith(YAML)
        if not (is_yaml or (path.endswith(JSON) and not path.endswith(".tf.json"))) or not is_selected(path):
            continue
        source = _candidate(tree, path, _RULE_WORDS if is_yaml else _DASHBOARD_WORDS)
        if isinstance(source, Diagnostic):
            found.diagnostics.append(source)
        elif source is not None and is_yaml:
            _take_rules(source, found)
        elif source is not None:
            _take_dashboard(source, found, known)
    return found


def _candidate(tree: Tree, path: str, words: tuple[bytes, ...]) -> SourceFile | Diagnostic | None:
    """Return the file, or why it cannot be decoded; None where it cannot be read or does not hold all the words."""
    data = tree.read_bytes(path)
    if isinstance(data, Diagnostic) or not all(word in data for word in words):
        return None
    return decode(path, data)


def _take_rules(source: SourceFile, found: MonitoringFiles) -> None:
    # PyYAML takes longer to import than most repositories take to be read
    from iacpolicy.core.places import yaml_marks
    from iacpolicy.observability.rules import rules_of

    documents = yaml_marks.read(source)
    if isinstance(documents, Diagnostic):
        found.diagnostics.append(_template(source, documents))
        return
    rules = rules_of(source, documents)
    if rules:
        found.rules[source.path] = rules


def _template(source: SourceFile, problem: Diagnostic) -> Diagnostic:
    """Return the diagnostic for a text that is no YAML: a warning for a template of Helm, else an error."""
    if not any(line.lstrip().startswith("{{") for line in source.text.split("\n")):
        return problem
    detail = f"{source.path} becomes YAML only when it is rendered, so its rules were not checked. Render it first."
    return warning("Rule file is a template", detail, file_start(source.path))


def _take_dashboard(source: SourceFile, found: MonitoringFiles, known: Known) -> None:
    if '"schemaVersion"' not in source.text and '"uid"' not in source.text:
        return
    try:
        document = decode_json(source.text)
    except InvalidJson as problem:
        detail = f"{source.path} was not checked: {problem}. Correct the file."
        found.diagnostics.append(error("Dashboard is not valid JSON", detail, file_start(source.path)))
        return
    if is_dashboard(document):
        found.dashboards[source.path] = dashboard_of(document, lambda steps: JsonPath(source, steps), known)
