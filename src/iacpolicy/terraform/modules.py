"""Directories of module calls, and modules, each loaded once.

Local sources begin with `./` or `../`; all others are in the directories where `terraform init` put them
(`.terraform/modules/modules.json` of the root). They are never downloaded.
"""

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import join
from iacpolicy.hcl import ast
from iacpolicy.terraform.config import Module, ModuleCall
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.load import load_module


class NotInstalled(msgspec.Struct, frozen=True):
    """A module whose files are not in the repository; `remedy` is the text that says how to install them."""

    text: str
    remedy: str


class InvalidCall(msgspec.Struct, frozen=True):
    """An invalid module call: its directory does not exist, or its source is no plain string."""

    summary: str
    detail: str


class Modules:
    """The modules of a tree by directory."""

    def __init__(self, files: ParsedFiles) -> None:
        self.files = files
        self._loaded: dict[str, tuple[Module, list[Diagnostic]]] = {}
        self._manifests: dict[str, dict[str, str]] = {}

    def load(self, directory: str) -> Module:
        """Return the module in a directory; its problems are in `problems`."""
        if directory not in self._loaded:
            self._loaded[directory] = load_module(self.files, directory)
        return self._loaded[directory][0]

    def problems(self, directory: str) -> list[Diagnostic]:
        """Return the problems of the files of a directory."""
        self.load(directory)
        return self._loaded[directory][1]

    def is_complete(self, directory: str) -> bool:
        """Report whether every file of a directory was read completely, so that all its declarations are known."""
        self.load(directory)
        primary, override = self.files.configuration(directory)
        return not any(self.files.problems.get(path) for path in (*primary, *override))

    def resolve(
        self, call: ModuleCall, caller: str, root: str, path: tuple[str, ...]
    ) -> str | NotInstalled | InvalidCall:
        """Return the directory of a called module; `path` is the call's path from the root, itself included."""
        if call.source is None:
            argument = call.block.attributes.get("source")
            if argument is None:
                return InvalidCall("Module call without a source", 'A "module" block needs the argument "source".')
            if isinstance(argument.value, ast.Template | ast.TemplateWrap | ast.GetAttr | ast.Binary | ast.Conditional):
                return InvalidCall(
                    "Module source is not a plain string",
                    "Terraform accepts only a literal string here, so that modules can be installed before anything "
                    "is evaluated.",
                )
            return InvalidCall(
                "Module source is not a string", 'Write the source as a quoted string, such as "./network".'
            )
        if call.source.startswith(("./", "../")) or call.source in (".", ".."):
            directory = join(caller, call.source)
            if directory is None:
                return InvalidCall(
                    "Module leaves the repository",
                    f'The source "{call.source}" leads outside the repository, which is never read.',
                )
            if not any(self.files.configuration(directory)):
                return InvalidCall(
                    "Module directory not found",
                    f'There is no Terraform configuration in "{directory or "."}". Correct the source '
                    f'"{call.source}", or add the directory.',
                )
            return directory
        installed = self._manifest(root).get(".".join(path))
        if installed is not None:
            directory = join(root, installed)
            if directory is not None and any(self.files.configuration(directory)):
                return directory
        where = root or "."
        return NotInstalled(
            f'module "{call.name}" ({call.source}) is not installed',
            f"Run `terraform init -backend=false` in {where} to install it, and scan again.",
        )

    def _manifest(self, root: str) -> dict[str, str]:
        """Directories of installed modules, relative to the root, by dotted call path."""
        if root not in self._manifests:
            path = join(root, ".terraform/modules/modules.json") or ""
            found: dict[str, str] = {}
            data = self.files.tree.read_bytes(path) if self.files.tree.exists(path) else b""
            if isinstance(data, bytes) and data:
                try:
                    entries = msgspec.json.decode(data)["Modules"]
                    found = {e["Key"]: e["Dir"] for e in entries if isinstance(e.get("Dir"), str)}
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    found = {}
            self._manifests[root] = found
        return self._manifests[root]
