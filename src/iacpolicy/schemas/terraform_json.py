"""Reading of the output of `terraform providers schema -json` into the recorded form.

The format: https://developer.hashicorp.com/terraform/cli/commands/providers/schema#format-summary
"""

from collections.abc import Mapping
from typing import Any

from iacpolicy.schemas.recorded import FLAGS, from_recorded
from iacpolicy.schemas.wire import ProviderRecord, SchemaError

_MAX_DEPTH = 60
_SECTIONS = {
    "resources": "resource_schemas",
    "data_sources": "data_source_schemas",
    "ephemeral_resources": "ephemeral_resource_schemas",
}


def from_terraform_document(document: Any) -> list[ProviderRecord]:
    """Return every provider that the document describes. It does not contain their versions.

    Raises:
        SchemaError: the document has another form or format version.
    """
    if not isinstance(document, dict) or not isinstance(document.get("provider_schemas"), dict):
        raise SchemaError("not the output of `terraform providers schema -json`: it has no provider_schemas")
    version = str(document.get("format_version", ""))
    if not version.startswith(("0.", "1.")):
        raise SchemaError(f"format version {version or 'unknown'} of provider schemas, but 1.x is expected")
    return [_provider(address, body) for address, body in sorted(document["provider_schemas"].items())]


def _provider(address: str, body: Any) -> ProviderRecord:
    host, _, name = address.partition("/")
    try:
        recorded: dict[str, Any] = {
            "provider": name if host in ("registry.terraform.io", "registry.opentofu.org") else address,
            "version": "builtin" if host == "terraform.io" else "unknown",
            "how": "terraform providers schema -json",
            "functions": {k: _function(f) for k, f in (body.get("functions") or {}).items()},
        }
        if body.get("provider"):
            recorded["provider_config"] = _typed(body["provider"])
        for ours, theirs in _SECTIONS.items():
            recorded[ours] = {k: _typed(s) for k, s in (body.get(theirs) or {}).items()}
    except (KeyError, TypeError, AttributeError) as problem:
        raise SchemaError(f"the schema of {address} is not of the expected form: {problem!r}") from None
    return from_recorded(recorded)


def _typed(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**_body(schema.get("block") or {}, 0), "version": schema.get("version", 0)}


def _body(block: Mapping[str, Any], depth: int) -> dict[str, Any]:
    _bound(depth)
    return {
        "attributes": {k: _attribute(a, depth) for k, a in (block.get("attributes") or {}).items()},
        "blocks": {k: _block(b, depth) for k, b in (block.get("block_types") or {}).items()},
        "deprecated": block.get("deprecated", False),
    }


def _attribute(spec: Mapping[str, Any], depth: int) -> dict[str, Any]:
    _bound(depth)
    out: dict[str, Any] = {flag: True for flag in FLAGS if spec.get(flag)}
    if "nested_type" in spec:
        nested = spec["nested_type"]
        members = {k: _attribute(a, depth + 1) for k, a in nested["attributes"].items()}
        out["nested"] = {"nesting": nested["nesting_mode"], "attributes": members}
    else:
        out["type"] = spec["type"]
    return out


def _block(spec: Mapping[str, Any], depth: int) -> dict[str, Any]:
    return {
        "nesting": spec["nesting_mode"],
        "min": spec.get("min_items", 0),
        "max": spec.get("max_items", 0),
        "block": _body(spec.get("block") or {}, depth + 1),
    }


def _function(spec: Mapping[str, Any]) -> dict[str, Any]:
    out = {"returns": spec["return_type"], "parameters": list(map(_parameter, spec.get("parameters") or ()))}
    if spec.get("variadic_parameter"):
        out["variadic"] = _parameter(spec["variadic_parameter"])
    return out


def _parameter(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": spec["name"], "type": spec["type"], "nullable": spec.get("is_nullable", False)}


def _bound(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise SchemaError(f"more than {_MAX_DEPTH} levels of nesting in a schema")
