"""The search in single-file mode: one file, a part of one, or the files of a directory, without their root.

It is the same search as over a root, but values from other modules and from callers are unknown.
"""

from collections.abc import Iterator, Mapping

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.core.tree import MemoryTree, parent
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.graph import Graph
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.search.companion_files import is_environment_file
from iacpolicy.secrets.search.results import found_secrets
from iacpolicy.secrets.search.root_search import RootSearch, SharedSearch
from iacpolicy.secrets.secret import FoundSecrets, Secret, secret_in_file
from iacpolicy.secrets.text.embedded import environment_secrets, is_real_text, secrets_in
from iacpolicy.secrets.text.limits import problems_of
from iacpolicy.secrets.text.sql_passwords import sql_passwords
from iacpolicy.secrets.text.tokens import tokens
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules

TERRAFORM = (".tf", ".tofu", ".tfvars")
TERRAFORM_JSON = (".tf.json", ".tofu.json", ".tfvars.json")
BACKEND_FILE = ".tfbackend"
COMMENT = "comment"


def secrets_of_text(source: SourceFile) -> FoundSecrets:
    """Return the secrets of SQL, of an environment file, or of any other text of names and values."""
    return found_secrets(_secrets_of_text(source))


def _secrets_of_text(source: SourceFile) -> Iterator[Secret | Diagnostic]:
    if source.path.endswith(".sql"):
        yield from (secret_in_file(source, text_range) for text_range in sql_passwords(source.text))
        yield from problems_of(source)
    elif is_environment_file(source.path):
        found = environment_secrets(source.text)
        yield from (secret_in_file(source, text_range, name) for name, text_range in found)
        yield from problems_of(source)
    else:
        ranges = secrets_in(source.text, True)
        yield from (secret_in_file(source, text_range) for text_range in ranges)
        yield from problems_of(source, len(ranges))


def secrets_of_terraform(files: Mapping[str, str], directory: str, catalogue: Catalogue) -> FoundSecrets:
    """Return the secrets of a directory's files, var-files included, searched together."""
    tree = MemoryTree(files)
    parsed = ParsedFiles(tree)
    modules = Modules(parsed)
    cell = Cell(directory, None, tuple(path for path in files if ".tfvars" in path))
    root = ModuleInstance(modules.load(directory), Session(tree, modules, catalogue, cell, {}))
    found = found_secrets(RootSearch([Graph(cell, 0, root, ())], SharedSearch()).search())
    shown = [*found.secrets]
    for path in files:
        read = parsed.parsed(path)
        if read is not None:
            shown += _outside_blocks(read[0], shown, is_broken=path in parsed.problems)
    return FoundSecrets(tuple(shown), diagnostics=found.diagnostics)


def is_whole(path: str, text: str) -> bool:
    """Return whether a text parses as a Terraform file without an error."""
    files = ParsedFiles(MemoryTree({path: text}))
    files.parsed(path)
    return path not in files.problems


def secrets_of_file(source: SourceFile, catalogue: Catalogue) -> FoundSecrets:
    """Return the secrets of one file."""
    if source.path.endswith((*TERRAFORM, *TERRAFORM_JSON)):
        return secrets_of_terraform({source.path: source.text}, parent(source.path), catalogue)
    return secrets_of_text(source)


def _outside_blocks(source: SourceFile, shown: list[Secret], *, is_broken: bool) -> Iterator[Secret]:
    """Yield tokens in comments; in a file that does not parse, also values named like secrets outside of blocks."""
    taken = {s.place for s in shown if s.place is not None and s.place.path == source.path}
    ranges = [s for s in tokens(source.text) if is_real_text(source.text[s[0] : s[1]])]
    if is_broken:
        ranges += secrets_in(source.text, True)
    for start, end in sorted(dict.fromkeys(ranges)):
        place = source.span(start, end)
        if not any(_overlap(place, other) for other in taken):
            taken.add(place)
            yield secret_in_file(source, (start, end), kind=COMMENT)


def _overlap(one: Span, other: Span) -> bool:
    return (one.line, one.column) < (other.end_line, other.end_column) and (other.line, other.column) < (
        one.end_line,
        one.end_column,
    )
