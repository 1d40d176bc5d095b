"""The result of each stage of the flow as a document."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.terms import Cause, reasons
from iacpolicy.evaluate.values.value import Value, unknown_terms
from iacpolicy.graph.formats import to_json
from iacpolicy.graph.nodes import Node
from iacpolicy.hcl.dump import dump
from iacpolicy.pipeline.commands.eval_expressions import plain
from iacpolicy.pipeline.commands.taint_masking import masked, with_placeholders
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare, read_errors
from iacpolicy.pipeline.scan import scan
from iacpolicy.report import FORMATS
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.roots import is_within


def show(request: Request, stage: str, as_document: bool) -> tuple[str, tuple[str, ...]]:
    """Return one stage as text, either indented JSON or indented lines, and a line for each read error."""
    if stage == "findings":
        scanned_whole = scan(request)
        text = FORMATS["json" if as_document else "text"](scanned_whole.report)
        return text, read_errors(scanned_whole.prepared)
    scanned = prepare(request)
    document = STAGES[stage](scanned)
    others = with_placeholders(scanned) if stage == "values" else None
    if others is not None:
        document = masked(document, _values(others))
    text = json.dumps(document, indent=2, ensure_ascii=False) if as_document else "\n".join(_lines(document, ""))
    return scanned.redactor.text(text) + "\n", read_errors(scanned)


def _ast(scanned: Prepared) -> dict[str, Any]:
    files = scanned.evaluated.files
    found: dict[str, Any] = {}
    for directory, paths in files.directories.items():
        for path in paths:
            if any(is_within(path, s) for s in scanned.request.paths) or directory in scanned.evaluated.roots:
                parsed = files.parsed(path)
                if parsed is not None:
                    found[path] = dump(parsed[1], scanned.redactor.source(parsed[0]))
    return found


def _modules(scanned: Prepared) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for graph in scanned.graphs:
        pending = [graph.root] if graph.root is not None else []
        while pending:
            instance = pending.pop()
            found.setdefault(instance.module.directory or ".", _module(instance.module))
            pending.extend(instance.children())
    cells = [msgspec.to_builtins(g.cell) for g in scanned.graphs]
    return {
        "roots": [r or "." for r in scanned.evaluated.roots],
        "cells": cells,
        "modules": dict(sorted(found.items())),
    }


def _module(module: Module) -> dict[str, Any]:
    return {
        "files": [f.path for f in module.files],
        "backend": module.backend.type if module.backend is not None else None,
        "variables": sorted(module.variables),
        "locals": sorted(module.locals),
        "outputs": sorted(module.outputs),
        "resources": sorted(module.resources),
        "calls": {name: call.source for name, call in sorted(module.calls.items())},
        "providers": sorted(module.providers),
    }


def _values(scanned: Prepared) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for graph in scanned.graphs:
        name = f"{graph.cell.root or '.'} ({graph.cell.workspace})"
        cells[name] = {n.address: _node(n, scanned) for n in graph.nodes if n.module is not None and n.kind != "root"}
    return cells


def _node(node: Node, scanned: Prepared) -> Any:
    module = node.module
    assert module is not None
    match node.kind:
        case "variable":
            return _plain(module.variable(node.name), scanned)
        case "local":
            return _plain(module.local(node.name), scanned)
        case "output":
            return _plain(module.output(node.name), scanned)
    return _block(node.body, scanned) if node.body is not None else None


def _block(body: BlockInstance, scanned: Prepared) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in body.attribute_names:
        value = body.attribute(name)
        if value is not None:
            found[name] = _plain(value, scanned)
    for type_ in body.block_types:
        found[type_] = [_block(b, scanned) for b in body.blocks(type_)]
    return found


def _plain(value: Value, scanned: Prepared) -> Any:
    if not value.is_settled:
        from iacpolicy.evaluate.values.rendering import display

        refused = [r.text for term in unknown_terms(value) for r in reasons(term) if r.cause is Cause.ERROR]
        return f"(unknown: {display(value)}{f': {refused[0]}' if refused else ''})"
    if value.marks:
        return "(sensitive)"
    data = value.data
    if isinstance(data, dict):
        return {k: _plain(v, scanned) for k, v in data.items()}
    if isinstance(data, tuple):
        return [_plain(v, scanned) for v in data]
    result = plain(value, scanned.redactor)
    return float(str(data)) if isinstance(result, msgspec.Raw) else result


def _graph(scanned: Prepared) -> Any:
    return json.loads(to_json(scanned.graphs, True))


def _lines(document: Any, indent: str) -> list[str]:
    if isinstance(document, dict):
        lines: list[str] = []
        for key, value in document.items():
            if isinstance(value, dict | list) and value:
                lines += [f"{indent}{key}:", *_lines(value, indent + "  ")]
            else:
                lines.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}")
        return lines
    if isinstance(document, list):
        lines = []
        for value in document:
            if isinstance(value, dict | list) and value:
                inner = _lines(value, indent + "  ")
                lines += [f"{indent}- {inner[0].strip()}", *inner[1:]]
            else:
                lines.append(f"{indent}- {json.dumps(value, ensure_ascii=False)}")
        return lines
    return [f"{indent}{json.dumps(document, ensure_ascii=False)}"]


STAGES: Mapping[str, Callable[[Prepared], Any]] = {
    "ast": _ast,
    "modules": _modules,
    "values": _values,
    "graph": _graph,
    "findings": lambda scanned: scanned,
}
