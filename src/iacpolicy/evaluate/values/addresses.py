"""Instance keys and addresses: `module.shop["eu"].aws_s3_bucket.images[0]`.

https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from typing import Final, TypeAlias

from iacpolicy.evaluate.values.rendering import quote


class Every:
    """The key of the one symbolic instance that stands for all, where `count` or `for_each` is not known."""

    def __repr__(self) -> str:
        return "EVERY"


EVERY: Final = Every()
Key: TypeAlias = int | str | Every | None


def key_text(key: Key) -> str:
    """`[0]`, `["eu"]`, `[*]`, or nothing."""
    if key is None:
        return ""
    if isinstance(key, Every):
        return "[*]"
    return f"[{key}]" if isinstance(key, int) else f"[{quote(key)}]"


def key_order(key: Key) -> tuple[int, int, str]:
    """Sorts keys as Terraform does: none, numbers by value, strings by text."""
    if key is None:
        return (0, 0, "")
    if isinstance(key, int):
        return (1, key, "")
    if isinstance(key, str):
        return (2, 0, key)
    return (3, 0, "")


def within(module: str, address: str) -> str:
    """An address in a module, the root's address being empty."""
    return f"{module}.{address}" if module else address
