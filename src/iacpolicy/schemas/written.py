"""Schemas written by hand from a provider's documentation, in TOML.

An attribute is `name = "TYPE FLAG…"`, its type as in a configuration without spaces (`string`, `list(string)`). A
default is in the type's `defaults`. A nested attribute or block has a table of its own, in which `nested.NAME.nesting`
or `blocks.NAME.nesting` is the nesting mode.
"""

import re
from collections.abc import Mapping
from typing import Any

from iacpolicy.schemas.recorded import FLAGS, from_recorded
from iacpolicy.schemas.wire import ProviderRecord, SchemaError

_TYPE = re.compile(r"(list|set|map)\((.+)\)")
_SECTIONS = {"resource": "resources", "data": "data_sources", "ephemeral": "ephemeral_resources"}


def from_written(document: Mapping[str, Any]) -> ProviderRecord:
    """Return one provider from its written form.

    Raises:
        SchemaError: the document is not of that form.
    """
    recorded: dict[str, Any] = {key: document[key] for key in ("provider", "version", "how")}
    for ours, theirs in _SECTIONS.items():
        recorded[theirs] = {name: _body(body) for name, body in document.get(ours, {}).items()}
    if "config" in document:
        recorded["provider_config"] = _body(document["config"])
    recorded["functions"] = {name: _function(spec) for name, spec in document.get("function", {}).items()}
    return from_recorded(recorded)


def _body(body: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {k: _attribute(spec) for k, spec in body.items() if isinstance(spec, str)}
    for name, nested in body.get("nested", {}).items():
        flags = dict.fromkeys(nested["flags"].split(), True)
        inner = {"nesting": nested["nesting"], "attributes": _body(nested["members"])["attributes"]}
        attributes[name] = {"nested": inner, **flags}
    for name, value in body.get("defaults", {}).items():
        attributes[name]["default"] = value
    for name, values in body.get("one_of", {}).items():
        attributes[name]["one_of"] = values
    blocks = {
        name: {**{k: spec[k] for k in ("nesting", "min", "max") if k in spec}, "block": _body(spec["body"])}
        for name, spec in body.get("blocks", {}).items()
    }
    return {"attributes": attributes, "blocks": blocks}


def _attribute(spec: str) -> dict[str, Any]:
    type_, *flags = spec.split()
    unknown = set(flags) - set(FLAGS)
    if unknown:
        raise SchemaError(f"unknown flags {sorted(unknown)} in {spec!r}")
    return {"type": _type(type_), **dict.fromkeys(flags, True)}


def _type(text: str) -> Any:
    collection = _TYPE.fullmatch(text)
    if collection is None:
        return "dynamic" if text == "any" else text
    return [collection[1], _type(collection[2])]


def _function(spec: Mapping[str, Any]) -> dict[str, Any]:
    returns = spec["returns"]
    parameters = [{"name": name, "type": _type(type_)} for name, type_ in spec["parameters"].items()]
    return {"parameters": parameters, "returns": _type(returns) if isinstance(returns, str) else returns}
