"""The trust in a value by its siblings: a name, a type, a flag, or the option before it."""

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.secrets.flow.syntax_queries import key_of
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.load import literal

# For blocks with a name and a value: flags of a secret value, and types whose value is the name of a secret.
_FLAGS = ("sensitive", "masked", "secret", "write_only", "is_secret")
_REFERRING = ("PARAMETER_STORE", "SECRETS_MANAGER")


def trust_from_block(block: ConfigBlock) -> Trust:
    """Return the trust in the value of a block by its name (`name = "DB_PASSWORD"`), a flag, or its type."""
    attributes = block.attributes
    if any(isinstance(a.value, ast.Bool) and a.value.value for n, a in attributes.items() if n in _FLAGS):
        return Trust.SURE
    type_ = literal(attributes.get("type"))
    if type_ in _REFERRING:
        return Trust.NONE
    if _is_secret_type(type_):
        return Trust.SURE
    label = next((text for n in ("name", "key") if (text := literal(attributes.get(n))) is not None), None)
    return trust_of(label) if isinstance(label, str) and len(attributes) > 1 else Trust.NONE


def trust_from_object(node: ast.ObjectCons, source: SourceFile, around: str) -> Trust:
    """Return the trust in the value of an object by its name or type; `around` is the key of the object."""
    if _is_secret_type(_item(node, source, ("type",))):
        return Trust.SURE
    return trust_of(_item(node, source, ("name", "key")) or around)


def option_name(node: ast.Expression, source: SourceFile) -> str:
    """Return the name of a command option without its dashes; empty if the argument is no option."""
    text = key_of(node, source) or ""
    return text.lstrip("-") if text.startswith("-") else ""


def _item(node: ast.ObjectCons, source: SourceFile, names: tuple[str, ...]) -> str | None:
    """Return the value of the first of some keys, if it is a literal."""
    return next((key_of(item.value, source) for item in node.items if key_of(item.key, source) in names), None)


def _is_secret_type(type_: object) -> bool:
    """Return whether a type is that of a secret value, such as `secret_text`."""
    return isinstance(type_, str) and type_.islower() and trust_of(type_) > Trust.NONE
