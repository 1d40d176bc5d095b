"""What `file`, `templatefile`, `templatestring` and `fileset` give, out of the files of the repository."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import normpath

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, normalise
from iacpolicy.hcl import ast
from iacpolicy.secrets.flow import function_effects
from iacpolicy.secrets.flow.module_calls import Use
from iacpolicy.secrets.flow.pieces import ELEMENT, MAX_COMBINATIONS, Leaf, Leaves, Piece, bounded
from iacpolicy.secrets.flow.read_files import ReadFile, read_file
from iacpolicy.secrets.flow.read_files import listed as files_listed
from iacpolicy.secrets.flow.syntax_queries import path_of
from iacpolicy.secrets.flow.template_calls import Rendering, rendering, rendering_of, template_texts
from iacpolicy.secrets.text.classify import UNKNOWN
from iacpolicy.terraform.function_facts import ArgumentFlow, flow_of

MAX_FILES = 200
MAX_PATH = 1_000
_HERE = "\1"  # before a directory that `path.module` and `path.root` mean

Bindings = Mapping[str, Leaves]
NO_BINDINGS: Bindings = {}


@dataclass(eq=False)
class Reading(ABC):
    """Reads files for the flow; each is read and parsed once for a root."""

    root: str
    tree: Tree
    read: dict[str, ReadFile] = field(default_factory=dict)
    templates: dict[str, Rendering | None] = field(default_factory=dict)

    @abstractmethod
    def leaves(self, node: ast.Expression, use: Use, source: SourceFile, bound: Bindings = NO_BINDINGS) -> Leaves:
        """The literals that the value of an expression can be made of."""

    def text_read(
        self, node: ast.Call, use: Use, source: SourceFile, bound: Bindings, arguments: list[Leaves]
    ) -> Leaves:
        """The text of a file or a template, and the template again with its variables where it has them."""
        found: list[Leaf] = []
        rendered = False
        is_file = flow_of(node.name) is not ArgumentFlow.TEMPLATE
        for path in self._paths(node.arguments[0], use, source, bound) if is_file else ():
            if path not in self.read:
                self.read[path] = read_file(self.tree, path)
            made: Leaves = ()
            whole = self.read[path].leaves
            template = whole[0].pieces[0].source if len(arguments) > 1 and whole else None
            if template is not None:
                if path not in self.templates:
                    self.templates[path] = rendering(template)
                made = self._rendered(self.templates[path], arguments[1], use, is_file=True)
            if not made or len(made) >= MAX_COMBINATIONS:
                found += whole  # not all that it can become is told
            found += made
            rendered = rendered or bool(made)
        if not is_file and len(arguments) > 1:
            for text in template_texts(arguments[0]):
                found += (made := self._rendered(rendering_of(text), arguments[1], use, is_file=False))
                rendered = rendered or bool(made)
        if not rendered:
            found += function_effects.result(node.name, arguments)
        return bounded(found)

    def _rendered(self, template: Rendering | None, variables: Leaves, use: Use, *, is_file: bool) -> Leaves:
        if template is None or template.node is None:
            return ()
        made = self.leaves(template.node, use, template.source, template.bound(variables))
        return template.placed(made, is_file=is_file)

    def _paths(self, node: ast.Expression, use: Use, source: SourceFile, bound: Bindings) -> tuple[str, ...]:
        """The files that an expression can name."""
        path = path_of(node, source, use.module.directory, self.root)
        if path is not None:
            return (path,)
        here = {"module": use.module.directory, "root": self.root, "cwd": self.root}
        places = tuple(Leaf((name,), (Piece(f"{_HERE}{directory or '.'}"),)) for name, directory in here.items())
        texts = dict.fromkeys(leaf.text for leaf in self.leaves(node, use, source, {**bound, "path": places}))
        found = (_located(text, self.root) for text in texts)
        return tuple(dict.fromkeys(path for path in found if path is not None))[:MAX_FILES]

    def listed(self, node: ast.Call, use: Use, source: SourceFile, bound: Bindings) -> Leaves:
        """The files that `fileset` lists, each as a text that stands nowhere."""
        found: list[Leaf] = []
        for directory in self._paths(node.arguments[0], use, source, bound):
            for pattern in {leaf.text for leaf in self.leaves(node.arguments[1], use, source, bound)}:
                names = files_listed(self.tree, directory, pattern) if UNKNOWN not in pattern else ()
                found += (Leaf((ELEMENT,), (Piece(name),)) for name in names)
        return bounded(found)


def _located(text: str, root: str) -> str | None:
    """A file of the repository by the text of its path."""
    if UNKNOWN in text or text.startswith(("/", "~")):
        return None
    here, _, rest = text.rpartition(_HERE)
    if here or len(text) > MAX_PATH:
        return None
    return normalise(normpath(rest if text.startswith(_HERE) else f"{root or '.'}/{text}"))
