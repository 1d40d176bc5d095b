"""Override files: their blocks are merged into the blocks they name.

https://developer.hashicorp.com/terraform/language/files/override
"""

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.terraform.blocks import ConfigBlock, literal
from iacpolicy.terraform.language import BLOCKS


def merged(blocks: list[ConfigBlock], overriding: list[ConfigBlock]) -> tuple[list[ConfigBlock], list[Diagnostic]]:
    """Return the blocks with those of override files merged into the ones they name, and the diagnostics."""
    result = list(blocks)
    diagnostics: list[Diagnostic] = []
    if not overriding:
        return result, diagnostics
    places: dict[tuple[str, ...], int] = {}
    for index, block in enumerate(blocks):
        places.setdefault((block.type, *_identity(block)), index)
    for override in overriding:
        if override.type in ("terraform", "locals"):
            result.append(override)
            continue
        place = places.get((override.type, *_identity(override)))
        if not BLOCKS[override.type].is_overridable:
            diagnostics.append(
                error(
                    f'Cannot override "{override.type}" blocks',
                    f'A "{override.type}" block is allowed only in a normal file, not in an override file.',
                    override.header,
                )
            )
        elif place is not None:
            block = result[place]
            result[place] = ConfigBlock(block.source, block.node, (*block.overrides, override))
        else:
            diagnostics.append(
                error(
                    f"Missing {override.type} to override",
                    f"There is no {override.type} {'.'.join(override.labels)} in the configuration for this block "
                    "of an override file to change.",
                    override.header,
                )
            )
    return result, diagnostics


def _identity(block: ConfigBlock) -> tuple[str, ...]:
    if block.type == "provider":
        return (*block.labels, literal(block.attributes.get("alias")) or "")
    return block.labels
