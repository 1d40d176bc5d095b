"""Modules in JSON: types in strings, nested and dynamic blocks by the schema, and reports of invalid blocks."""

import json
from typing import Any

from tests.support.modules import root_of

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.rendering import display


def module(resources: dict[str, Any], **beside: Any) -> ModuleInstance:
    """Return a root module of one JSON file."""
    return root_of({"main.tf.json": json.dumps({"resource": resources, **beside}, indent=1)})


def test_dynamic_blocks_expand() -> None:
    """A dynamic block in JSON makes the same blocks as in the native syntax."""
    content = {"from_port": "${ingress.value}", "to_port": "${ingress.value + 1}", "protocol": "tcp"}
    dynamic = {"ingress": {"for_each": "${var.ports}", "content": content}}
    ports = {"ports": {"type": "list(number)", "default": ["1", 2]}}
    root = module({"aws_security_group": {"x": {"dynamic": dynamic}}}, variable=ports)
    (group,) = root.resources()
    assert group.body.attribute_names == ()
    ingress = [
        {k: str(v.data) for k, v in one.data.items() if not v.is_null} for one in group.reference.data["ingress"].data
    ]
    assert ingress == [{"from_port": f, "protocol": "tcp", "to_port": t} for f, t in (("1", "2"), ("2", "3"))]
    assert not root.session.problems


def test_nested_blocks_follow_the_schema() -> None:
    """A list of objects is as many blocks, at every level."""
    rule = {"enabled": True, "transition": [{"days": 1, "storage_class": "A"}, {"days": 2, "storage_class": "B"}]}
    root = module({"aws_s3_bucket": {"b": {"bucket": "x", "lifecycle_rule": rule}}})
    (bucket,) = root.resources()
    (only,) = bucket.body.blocks("lifecycle_rule")
    assert [display(b.attribute("days")) for b in only.blocks("transition")] == ["1", "2"]  # type: ignore[arg-type]


def test_invalid_blocks_are_reported() -> None:
    """A value that is not an object is reported with its line where a block is expected."""
    root = module({"aws_s3_bucket": {"b": {"bucket": "x", "lifecycle_rule": [1, {"enabled": True}]}}})
    (bucket,) = root.resources()
    assert len(bucket.body.blocks("lifecycle_rule")) >= 1
    (problem,) = root.session.problems.values()
    assert problem.summary == "JSON object expected"
    assert problem.location is not None
    assert problem.location.path == "main.tf.json"


def test_types_with_defaults() -> None:
    """A type in a JSON string has defaults of optional attributes, and an invalid type is reported at its line."""
    typed = {"type": 'object({ a = optional(number, 3), b = optional(string, "x") })', "default": {}}
    root = module({}, variable={"o": typed, "w": {"type": "list(nothing)"}})
    assert display(root.variable("o")) == '{a = 3, b = "x"}'
    assert not root.session.problems
    root.variable("w")
    (problem,) = root.session.problems.values()
    assert problem.location is not None
    assert problem.location.line == 9
