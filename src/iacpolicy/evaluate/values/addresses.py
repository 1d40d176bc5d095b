"""Instance keys and addresses: `module.shop["eu"].aws_s3_bucket.images[0]`.

https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from typing import Final, TypeAlias

from iacpolicy.evaluate.values.quoting import quote


class EveryInstance:
    """The key of the symbolic instance that represents all instances, if `count` or `for_each` is unknown."""

    def __repr__(self) -> str:
        return "EVERY"


EVERY: Final = EveryInstance()
Key: TypeAlias = int | str | EveryInstance | None


_SYMBOLIC: Final = "[*]"


def key_text(key: Key) -> str:
    """Return a key as it is written in an address: `[0]`, `["eu"]`, `[*]` or empty."""
    if key is None:
        return ""
    if isinstance(key, EveryInstance):
        return _SYMBOLIC
    return f"[{key}]" if isinstance(key, int) else f"[{quote(key)}]"


def key_order(key: Key) -> tuple[int, int, str]:
    """Return the sort key of an instance key in Terraform's order: none, numbers by value, strings by text."""
    if key is None:
        return (0, 0, "")
    if isinstance(key, int):
        return (1, key, "")
    if isinstance(key, str):
        return (2, 0, key)
    return (3, 0, "")


def within(module: str, address: str) -> str:
    """Return the address of an object in a module; the address of the root module is empty."""
    return f"{module}.{address}" if module else address


def represents_many(address: str) -> bool:
    """Report whether an address has the key of a symbolic instance, `[*]`, at any level."""
    return _SYMBOLIC in address


def without_symbolic_key(address: str) -> str:
    """Return the address of the block that a symbolic instance belongs to; other addresses unchanged."""
    return address.removesuffix(_SYMBOLIC)


def without_keys(address: str) -> str:
    """Return an address or path without the keys in its brackets."""
    out: list[str] = []
    depth = 0
    quoted = False
    previous = ""
    for char in address:
        if char == '"' and depth and previous != "\\":
            quoted = not quoted
        if char == "[" and not quoted:
            depth += 1
        if not depth:
            out.append(char)
        if char == "]" and not quoted and depth:
            depth -= 1
        previous = char
    return "".join(out)
