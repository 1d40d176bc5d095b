"""Facts about the functions of the Terraform language: one row for each function, read by every package.

The bodies are in `evaluate.functions`; this table needs none of them, so that a scan reads a fact without an import.
Sources: https://developer.hashicorp.com/terraform/language/functions, https://opentofu.org/docs/language/functions, the
changelogs of both tools for the versions, and recorded plans of Terraform 1.11 (`fixtures/expressions`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec


class Purity(StrEnum):
    """The inputs of a function beside its arguments."""

    PURE = "pure"
    FILES = "files"
    PLAN_TIME = "plan_time"
    APPLY_TIME = "apply_time"
    RANDOM = "random"
    SALTED = "salted"


class ElementRelation(StrEnum):
    """Relation between the elements of the result and those of the only argument."""

    NONE = "-"
    AS_MANY = "as_many"
    """There is one element in the result for each element of the argument, or at least one for one or more."""
    SAME = "same"
    """The same elements, in another order or without duplicates."""


class KnownText(StrEnum):
    """Parts of the text of the result that are known although an argument is unknown."""

    NONE = "-"
    SAME = "same"
    """The result begins and ends as the argument does."""
    FORMAT = "format"
    """The result begins with the text before the first verb."""
    JSON = "json"
    """The result begins and ends with the brackets or quotes of the argument's type in JSON."""


class ArgumentFlow(StrEnum):
    """Flow of the literals of the arguments into the result; `secrets.flow.function_effects` has a rule for each."""

    NOTHING = "nothing"
    """Nowhere: the function asks about its arguments, or computes a value that does not reveal them."""
    ALL = "all"
    FIRST = "first"
    SECOND = "second"
    SENSITIVE = "sensitive"
    FILE = "file"
    FILE_NAMES = "file_names"
    TEMPLATE = "template"
    TEMPLATE_FILE = "template_file"
    DOCUMENT = "document"
    DECODED = "decoded"
    ROWS = "rows"
    ELEMENTS = "elements"
    ALL_ELEMENTS = "all_elements"
    ONE = "one"
    LOOKUP = "lookup"
    FLATTENED = "flattened"
    CHUNKS = "chunks"
    PAIRS = "pairs"
    ZIPMAP = "zipmap"
    JOIN = "join"
    SPLIT = "split"
    FORMAT = "format"
    FORMATLIST = "formatlist"
    MATCH = "match"
    MATCHES = "matches"
    REPLACED = "replaced"
    LOWER = "lower"
    UPPER = "upper"
    TITLE = "title"
    TRIMMED = "trimmed"
    CHOMPED = "chomped"
    REVERSED = "reversed"
    BASE64 = "base64"
    BASE64_DECODED = "base64_decoded"
    PERCENT = "percent"


class FunctionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts about a function, except its parameters and its body.

    Attributes:
        name: the name in an expression.
        family: the module of `evaluate.functions` that has the body; `expressions` for `try` and `can`, whose
            arguments are evaluated one by one.
        never_null: the result is never null, for any arguments.
        may_fail: some arguments are refused. False means that every value is accepted, also a null or unknown one.
        purity: the inputs beside the arguments.
        by_content: the result depends only on the contents of the arguments, not on their collection types, and is no
            typed collection. A term over it can be computed from plain values.
        elements: relation of the elements of the result to those of the argument.
        known_text: parts of the result that are known although an argument is unknown.
        flow: where the literals of the arguments are in the result.
        console_only: the function exists in `terraform console` only.
        terraform: first release of Terraform with it, "1.0" for that one or an earlier one; None: no release.
        opentofu: first release of OpenTofu with it, "1.6" being the first of all; None: no release.
    """

    name: str
    family: str
    never_null: bool
    may_fail: bool
    purity: Purity
    by_content: bool
    elements: ElementRelation
    known_text: KnownText
    flow: ArgumentFlow
    console_only: bool
    terraform: str | None
    opentofu: str | None

    @property
    def catches_failures(self) -> bool:
        """Report whether an argument may fail without an error, as in `try` and `can`."""
        return self.family == EXPRESSIONS

    @property
    def impurity(self) -> str | None:
        """Return why the result is unknown before a plan or an apply, None for a function of arguments and files."""
        reason = _IMPURE.get(self.purity)
        return None if reason is None else f"{self.name}() {reason}"


EXPRESSIONS: Final = "expressions"
NAMESPACE: Final = "core::"
_IMPURE: Final = {
    Purity.PLAN_TIME: "is the time of the plan",
    Purity.APPLY_TIME: "is the time of the apply",
    Purity.RANDOM: "is random",
    Purity.SALTED: "salts every hash anew",
}
_TABLE: Final = """
name             family      null  may_fail purity     by_content elements text   flow           scope   terraform tofu
abs              numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
abspath          files       never yes      pure       yes        -        -      nothing        module  1.0       1.6
alltrue          lists       never yes      pure       yes        -        -      nothing        module  1.0       1.6
anytrue          lists       never yes      pure       yes        -        -      nothing        module  1.0       1.6
base64decode     encoding    never yes      pure       yes        -        -      base64_decoded module  1.0       1.6
base64encode     encoding    never yes      pure       yes        -        -      base64         module  1.0       1.6
base64gunzip     encoding    never yes      pure       yes        -        -      first          module  never     1.7
base64gzip       encoding    never yes      pure       no         -        -      first          module  1.0       1.6
base64sha256     hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
base64sha512     hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
basename         files       never yes      pure       yes        -        -      nothing        module  1.0       1.6
bcrypt           hashing     never yes      salted     no         -        -      nothing        module  1.0       1.6
can              expressions never no       pure       no         -        -      nothing        module  1.0       1.6
ceil             numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
chomp            strings     never yes      pure       yes        -        -      chomped        module  1.0       1.6
chunklist        lists       never yes      pure       no         -        -      chunks         module  1.0       1.6
cidrcontains     network     never yes      pure       yes        -        -      nothing        module  never     1.7
cidrhost         network     never yes      pure       yes        -        -      nothing        module  1.0       1.6
cidrnetmask      network     never yes      pure       yes        -        -      nothing        module  1.0       1.6
cidrsubnet       network     never yes      pure       yes        -        -      nothing        module  1.0       1.6
cidrsubnets      network     never yes      pure       no         -        -      nothing        module  1.0       1.6
coalesce         selection   never yes      pure       yes        -        -      all            module  1.0       1.6
coalescelist     selection   never yes      pure       no         -        -      all            module  1.0       1.6
compact          lists       never yes      pure       no         -        -      elements       module  1.0       1.6
concat           lists       never yes      pure       no         -        -      flattened      module  1.0       1.6
contains         selection   never yes      pure       yes        -        -      nothing        module  1.0       1.6
csvdecode        encoding    never yes      pure       no         -        -      rows           module  1.0       1.6
dirname          files       never yes      pure       yes        -        -      nothing        module  1.0       1.6
distinct         lists       never yes      pure       no         same     -      elements       module  1.0       1.6
element          selection   maybe yes      pure       no         -        -      one            module  1.0       1.6
endswith         strings     never yes      pure       yes        -        -      nothing        module  1.3       1.6
ephemeralasnull  conversion  maybe no       pure       no         -        -      all            module  1.10      1.11
file             files       never yes      files      no         -        -      file           module  1.0       1.6
filebase64       files       never yes      files      no         -        -      nothing        module  1.0       1.6
filebase64sha256 hashing     never yes      files      no         -        -      nothing        module  1.0       1.6
filebase64sha512 hashing     never yes      files      no         -        -      nothing        module  1.0       1.6
fileexists       files       never yes      files      no         -        -      nothing        module  1.0       1.6
filemd5          hashing     never yes      files      no         -        -      nothing        module  1.0       1.6
fileset          files       never yes      files      no         -        -      file_names     module  1.0       1.6
filesha1         hashing     never yes      files      no         -        -      nothing        module  1.0       1.6
filesha256       hashing     never yes      files      no         -        -      nothing        module  1.0       1.6
filesha512       hashing     never yes      files      no         -        -      nothing        module  1.0       1.6
flatten          lists       never yes      pure       no         -        -      flattened      module  1.0       1.6
floor            numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
format           formatting  never yes      pure       yes        -        format format         module  1.0       1.6
formatdate       dates       never yes      pure       yes        -        -      nothing        module  1.0       1.6
formatlist       formatting  never yes      pure       no         -        -      formatlist     module  1.0       1.6
indent           strings     never yes      pure       yes        -        -      second         module  1.0       1.6
index            lists       never yes      pure       yes        -        -      nothing        module  1.0       1.6
issensitive      conversion  never no       pure       no         -        -      nothing        module  1.8       1.7
join             strings     never yes      pure       yes        -        -      join           module  1.0       1.6
jsondecode       json_text   maybe yes      pure       no         -        -      decoded        module  1.0       1.6
jsonencode       json_text   never yes      pure       yes        -        json   document       module  1.0       1.6
keys             maps        never yes      pure       no         as_many  -      nothing        module  1.0       1.6
length           selection   never yes      pure       yes        -        -      nothing        module  1.0       1.6
log              numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
lookup           selection   maybe yes      pure       yes        -        -      lookup         module  1.0       1.6
lower            strings     never yes      pure       yes        -        -      lower          module  1.0       1.6
matchkeys        lists       never yes      pure       no         -        -      first          module  1.0       1.6
max              numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
md5              hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
merge            maps        never yes      pure       no         -        -      all            module  1.0       1.6
min              numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
nonsensitive     conversion  maybe no       pure       no         -        -      all            module  1.0       1.6
one              selection   maybe yes      pure       yes        -        -      one            module  1.0       1.6
parseint         numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
pathexpand       files       never yes      pure       yes        -        -      all            module  1.0       1.6
plantimestamp    dates       never no       plan_time  no         -        -      nothing        module  1.5       1.6
pow              numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
range            numeric     never yes      pure       no         -        -      nothing        module  1.0       1.6
regex            regexes     never yes      pure       yes        -        -      match          module  1.0       1.6
regexall         regexes     never yes      pure       yes        -        -      matches        module  1.0       1.6
replace          strings     never yes      pure       yes        -        -      replaced       module  1.0       1.6
reverse          lists       never yes      pure       no         same     -      elements       module  1.0       1.6
rsadecrypt       hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
sensitive        conversion  maybe no       pure       no         -        -      sensitive      module  1.0       1.6
setintersection  sets        never yes      pure       no         -        -      all_elements   module  1.0       1.6
setproduct       sets        never yes      pure       no         -        -      pairs          module  1.0       1.6
setsubtract      sets        never yes      pure       no         -        -      elements       module  1.0       1.6
setunion         sets        never yes      pure       no         -        -      all_elements   module  1.0       1.6
sha1             hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
sha256           hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
sha512           hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
signum           numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
slice            lists       never yes      pure       no         -        -      elements       module  1.0       1.6
sort             lists       never yes      pure       no         same     -      elements       module  1.0       1.6
split            strings     never yes      pure       no         -        -      split          module  1.0       1.6
startswith       strings     never yes      pure       yes        -        -      nothing        module  1.3       1.6
strcontains      strings     never yes      pure       yes        -        -      nothing        module  1.5       1.6
strrev           strings     never yes      pure       yes        -        -      reversed       module  1.0       1.6
substr           strings     never yes      pure       yes        -        -      first          module  1.0       1.6
sum              numeric     never yes      pure       yes        -        -      nothing        module  1.0       1.6
templatefile     files       never yes      files      no         -        -      template_file  module  1.0       1.6
templatestring   files       never yes      files      no         -        -      template       module  1.9       1.7
textdecodebase64 encoding    never yes      pure       yes        -        -      first          module  1.0       1.6
textencodebase64 encoding    never yes      pure       yes        -        -      base64         module  1.0       1.6
timeadd          dates       never yes      pure       yes        -        -      nothing        module  1.0       1.6
timecmp          dates       never yes      pure       yes        -        -      nothing        module  1.3       1.6
timestamp        dates       never no       apply_time no         -        -      nothing        module  1.0       1.6
title            strings     never yes      pure       yes        -        -      title          module  1.0       1.6
tobool           conversion  maybe yes      pure       yes        -        -      nothing        module  1.0       1.6
tolist           conversion  maybe yes      pure       no         same     -      elements       module  1.0       1.6
tomap            conversion  maybe yes      pure       no         as_many  -      all            module  1.0       1.6
tonumber         conversion  maybe yes      pure       yes        -        -      nothing        module  1.0       1.6
toset            conversion  maybe yes      pure       no         same     -      elements       module  1.0       1.6
tostring         conversion  maybe yes      pure       yes        -        same   all            module  1.0       1.6
transpose        maps        never yes      pure       no         -        -      all            module  1.0       1.6
trim             strings     never yes      pure       yes        -        -      first          module  1.0       1.6
trimprefix       strings     never yes      pure       yes        -        -      first          module  1.0       1.6
trimspace        strings     never yes      pure       yes        -        -      trimmed        module  1.0       1.6
trimsuffix       strings     never yes      pure       yes        -        -      first          module  1.0       1.6
try              expressions maybe yes      pure       no         -        -      all            module  1.0       1.6
type             conversion  never no       pure       no         -        -      nothing        console 1.0       1.6
upper            strings     never yes      pure       yes        -        -      upper          module  1.0       1.6
urldecode        encoding    never yes      pure       yes        -        -      first          module  never     1.7
urlencode        encoding    never yes      pure       yes        -        -      percent        module  1.0       1.6
uuid             hashing     never no       random     no         -        -      nothing        module  1.0       1.6
uuidv5           hashing     never yes      pure       yes        -        -      nothing        module  1.0       1.6
values           maps        never yes      pure       no         same     -      elements       module  1.0       1.6
yamldecode       yaml_text   maybe yes      pure       no         -        -      decoded        module  1.0       1.6
yamlencode       yaml_text   never no       pure       yes        -        -      document       module  1.0       1.6
zipmap           maps        never yes      pure       no         -        -      zipmap         module  1.0       1.6
"""


def bare_name(name: str) -> str:
    """Return the name of a function without the namespace `core::`, which every function of the language has."""
    return name.removeprefix(NAMESPACE)


def facts_of(name: str) -> FunctionFacts | None:
    """Return the facts about a function by its name in a call, None for a function of a provider or of no name."""
    return FACTS.get(name) or FACTS.get(bare_name(name))


def flow_of(name: str) -> ArgumentFlow:
    """Return where the literals of the arguments are in the result; for a function of a provider, anywhere."""
    facts = facts_of(name)
    return ArgumentFlow.ALL if facts is None else facts.flow


def catches_failures(name: str) -> bool:
    """Report whether a call of this name evaluates to a value although its arguments fail: `try`, `can`."""
    return name in _CATCHING


def parse_facts(row: str) -> FunctionFacts:
    """Return the facts in a row of the table.

    Raises:
        ValueError: a column is missing, or has a value that it cannot have.
    """
    name, family, null, may_fail, purity, by_content, elements, text, flow, scope, terraform, opentofu = row.split()
    return FunctionFacts(
        name=name,
        family=family,
        never_null=_either(null, "never", "maybe"),
        may_fail=_either(may_fail, "yes", "no"),
        purity=Purity(purity),
        by_content=_either(by_content, "yes", "no"),
        elements=ElementRelation(elements),
        known_text=KnownText(text),
        flow=ArgumentFlow(flow),
        console_only=_either(scope, "console", "module"),
        terraform=None if terraform == "never" else terraform,
        opentofu=None if opentofu == "never" else opentofu,
    )


def _either(word: str, true: str, false: str) -> bool:
    if word not in (true, false):
        raise ValueError(f"{word!r} is neither {true!r} nor {false!r}")
    return word == true


FACTS: Final[Mapping[str, FunctionFacts]] = {
    facts.name: facts for facts in map(parse_facts, _TABLE.strip().split("\n")[1:])
}
_CATCHING: Final = frozenset(
    prefix + name for name, facts in FACTS.items() if facts.catches_failures for prefix in ("", NAMESPACE)
)
KEEP_ELEMENTS: Final = tuple(name for name, facts in FACTS.items() if facts.elements is ElementRelation.SAME)
"""Functions whose result has the elements of their argument."""
KEEP_EMPTINESS: Final = tuple(name for name, facts in FACTS.items() if facts.elements is not ElementRelation.NONE)
"""Functions whose result has an element if and only if their argument has one."""
