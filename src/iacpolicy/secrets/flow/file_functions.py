"""The results of `file`, `templatefile`, `templatestring` and `fileset`, from files of the repository."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import normpath

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, normalise
from iacpolicy.hcl import ast
from iacpolicy.secrets.flow import function_effects
from iacpolicy.secrets.flow.literals import (
    ELEMENT,
    MAX_COMBINATIONS,
    LiteralPiece,
    LiteralString,
    LiteralStrings,
    bounded,
)
from iacpolicy.secrets.flow.module_uses import ModuleUse
from iacpolicy.secrets.flow.read_files import ReadFile, listed_files, read_file
from iacpolicy.secrets.flow.syntax_queries import path_of
from iacpolicy.secrets.flow.template_calls import TemplateText, template_of_file, template_of_text, template_texts
from iacpolicy.secrets.text.classify import UNKNOWN
from iacpolicy.terraform.function_facts import ArgumentFlow, flow_of

MAX_FILES = 200
MAX_PATH = 1_000
_HERE = "\1"  # before a directory that comes from `path.module` or `path.root`

Bindings = Mapping[str, LiteralStrings]
NO_BINDINGS: Bindings = {}


@dataclass(eq=False)
class FileFlow(ABC):
    """The part of the flow that reads files, each once for a root."""

    root: str
    tree: Tree
    read: dict[str, ReadFile] = field(default_factory=dict)
    templates: dict[str, TemplateText | None] = field(default_factory=dict)

    @abstractmethod
    def literals(
        self, node: ast.Expression, use: ModuleUse, source: SourceFile, bound: Bindings = NO_BINDINGS
    ) -> LiteralStrings:
        """Return the literals that the value of an expression can contain."""

    def text_of_file(
        self, node: ast.Call, use: ModuleUse, source: SourceFile, bound: Bindings, arguments: list[LiteralStrings]
    ) -> LiteralStrings:
        """Return the text of a file or template; a template with variables is also rendered."""
        found: list[LiteralString] = []
        rendered = False
        is_file = flow_of(node.name) is not ArgumentFlow.TEMPLATE
        for path in self._paths(node.arguments[0], use, source, bound) if is_file else ():
            if path not in self.read:
                self.read[path] = read_file(self.tree, path)
            made: LiteralStrings = ()
            whole = self.read[path].strings
            template = whole[0].pieces[0].source if len(arguments) > 1 and whole else None
            if template is not None:
                if path not in self.templates:
                    self.templates[path] = template_of_file(template)
                made = self._rendered(self.templates[path], arguments[1], use, is_file=True)
            if not made or len(made) >= MAX_COMBINATIONS:
                found += whole  # the rendered texts are not complete
            found += made
            rendered = rendered or bool(made)
        if not is_file and len(arguments) > 1:
            for text in template_texts(arguments[0]):
                found += (made := self._rendered(template_of_text(text), arguments[1], use, is_file=False))
                rendered = rendered or bool(made)
        if not rendered:
            found += function_effects.result(node.name, arguments)
        return bounded(found)

    def _rendered(
        self, template: TemplateText | None, variables: LiteralStrings, use: ModuleUse, *, is_file: bool
    ) -> LiteralStrings:
        if template is None or template.node is None:
            return ()
        made = self.literals(template.node, use, template.source, template.bound(variables))
        return template.placed(made, is_file=is_file)

    def _paths(self, node: ast.Expression, use: ModuleUse, source: SourceFile, bound: Bindings) -> tuple[str, ...]:
        """Return the paths of the files that an expression can name."""
        path = path_of(node, source, use.module.directory, self.root)
        if path is not None:
            return (path,)
        here = {"module": use.module.directory, "root": self.root, "cwd": self.root}
        places = tuple(
            LiteralString((name,), (LiteralPiece(f"{_HERE}{directory or '.'}"),)) for name, directory in here.items()
        )
        texts = dict.fromkeys(string.text for string in self.literals(node, use, source, {**bound, "path": places}))
        found = (_located(text, self.root) for text in texts)
        return tuple(dict.fromkeys(path for path in found if path is not None))[:MAX_FILES]

    def listed_files(self, node: ast.Call, use: ModuleUse, source: SourceFile, bound: Bindings) -> LiteralStrings:
        """Return the files that `fileset` lists, as texts without a place."""
        found: list[LiteralString] = []
        for directory in self._paths(node.arguments[0], use, source, bound):
            for pattern in {string.text for string in self.literals(node.arguments[1], use, source, bound)}:
                names = listed_files(self.tree, directory, pattern) if UNKNOWN not in pattern else ()
                found += (LiteralString((ELEMENT,), (LiteralPiece(name),)) for name in names)
        return bounded(found)


def _located(text: str, root: str) -> str | None:
    """Return the path of a file in the repository by the text of an argument; None if it is outside or unknown."""
    if UNKNOWN in text or text.startswith(("/", "~")):
        return None
    here, _, rest = text.rpartition(_HERE)
    if here or len(text) > MAX_PATH:
        return None
    return normalise(normpath(rest if text.startswith(_HERE) else f"{root or '.'}/{text}"))
