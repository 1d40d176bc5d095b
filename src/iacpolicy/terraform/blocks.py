"""Blocks and attributes with their files, override files merged in.

https://developer.hashicorp.com/terraform/language/files/override: an attribute of an override replaces the original's,
nested blocks of a type replace all the original's of that type.
"""

from functools import cached_property

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.hcl import ast
from iacpolicy.hcl.json_blocks import blocks_of
from iacpolicy.hcl.shared.text import template_text


class Argument(msgspec.Struct, frozen=True):
    """An attribute of a block and its file."""

    source: SourceFile
    node: ast.Attribute

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def value(self) -> ast.Expression:
        return self.node.value

    @property
    def span(self) -> Span:
        """The range from the name to the end of the value."""
        return self.source.span(self.node.start, self.node.end)


class ConfigBlock:
    """A block of the configuration: header, attributes by name, nested blocks in order."""

    def __init__(self, source: SourceFile, node: ast.Block, overrides: tuple["ConfigBlock", ...] = ()) -> None:
        self.source = source
        self.node = node
        self.overrides = overrides

    def __repr__(self) -> str:
        return f"ConfigBlock({self.type} {' '.join(self.labels)} at {self.header})"

    @property
    def type(self) -> str:
        return self.node.type

    @property
    def labels(self) -> tuple[str, ...]:
        return self.node.labels

    @property
    def header(self) -> Span:
        """The range from the type to before the opening brace: the place of a problem with an absent argument."""
        return self.source.span(self.node.start, self.node.header_end)

    @property
    def is_json(self) -> bool:
        return self.node.body.json

    @cached_property
    def attributes(self) -> dict[str, Argument]:
        """The attributes by name, those of overrides in place of the original's."""
        found = {a.name: Argument(self.source, a) for a in self.node.body.attributes}
        for override in self.overrides:
            found.update(override.attributes)
        return found

    @cached_property
    def blocks(self) -> tuple["ConfigBlock", ...]:
        """The nested blocks of the native syntax in order; those of a JSON body are found only by `nested`."""
        found = tuple(ConfigBlock(self.source, b) for b in self.node.body.blocks)
        for override in self.overrides:
            replaced = {_overridden_type(b) for b in override.blocks}
            if override.is_json:
                replaced.update(override.attributes)
            merged = [b for b in found if b.type == "lifecycle" and "lifecycle" in replaced]
            found = tuple(b for b in found if _overridden_type(b) not in replaced)
            found += tuple(_merged_lifecycle(merged, b) if b.type == "lifecycle" else b for b in override.blocks)
        return found

    def nested(self, type_: str, labels: int = 0) -> tuple["ConfigBlock", ...]:
        """Return the nested blocks of one type, in order; in a JSON body, the objects at that name."""
        found = tuple(b for b in self.blocks if b.type == type_)
        argument = self.attributes.get(type_)
        holder = self.holder(type_)
        if argument is not None and holder.is_json and not any(b.source is not holder.source for b in found):
            found += tuple(ConfigBlock(argument.source, b) for b in blocks_of(argument.value, type_, labels))
        return found

    def holder(self, name: str) -> "ConfigBlock":
        """Return the block, this one or an override of it, in which an attribute is written."""
        for override in reversed(self.overrides):
            if name in override.attributes:
                return override
        return self


def _merged_lifecycle(originals: list[ConfigBlock], override: ConfigBlock) -> ConfigBlock:
    """Return a `lifecycle` block merged into the original one, argument by argument."""
    if not originals:
        return override
    original = originals[0]
    return ConfigBlock(original.source, original.node, (*original.overrides, override))


def _overridden_type(block: ConfigBlock) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def literal(argument: Argument | None) -> str | None:
    """Return the text of an argument that is written as a plain string, else None."""
    if argument is None or not isinstance(argument.value, ast.Template):
        return None
    return template_text(argument.value, argument.source.text)
