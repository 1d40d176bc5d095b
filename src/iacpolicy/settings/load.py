"""Find and read the settings of a repository: `iacpolicy.toml`, or `[tool.iacpolicy]` in `pyproject.toml`."""

from typing import Any

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree
from iacpolicy.settings.read import read
from iacpolicy.settings.settings import Key, Settings

OWN_FILE = "iacpolicy.toml"
SHARED_FILE = "pyproject.toml"
SECTION: Key = ("tool", "iacpolicy")
MAX_CHARACTERS = 1_000_000


def load(tree: Tree) -> tuple[Settings, list[Diagnostic]]:
    """Return the settings and their errors; a wrong setting keeps its default."""
    own = _document(tree, OWN_FILE) if tree.exists(OWN_FILE) else None
    shared = _shared(tree, required=own is None)
    if own is None:
        if isinstance(shared, Diagnostic):
            return Settings(), [shared]
        return read(*shared) if shared is not None else (Settings(), [])
    problems = []
    if shared is not None and not isinstance(shared, Diagnostic):
        places = shared[1]
        problems.append(
            error(
                "Settings in two places",
                f"{OWN_FILE} and `[tool.iacpolicy]` in {SHARED_FILE} both exist. Keep one and remove the other.",
                places.get((), file_start(SHARED_FILE)),
            )
        )
    if isinstance(own, Diagnostic):
        return Settings(), [own, *problems]
    settings, mistakes = read(own[0], own[1], OWN_FILE)
    return settings, [*mistakes, *problems]


_Document = tuple[dict[str, Any], dict[Key, Span], str]


def _document(tree: Tree, path: str) -> _Document | Diagnostic:
    source = tree.read(path)
    return source if isinstance(source, Diagnostic) else _parse(source)


def _shared(tree: Tree, *, required: bool) -> _Document | Diagnostic | None:
    """Return the section of `pyproject.toml`, with its keys relative to the section; None if there is none."""
    if not tree.exists(SHARED_FILE):
        return None
    source = tree.read(SHARED_FILE)
    if isinstance(source, Diagnostic):
        return source if required else None
    if "iacpolicy" not in source.text:
        return None  # errors in the sections of other tools are not reported
    parsed = _parse(source)
    if isinstance(parsed, Diagnostic):
        return parsed
    document, places, path = parsed
    section: Any = document
    for name in SECTION:
        section = section.get(name) if isinstance(section, dict) else None
    if section is None:
        return None
    if not isinstance(section, dict):
        return error("Setting has the wrong type", "`tool.iacpolicy` is not a table.", places.get(SECTION))
    depth = len(SECTION)
    return section, {key[depth:]: span for key, span in places.items() if key[:depth] == SECTION}, path


def _parse(source: SourceFile) -> _Document | Diagnostic:
    if len(source.text) > MAX_CHARACTERS:
        return error(
            "Settings file is too large",
            f"It has {len(source.text)} characters; at most {MAX_CHARACTERS} are read.",
            file_start(source.path),
        )
    from iacpolicy.core.places.toml_places import TomlError, key_places, read_toml  # only repositories with settings

    try:
        document = read_toml(source)
    except TomlError as problem:
        if problem.is_too_deep:
            return error(
                "Settings file is nested too deeply", "Reduce the depth of its tables and arrays.", problem.place
            )
        return error(
            "Settings file is not valid TOML",
            f"{problem.reason}. Correct the line; no setting of the file has an effect until then.",
            problem.place,
        )
    return document, key_places(source), source.path
