"""The syntax tree of HCL, the same for each parser.

Nodes hold code point offsets into the text of their file, `start` inclusive and `end` exclusive, and no literal
text: the file's `SourceFile` gives spans and slices (`hcl.text` decodes them), so a cached tree holds no secret.
Names (attributes, block types, references, functions) and block labels are kept as strings.
The grammar is HCL's native syntax, https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, and its JSON profile.
"""

from enum import IntEnum
from typing import TypeAlias

import msgspec


class Node(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag=True, tag_field="node"):
    """Any node: from `start` up to `end`."""

    start: int
    end: int


class TextForm(IntEnum):
    """The spelling of a piece of literal text in its source."""

    QUOTED = 0  # between quotes: backslash escapes, $${ and %%{
    HEREDOC = 1  # in a heredoc or a template file: only $${ and %%{
    JSON = 2  # in a JSON string: JSON's escapes, then $${ and %%{
    JSON_QUOTED = 3  # in a quoted string inside a template inside a JSON string: JSON's escapes, then QUOTED
    JSON_PLAIN = 4  # in a JSON string that is no template (a .tfvars.json value): JSON's escapes only


class Null(Node, frozen=True, gc=False, kw_only=True):
    """`null`."""


class Bool(Node, frozen=True, gc=False, kw_only=True):
    """`true` or `false`."""

    value: bool


class Number(Node, frozen=True, gc=False, kw_only=True):
    """A number; its digits are the slice of the source."""


class Text(Node, frozen=True, gc=False, kw_only=True):
    """A piece of literal text in a template.

    `indent` columns are cut from the start of every line that begins in it (`<<-`; `at_line_start` says that the
    piece itself begins a line). `trim_start` and `trim_end` come from strip markers beside it.
    """

    form: TextForm
    indent: int = 0
    at_line_start: bool = False
    trim_start: bool = False
    trim_end: bool = False


class Interpolation(Node, frozen=True, gc=False, kw_only=True):
    """`${ expr }` in a template that has other parts too."""

    value: "Expression"


class IfDirective(Node, frozen=True, gc=False, kw_only=True):
    """`%{ if c }…%{ else }…%{ endif }`."""

    condition: "Expression"
    then: tuple["TemplatePart", ...]
    otherwise: tuple["TemplatePart", ...] = ()


class ForDirective(Node, frozen=True, gc=False, kw_only=True):
    """`%{ for k, v in c }…%{ endfor }`."""

    key_name: str | None
    value_name: str
    collection: "Expression"
    body: tuple["TemplatePart", ...]


class Template(Node, frozen=True, gc=False, kw_only=True):
    """A quoted string or a heredoc, with or without interpolations; a plain string has at most one `Text`.

    A quoted template that is only one interpolation is a `TemplateWrap` instead.
    """

    parts: tuple["TemplatePart", ...]
    heredoc: bool = False


class TemplateWrap(Node, frozen=True, gc=False, kw_only=True):
    """`"${ expr }"` and nothing else: the value of the expression itself, of any type."""

    value: "Expression"


class Name(Node, frozen=True, gc=False, kw_only=True):
    """The first name of a reference (`var` in `var.x`), or a name bound by `for`."""

    name: str


class GetAttr(Node, frozen=True, gc=False, kw_only=True):
    """`target.name`."""

    target: "Expression"
    name: str


class Index(Node, frozen=True, gc=False, kw_only=True):
    """`target[key]`; `legacy` for `target.0`."""

    target: "Expression"
    key: "Expression"
    legacy: bool = False


class SplatItem(Node, frozen=True, gc=False, kw_only=True):
    """The current element inside the `each` of a `Splat`."""


class Splat(Node, frozen=True, gc=False, kw_only=True):
    """`target[*]…` (`full`) or `target.*…`; `each` is the rest of the traversal, rooted in a `SplatItem`.

    An attribute-only splat takes attribute steps (and legacy indexes) into `each`; index steps after it apply to
    the whole result. A full splat takes both.
    """

    target: "Expression"
    each: "Expression"
    full: bool


