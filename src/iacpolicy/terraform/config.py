"""The declarations of a module."""

from enum import StrEnum

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.hcl import ast
from iacpolicy.terraform.blocks import Argument, ConfigBlock


class Mode(StrEnum):
    """The three kinds of resources."""

    MANAGED = "managed"
    DATA = "data"
    EPHEMERAL = "ephemeral"


class Variable(msgspec.Struct, frozen=True):
    """`variable "name"`; `validations` are its `validation` blocks."""

    name: str
    block: ConfigBlock
    type: Argument | None
    default: Argument | None
    sensitive: bool
    ephemeral: bool
    nullable: bool
    validations: tuple[ConfigBlock, ...]


class Local(msgspec.Struct, frozen=True):
    """One name of a `locals` block."""

    name: str
    argument: Argument


class Output(msgspec.Struct, frozen=True):
    """`output "name"`."""

    name: str
    block: ConfigBlock


class ResourceConfig(msgspec.Struct, frozen=True):
    """`resource`, `data` or `ephemeral` with its type and name, before expansion."""

    mode: Mode
    type: str
    name: str
    block: ConfigBlock

    @property
    def address(self) -> str:
        """The address within the module."""
        prefix = "" if self.mode is Mode.MANAGED else f"{self.mode}."
        return f"{prefix}{self.type}.{self.name}"


class ModuleCall(msgspec.Struct, frozen=True):
    """`module "name"`; `source` and `version` are the written texts, if they are literals."""

    name: str
    block: ConfigBlock
    source: str | None
    version: str | None


class ProviderConfig(msgspec.Struct, frozen=True):
    """`provider "name"`."""

    name: str
    alias: str | None
    block: ConfigBlock


class Backend(msgspec.Struct, frozen=True):
    """`backend "type"`, or `cloud` as the type `cloud`."""

    type: str
    block: ConfigBlock


class Module(msgspec.Struct, frozen=True):
    """The declarations in the files of one directory, override files merged in.

    `resources` is keyed by the address within the module. `terraform_blocks` are the `terraform` blocks in file order;
    `backend` is the backend in effect. `others` are the blocks without a class of their own (`moved`, `removed`,
    `import`, `check`).
    """

    directory: str
    files: tuple[SourceFile, ...]
    variables: dict[str, Variable] = msgspec.field(default_factory=dict)
    locals: dict[str, Local] = msgspec.field(default_factory=dict)
    outputs: dict[str, Output] = msgspec.field(default_factory=dict)
    resources: dict[str, ResourceConfig] = msgspec.field(default_factory=dict)
    calls: dict[str, ModuleCall] = msgspec.field(default_factory=dict)
    providers: dict[str, ProviderConfig] = msgspec.field(default_factory=dict)
    terraform_blocks: tuple[ConfigBlock, ...] = ()
    backend: Backend | None = None
    others: tuple[ConfigBlock, ...] = ()
    comments: dict[str, tuple[ast.Comment, ...]] = msgspec.field(default_factory=dict)

    @property
    def required_providers(self) -> frozenset[str]:
        """The local names of the providers that the module declares."""
        return frozenset(
            name
            for block in self.terraform_blocks
            for inner in block.nested("required_providers")
            for name in inner.attributes
        )

    @property
    def place(self) -> Span:
        """The place of a problem of the whole module: its first `terraform` block, else the top of `main.tf`."""
        if self.terraform_blocks:
            return self.terraform_blocks[0].header
        names = [f.path for f in self.files]
        main = next((n for n in names if n.rpartition("/")[2] == "main.tf"), names[0] if names else self.directory)
        return file_start(main)
