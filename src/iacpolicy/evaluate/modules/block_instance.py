"""Evaluated blocks: attributes as values, and nested blocks with `dynamic` ones expanded."""

from collections.abc import Iterator
from functools import cached_property

from iacpolicy.core.spans import Span
from iacpolicy.core.types import DYNAMIC, Type
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.expansion import expand_dynamic
from iacpolicy.evaluate.modules.session import Session, bounded
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.completion import completed
from iacpolicy.evaluate.values.convert import convert, plain
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.identities import (
    AttributeStep,
    BlockAt,
    InstancesExist,
    PathStep,
    ProviderDefault,
    identity_of,
)
from iacpolicy.evaluate.values.lazy import LazyObject, LazyValue
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.evaluate.values.terms import Cause, Reason, Term, fact_symbol, symbol
from iacpolicy.evaluate.values.value import Value, unknown
from iacpolicy.hcl import ast
from iacpolicy.hcl.json_blocks import misfits
from iacpolicy.schemas.schema import AttributeSchema, BlockSchema, Schema
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.language import META_BLOCKS, NESTED_META_BLOCKS, meta_arguments
from iacpolicy.terraform.load import literal

MAX_NESTED = 2_000
MAX_DYNAMIC = 20_000  # in all blocks of a cell


class BlockInstance:
    """One block in one instance of its module; its values are evaluated on first use.

    `exists` is the condition under which the block exists, None if it always does. `marks` are added to all its values.
    `is_nested` is set inside of another block, where `lifecycle`, `count` and the like are ordinary names.
    """

    def __init__(
        self,
        block: ConfigBlock,
        context: Context,
        session: Session,
        address: str,
        schema: Schema | None = None,
        exists: Term | None = None,
        is_nested: bool = False,
        marks: int = 0,
    ) -> None:
        self.block = block
        self.context = context
        self.session = session
        self.address = address
        self.schema = schema
        self.exists = exists
        self.marks = marks
        self.meta_blocks = NESTED_META_BLOCKS if is_nested else META_BLOCKS
        self._meta_arguments = frozenset() if is_nested else meta_arguments(block.type)
        self._values: dict[str, Value] = {}
        self._blocks: dict[str, tuple[BlockInstance, ...]] = {}
        self._made: dict[str, int] = {}
        self._running: set[str] = set()

    @property
    def header(self) -> Span:
        return self.block.header

    def argument(self, name: str) -> Argument | None:
        """Return an attribute as it is written, None if it is absent."""
        argument = self.block.attributes.get(name)
        if argument is not None and self._is_json_block(name):
            return None
        return argument

    def _is_json_block(self, name: str) -> bool:
        if name in self.meta_blocks:
            return self.block.holder(name).is_json
        return self.schema is not None and name in self.schema.blocks and self.block.holder(name).is_json

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """Return the names of the written attributes without meta-arguments, in order."""
        return tuple(n for n in self.block.attributes if n not in self._meta_arguments and not self._is_json_block(n))

    @cached_property
    def block_types(self) -> tuple[str, ...]:
        """Return the types of the written nested blocks, those of `dynamic` included, in order."""
        found: dict[str, None] = {}
        for block in self.block.blocks:
            if block.type == "dynamic" and block.labels:
                found.setdefault(block.labels[0])
            elif block.type not in self.meta_blocks:
                found.setdefault(block.type)
        if self.block.is_json and self.schema is not None:
            for name in self.block.attributes:
                if name in self.schema.blocks:
                    found.setdefault(name)
            for block in self.block.nested("dynamic", 1):
                found.setdefault(block.labels[0])
        return tuple(found)

    def attribute(self, name: str) -> Value | None:
        """Return the value of a written attribute, converted to the schema's type; None if it is absent.

        An expression that Terraform would refuse is reported, and the value is unknown for that reason.

        Raises:
            EvaluationError: the attribute refers to itself.
        """
        argument = self.argument(name)
        if argument is None:
            return None
        if name not in self._values:
            if name in self._running:
                raise EvaluationError("Cycle", f"{self.address}.{name} refers to itself through other values.")
            self._running.add(name)
            try:
                self._values[name] = self._evaluated(name, argument)
            finally:
                self._running.discard(name)
        return self._values[name]

    def _evaluated(self, name: str, argument: Argument) -> Value:
        wanted = self.schema.attributes.get(name) if self.schema is not None else None
        place = (argument.source, argument.node.start, argument.node.end)
        try:
            value = bounded(lambda: evaluate(argument.value, self.context.within(argument.source)))
        except EvaluationError as error:
            error.place = error.place or place
            return self._refused(DYNAMIC, name, self._reported(error))
        if wanted is not None:
            try:
                value = convert(value, wanted.config_type)
            except ConversionError as error:
                error.place = error.place or place
                error.summary = "Incorrect attribute value type"
                error.detail = f'Inappropriate value for attribute "{name}": {error.detail}.'
                value = self._completed(name, value, wanted.config_type, self._reported(error))
        origin = Origin(
            OriginKind.ATTRIBUTE, name, argument.source, argument.node.start, argument.node.end, value.origins
        )
        return value.with_origins((origin,)).marked(self.marks)

    def _reported(self, error: EvaluationError) -> Reason:
        diagnostic = self.session.report(error)
        return Reason(Cause.ERROR, f"{diagnostic.summary}: {diagnostic.detail}", diagnostic.location)

    def _refused(self, type_: Type, name: str, reason: Reason, path: tuple[PathStep, ...] = ()) -> Value:
        return unknown(type_, symbol(identity_of(BlockAt(self.address), AttributeStep(name), *path), (reason,)))

    def _completed(self, name: str, value: Value, wanted: Type, reason: Reason) -> Value:
        """Return a value of a wrong type, where an object keeps its valid parts and the other parts are unknown."""
        whole = completed(value, wanted, lambda type_, path: self._refused(plain(type_), name, reason, path))
        try:
            return convert(whole, wanted)
        except ConversionError:
            return self._refused(DYNAMIC, name, reason)

    def blocks(self, type_: str) -> tuple["BlockInstance", ...]:
        """Return the nested blocks of a type in order, with `dynamic` ones expanded; a symbolic one has a condition."""
        if type_ not in self._blocks:
            self._blocks[type_] = tuple(self._nested(type_))
        return self._blocks[type_]

    def _nested(self, type_: str) -> Iterator["BlockInstance"]:
        schema = self._block_schema(type_)
        for block in self.block.blocks:
            if block.type == type_:
                yield self._inner(block, self.context, type_, schema, None)
            elif block.type == "dynamic" and block.labels == (type_,):
                yield from self._bounded(block, type_, schema)
        if self.block.is_json:
            if self.schema is not None and type_ in self.schema.blocks:
                self._report_misfits(type_, 0)
                for block in self.block.nested(type_):
                    yield self._inner(block, self.context, type_, schema, None)
            self._report_misfits("dynamic", 1)
            for block in self.block.nested("dynamic", 1):
                if block.labels == (type_,):
                    yield from self._bounded(block, type_, schema)

    def _bounded(self, block: ConfigBlock, type_: str, schema: Schema | None) -> Iterator["BlockInstance"]:
        """Yield the blocks of a dynamic block; past a limit, one symbolic block that represents the others."""
        is_reported = self.session.dynamic_blocks > MAX_DYNAMIC or self._made.get(type_, 0) > MAX_NESTED
        for instance in () if is_reported else self._dynamic(block, type_, schema):
            self._made[type_] = self._made.get(type_, 0) + 1
            self.session.dynamic_blocks += 1
            if self._made[type_] > MAX_NESTED or self.session.dynamic_blocks > MAX_DYNAMIC:
                break
            yield instance
        else:
            if not is_reported:
                return
        is_of_type = self._made.get(type_, 0) > MAX_NESTED
        many = f"{MAX_NESTED} blocks of type {type_}" if is_of_type else f"{MAX_DYNAMIC} blocks"
        problem = EvaluationError(
            "Too many nested blocks",
            f"The dynamic blocks make more than {many}; the others are not evaluated (limit: nested blocks).",
        )
        if not is_reported:
            self.session.report(problem, block.header)
        yield from self._symbolic(block, type_, schema, problem, Cause.LIMIT)

    def _symbolic(
        self, block: ConfigBlock, type_: str, schema: Schema | None, problem: EvaluationError, cause: Cause
    ) -> Iterator["BlockInstance"]:
        """Yield one symbolic block for any number of blocks; a problem is the reason why its iterator is unknown."""
        reason = Reason(cause, f"{problem.summary}: {problem.detail}", block.header)
        any_exist = fact_symbol(InstancesExist(f"{self.address}.{type_}"), reason)
        each = values.object_of({"key": unknown(DYNAMIC, any_exist), "value": unknown(DYNAMIC, any_exist)})
        bound = self.context.bound({_iterator_name(block) or type_: each}, type_)
        for content in block.nested("content"):
            yield self._inner(content, bound, type_, schema, any_exist)
            return

    def _report_misfits(self, type_: str, labels: int) -> None:
        """Report each JSON value that is no block in a place for a block."""
        argument = self.block.attributes.get(type_)
        if argument is None or not self.block.holder(type_).is_json:
            return
        for node in misfits(argument.value, labels):
            problem = EvaluationError(
                "JSON object expected",
                f'A block "{type_}" in JSON is an object, or a list of objects. This is neither.',
            )
            problem.place = (argument.source, node.start, node.end)
            self.session.report(problem)

    def _block_schema(self, type_: str) -> Schema | None:
        if self.schema is None:
            return None
        found = self.schema.blocks.get(type_)
        if found is not None:
            return found.schema
        attribute = self.schema.attributes.get(type_)
        return attribute.as_block if attribute is not None else None

    def _inner(
        self,
        block: ConfigBlock,
        context: Context,
        type_: str,
        schema: Schema | None,
        exists: Term | None,
        marks: int = 0,
    ) -> "BlockInstance":
        address, inner = f"{self.address}.{type_}", context.within(block.source)
        return BlockInstance(block, inner, self.session, address, schema, exists, True, self.marks | marks)

    def _dynamic(self, block: ConfigBlock, type_: str, schema: Schema | None) -> Iterator["BlockInstance"]:
        """Yield the blocks that a dynamic block makes.

        https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
        """
        content = block.nested("content")
        if not content or "for_each" not in block.attributes:
            missing = "a content block" if not content else "the argument for_each"
            self.session.report(
                EvaluationError("Incomplete dynamic block", f'The dynamic block "{type_}" needs {missing}.'),
                block.header,
            )
            return
        iterator = _iterator_name(block) or type_
        address = f"{self.address}.{type_}"
        try:
            repetitions = expand_dynamic(block, self.context.within(block.source), address)
        except EvaluationError as error:
            self.session.report(error, block.header)
            yield from self._symbolic(block, type_, schema, error, Cause.ERROR)
            return
        for repetition in repetitions:
            each = repetition.bindings["each"]
            context = self.context.bound({iterator: each}, f"{type_}{repetition.key}")
            yield self._inner(content[0], context, type_, schema, repetition.exists, repetition.marks)

    def value(self) -> Value:
        """Return the whole block as an object; parts of the schema that are not written are null or empty."""
        found: dict[str, Value] = {}
        if self.schema is not None:
            for name, attribute in self.schema.attributes.items():
                found[name] = self._provider_value(name, attribute)
        for name in self.attribute_names:
            value = self.attribute(name)
            if value is None:
                continue
            if value.is_null:  # with null, the provider decides the value
                if name not in found:
                    found[name] = self._provider_value(name, None)
                continue
            found[name] = value
        types = dict.fromkeys((*(self.schema.blocks if self.schema is not None else ()), *self.block_types))
        for type_ in types:
            found[type_] = self.nested_value(type_)
        return values.object_of(found)

    def open_value(self) -> Value:
        """Return the block for references where there is no schema: other attributes may exist, known after apply."""
        whole = self.value()
        known = LazyObject(whole.data, whole.data.__getitem__, lambda name: self._provider_value(name, None))
        return LazyValue(whole.type, known, whole.marks, whole.origins)

    def _provider_value(self, name: str, attribute: AttributeSchema | None) -> Value:
        """Return an attribute that is not written: null if it has a schema and is not computed, else unknown."""
        if attribute is not None and not attribute.computed:
            return values.null(attribute.type)
        fact = ProviderDefault(self.address, name, self.context.place(self.block.node.start))
        reason = Reason(Cause.COMPUTED, f"{fact.text} is known only after apply", self.header)
        return unknown(attribute.type if attribute is not None else DYNAMIC, fact_symbol(fact, reason))

    def nested_value(self, type_: str) -> Value:
        """Return the nested blocks of a type as one value: by the nesting of the schema, else a tuple."""
        instances = self.blocks(type_)
        nested: BlockSchema | AttributeSchema | None = None
        if self.schema is not None:
            nested = self.schema.blocks.get(type_) or self.schema.attributes.get(type_)
        symbolic = [b for b in instances if b.exists is not None]
        if symbolic and symbolic[0].exists is not None:
            return unknown(nested.type if nested is not None else DYNAMIC, symbolic[0].exists)
        parts = [b.value() if b.schema is not None else b.open_value() for b in instances]
        whole: Value = values.tuple_of(parts)
        if isinstance(nested, BlockSchema):
            if nested.nesting == "group" and not parts:
                return values.object_of({name: values.null(type_) for name, type_ in nested.schema.type.attributes})
            if nested.nesting in ("single", "group"):
                return parts[0] if parts else values.null(nested.schema.type)
            if nested.nesting == "map":
                labels = [b.block.labels[0] if b.block.labels else "" for b in instances]
                whole = values.object_of(dict(zip(labels, parts, strict=True)))
        if nested is None:
            return whole
        try:
            return convert(whole, nested.type)
        except ConversionError:
            return whole


def _iterator_name(block: ConfigBlock) -> str | None:
    argument = block.attributes.get("iterator")
    if argument is None:
        return None
    if isinstance(argument.value, ast.Name):
        return argument.value.name
    return literal(argument)
