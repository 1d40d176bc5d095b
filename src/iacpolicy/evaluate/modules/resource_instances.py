"""Instances of resources: their address, their block, and the value of references to them."""

from functools import cached_property

from iacpolicy.core.types import DYNAMIC, Type
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.modules.expansion import Repetition, conjunction
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.addresses import EveryInstance, Key, key_text, within
from iacpolicy.evaluate.values.identities import AttributeStep, BlockAt, IndexStep, PathStep, identity_of
from iacpolicy.evaluate.values.lazy import LazyObject, LazyValue, opened
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.evaluate.values.schema_values import default_value
from iacpolicy.evaluate.values.terms import Cause, Reason, Term, symbol
from iacpolicy.evaluate.values.value import EPHEMERAL, SENSITIVE, Value, unknown
from iacpolicy.schemas.schema import AttributeSchema, NestedAttributes, Schema
from iacpolicy.terraform.config import Mode, ResourceConfig
from iacpolicy.terraform.language import META_BLOCKS

_REASONS = {
    Mode.MANAGED: (Cause.COMPUTED, "known only after apply"),
    Mode.DATA: (Cause.DATA, "read from the provider"),
    Mode.EPHEMERAL: (Cause.EPHEMERAL, "opened at run time"),
}


class ResourceInstance:
    """One instance of a `resource`, `data` or `ephemeral` block.

    `made` is the condition of its own `count` or `for_each`. `exists` includes the condition of its module.
    """

    def __init__(
        self,
        config: ResourceConfig,
        repetition: Repetition,
        module_address: str,
        module_exists: Term | None,
        context: Context,
        session: Session,
    ) -> None:
        self.config = config
        self.key: Key = repetition.key
        self.made: Term | None = repetition.exists
        self.exists: Term | None = conjunction(module_exists, repetition.exists)
        self.address = within(module_address, config.address) + key_text(repetition.key)
        self.schema = _schema(config, session)
        self.body = BlockInstance(
            config.block,
            context.bound(repetition.bindings, self.address) if repetition.bindings else context,
            session,
            self.address,
            self.schema,
        )

    @property
    def is_symbolic(self) -> bool:
        return isinstance(self.key, EveryInstance)

    @cached_property
    def reference(self) -> Value:
        """Return the object that `type.name` refers to: written values, defaults, and unknown computed values."""
        names: set[str] = set(self.body.attribute_names) | set(self.body.block_types)
        if self.schema is not None:
            names.update(self.schema.attributes, self.schema.blocks)
        block = self.config.block
        origin = Origin(OriginKind.RESOURCE, self.address, block.source, block.node.start, block.node.header_end)
        open_ = None if self.schema is not None else self._computed
        marks = EPHEMERAL if self.config.mode is Mode.EPHEMERAL else 0
        return LazyValue(None, LazyObject(names, self._exported, open_), marks, (origin,))

    def _exported(self, name: str) -> Value:
        attribute = self.schema.attributes.get(name) if self.schema is not None else None
        written = self.body.attribute(name)
        if written is None and name in self.body.block_types and name not in META_BLOCKS:
            written = self.body.nested_value(name)
        if written is None and self.schema is not None and name in self.schema.blocks:
            written = self.body.nested_value(name)
        if attribute is None:
            # without a schema, the provider may set an attribute that is null
            is_open = written is None or (self.schema is None and written.is_null)
            if is_open or written is None:
                return self._computed(name)
            if self.schema is not None or self.body.argument(name) is None:
                return written
            # in JSON it may be a block, in which the provider sets the other attributes; an attribute is usually a
            # map, such as tags, but may be an object with other attributes
            may_be_block = self.config.block.holder(name).is_json
            return opened(written, lambda *path: self._computed(name, *path), is_whole=not may_be_block)
        if name == "output" and self.config.type == "terraform_data":
            return self._output()
        if attribute.write_only:
            return value.null(attribute.type)
        if written is not None and not (written.is_null and attribute.computed):
            if attribute.nested is not None:
                written = self._filled(written, attribute.nested, name, ())
            return written.marked(SENSITIVE) if attribute.sensitive else written
        default = default_value(attribute)
        if default is not None:
            return default
        # A data source often sets an optional argument too, and some schemas do not record that.
        if attribute.computed or (attribute.optional and self.config.mode is Mode.DATA):
            return self._computed(name)
        return value.null(attribute.type)

    def _filled(self, written: Value, nested: NestedAttributes, name: str, path: tuple[PathStep, ...]) -> Value:
        """Return an object of nested attributes where computed attributes replace null."""
        data = written.data
        if isinstance(data, dict) and nested.nesting == "single":
            parts = dict(data)
            for own, member in nested.attributes.items():
                part, below = parts.get(own), (*path, AttributeStep(own))
                if part is None:
                    continue
                if part.is_null and member.computed:
                    parts[own] = default_value(member) or self._computed(name, *below, type_=member.type)
                elif member.nested is not None:
                    parts[own] = self._filled(part, member.nested, name, below)
            return Value(written.type, parts, written.marks, written.origins)
        if isinstance(data, tuple) and nested.nesting == "list":
            one = NestedAttributes("single", nested.attributes)
            items = tuple(
                self._filled(item, one, name, (*path, IndexStep(Number(i), str(i)))) for i, item in enumerate(data)
            )
            return Value(written.type, items, written.marks, written.origins)
        return written

    def _output(self) -> Value:
        """Return the output of `terraform_data` before an apply: unknown with the type of its input, or null."""
        given = self._exported("input")
        return given if given.is_null else self._computed("output", type_=given.type)

    def _computed(self, name: str, *path: PathStep, type_: Type | None = None) -> Value:
        attribute: AttributeSchema | None = None
        if self.schema is not None and not path:
            attribute = self.schema.attributes.get(name)
        cause, what = _REASONS[self.config.mode]
        identity = identity_of(BlockAt(self.address, self.config.type), AttributeStep(name), *path)
        reason = Reason(cause, f"{identity.text} is {what}", self.config.block.header)
        marks = SENSITIVE if attribute is not None and attribute.sensitive else 0
        if type_ is None:
            type_ = attribute.type if attribute is not None else DYNAMIC
        return unknown(type_, symbol(identity, (reason,), bool(path) or name != "id"), (), marks)


def _schema(config: ResourceConfig, session: Session) -> Schema | None:
    match config.mode:
        case Mode.MANAGED:
            return session.catalogue.resource(config.type)
        case Mode.DATA:
            return session.catalogue.data(config.type)
        case Mode.EPHEMERAL:
            return session.catalogue.ephemeral(config.type)
