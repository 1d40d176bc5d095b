"""The data files in the package, one for each provider."""

from pathlib import Path

from iacpolicy.core.lazy_regex import lazy_pattern

_FOLDER = Path(__file__).parent / "data"
_NAME = lazy_pattern(r"[a-z][a-z0-9-]{0,63}")


def read(provider: str) -> bytes | None:
    """Return the data file of a provider by its short name, None where the package has none.

    The name comes from the scanned repository, so only a name without a path is looked up.
    """
    if not _NAME.fullmatch(provider):
        return None
    try:
        return (_FOLDER / f"{provider}.msgpack").read_bytes()
    except FileNotFoundError:
        return None


def providers() -> tuple[str, ...]:
    """Return the short names of all providers with a data file, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.msgpack")))
