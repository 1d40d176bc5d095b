"""The secrets that files show without the root they belong to: one file, a part of one, or the files of a directory.

The finder itself judges; what comes from other modules, and what a caller gives, is not there to be followed.
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
from iacpolicy.secrets.search.root_search import RootSecrets, Shared
from iacpolicy.secrets.secret import LITERAL, FoundSecrets, Secret
from iacpolicy.secrets.text.embedded import environment_secrets, is_told, secrets_in
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


def of_text(source: SourceFile) -> FoundSecrets:
    """Return the secrets of SQL, of an environment file, or of any other text of names and values."""
    return found_secrets(_of_text(source))


def _of_text(source: SourceFile) -> Iterator[Secret | Diagnostic]:
    if source.path.endswith(".sql"):
        yield from (_secret(source, start, end, LITERAL) for start, end in sql_passwords(source.text))
        yield from problems_of(source)
    elif is_environment_file(source.path):
        found = environment_secrets(source.text)
        yield from (_secret(source, *stretch, LITERAL, name) for name, stretch in found)
        yield from problems_of(source)
    else:
        stretches = secrets_in(source.text, True)
        yield from (_secret(source, start, end, LITERAL) for start, end in stretches)
        yield from problems_of(source, len(stretches))


def of_terraform(files: Mapping[str, str], directory: str, catalogue: Catalogue) -> FoundSecrets:
    """Return the secrets of a directory's files, var-files included, searched together."""
    tree = MemoryTree(files)
    parsed = ParsedFiles(tree)
    modules = Modules(parsed)
    cell = Cell(directory, None, tuple(path for path in files if ".tfvars" in path))
    root = ModuleInstance(modules.load(directory), Session(tree, modules, catalogue, cell, {}))
    found = found_secrets(RootSecrets([Graph(cell, 0, root, ())], Shared()).found())
    shown = [*found.secrets]
    for path in files:
        read = parsed.parsed(path)
        if read is not None:
            shown += _beside(read[0], shown, is_broken=path in parsed.problems)
    return FoundSecrets(tuple(shown), diagnostics=found.diagnostics)


def is_whole(path: str, text: str) -> bool:
    """Whether a text is a file of Terraform that can be read without a mistake."""
    files = ParsedFiles(MemoryTree({path: text}))
    files.parsed(path)
    return path not in files.problems


def of_file(source: SourceFile, catalogue: Catalogue) -> FoundSecrets:
    """Return the secrets of one file."""
    if source.path.endswith((*TERRAFORM, *TERRAFORM_JSON)):
        return of_terraform({source.path: source.text}, parent(source.path), catalogue)
    return of_text(source)


def _beside(source: SourceFile, shown: list[Secret], *, is_broken: bool) -> Iterator[Secret]:
    """Tokens in comments; in a file with mistakes also what is named like a secret where no block could be read."""
    taken = {s.place for s in shown if s.place is not None and s.place.path == source.path}
    stretches = [s for s in tokens(source.text) if is_told(source.text[s[0] : s[1]])]
    if is_broken:
        stretches += secrets_in(source.text, True)
    for start, end in sorted(dict.fromkeys(stretches)):
        place = source.span(start, end)
        if not any(_overlap(place, other) for other in taken):
            taken.add(place)
            yield _secret(source, start, end, COMMENT)


def _overlap(one: Span, other: Span) -> bool:
    return (one.line, one.column) < (other.end_line, other.end_column) and (other.line, other.column) < (
        one.end_line,
        one.end_column,
    )


def _secret(source: SourceFile, start: int, end: int, kind: str, name: str = "") -> Secret:
    place, path = source.span(start, end), source.path
    return Secret(source.text[start:end], place, kind, path, name, (path,), None, f"{path}.{name}" if name else path)
