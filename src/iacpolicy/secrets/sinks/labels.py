"""What is said of a value by what stands beside it: a name, a type, a flag, the option before it."""

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.secrets.flow.syntax_queries import key_of
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.load import literal

# Blocks of a name and a value: flags that say it is a secret, and types by which it is the name of one.
_FLAGS = ("sensitive", "masked", "secret", "write_only", "is_secret")
_REFERRING = ("PARAMETER_STORE", "SECRETS_MANAGER")


def beside(block: ConfigBlock) -> Trust:
    """What a block says of its value by the name beside it (`name = "DB_PASSWORD"`), by a flag, or by its type."""
    attributes = block.attributes
    if any(isinstance(a.value, ast.Bool) and a.value.value for n, a in attributes.items() if n in _FLAGS):
        return Trust.SURE
    type_ = literal(attributes.get("type"))
    if type_ in _REFERRING:
        return Trust.LOOK
    if _says_secret(type_):
        return Trust.SURE
    label = next((text for n in ("name", "key") if (text := literal(attributes.get(n))) is not None), None)
    return trust_of(label) if isinstance(label, str) and len(attributes) > 1 else Trust.LOOK


def beside_in(node: ast.ObjectCons, source: SourceFile, around: str) -> Trust:
    """What an object says of its value in the same way; `around` is the name that the object itself has."""
    if _says_secret(_item(node, source, ("type",))):
        return Trust.SURE
    return trust_of(_item(node, source, ("name", "key")) or around)


def option(node: ast.Expression, source: SourceFile) -> str:
    """The name of an option that stands alone among the arguments of a command, without its dashes; else empty."""
    text = key_of(node, source) or ""
    return text.lstrip("-") if text.startswith("-") else ""


def _item(node: ast.ObjectCons, source: SourceFile, names: tuple[str, ...]) -> str | None:
    """What stands at the first of some keys, where it is a literal."""
    return next((key_of(item.value, source) for item in node.items if key_of(item.key, source) in names), None)


def _says_secret(type_: object) -> bool:
    """Whether what has a type and a value says by the type that the value is a secret (`secret_text`)."""
    return isinstance(type_, str) and type_.islower() and trust_of(type_) > Trust.LOOK