class Unary(Node, frozen=True, gc=False, kw_only=True):
    """`-x` or `!x`."""

    operator: str
    operand: "Expression"


class Binary(Node, frozen=True, gc=False, kw_only=True):
    """`a op b` with op one of `|| && == != < > <= >= + - * / %`."""

    operator: str
    left: "Expression"
    right: "Expression"


class Conditional(Node, frozen=True, gc=False, kw_only=True):
    """`condition ? then : otherwise`."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


class Call(Node, frozen=True, gc=False, kw_only=True):
    """`name(arguments)`; a provider's function keeps its whole name (`provider::aws::arn_parse`).

    `expand_final` says that the last argument is followed by `...`. `name_end` ends the name.
    """

    name: str
    arguments: tuple["Expression", ...]
    expand_final: bool = False
    name_end: int = 0


class Parens(Node, frozen=True, gc=False, kw_only=True):
    """`( value )`."""

    value: "Expression"


class TupleCons(Node, frozen=True, gc=False, kw_only=True):
    """`[a, b]`."""

    items: tuple["Expression", ...]


class KeyName(Node, frozen=True, gc=False, kw_only=True):
    """A bare identifier as the key of an object item: the literal string `name`."""

    name: str


class ObjectItem(Node, frozen=True, gc=False, kw_only=True):
    """`key = value` in an object."""

    key: "Expression"
    value: "Expression"


class ObjectCons(Node, frozen=True, gc=False, kw_only=True):
    """`{ k = v, … }`."""

    items: tuple[ObjectItem, ...]


class ForTuple(Node, frozen=True, gc=False, kw_only=True):
    """`[for k, v in collection : value if condition]`."""

    key_name: str | None
    value_name: str
    collection: "Expression"
    value: "Expression"
    condition: "Expression | None" = None


class ForObject(Node, frozen=True, gc=False, kw_only=True):
    """`{for k, v in collection : key => value... if condition}`; `grouping` for the `...`."""

    key_name: str | None
    value_name: str
    collection: "Expression"
    key: "Expression"
    value: "Expression"
    condition: "Expression | None" = None
    grouping: bool = False


class Invalid(Node, frozen=True, gc=False, kw_only=True):
    """A range that could not be parsed; a diagnostic reports it, and its value is unknown."""


Expression: TypeAlias = (
    Null
    | Bool
    | Number
    | Template
    | TemplateWrap
    | Name
    | GetAttr
    | Index
    | SplatItem
    | Splat
    | Unary
    | Binary
    | Conditional
    | Call
    | Parens
    | TupleCons
    | KeyName
    | ObjectCons
    | ForTuple
    | ForObject
    | Invalid
)
TemplatePart: TypeAlias = Text | Interpolation | IfDirective | ForDirective


class Attribute(Node, frozen=True, gc=False, kw_only=True):
    """`name = value` in a body; the name begins at `start` and ends at `name_end`."""

    name: str
    name_end: int
    value: Expression


class Block(Node, frozen=True, gc=False, kw_only=True):
    """`type "label" … { body }`; its header runs from `start` to `header_end`, the brace excluded.

    In JSON, the header is the innermost key: that of the last label, or of the type if there is no label.
    """

    type: str
    labels: tuple[str, ...]
    body: "Body"
    header_end: int
    label_starts: tuple[int, ...] = ()


class Body(Node, frozen=True, gc=False, kw_only=True):
    """The attributes and blocks of a file or block, each kind in the order of the text.

    `json` marks a body of the JSON profile, where a block and an attribute look alike: nested blocks are among the
    attributes, as objects or lists of objects, and the reader of the body converts them.
    """

    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]
    json: bool = False


class Comment(Node, frozen=True, gc=False, kw_only=True):
    """A comment with its marker (`#`, `//`, `/* */`), and the line it begins on."""

    line: int


class File(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One parsed file."""

    path: str
    body: Body
    comments: tuple[Comment, ...] = ()
