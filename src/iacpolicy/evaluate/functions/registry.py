"""Every function by its name; a family is imported when one of its functions is first called."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from iacpolicy.core.similar import did_you_mean
from iacpolicy.evaluate.functions.frame import Function

SPECIAL = ("can", "try")  # evaluated, not called: their arguments may fail
CONSOLE_ONLY = ("type",)
OPENTOFU_ONLY = frozenset({"base64gunzip", "cidrcontains", "urldecode"})  # of its releases 1.7 to 1.11
FAMILIES = {
    "conversion": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring type",
    "dates": "formatdate plantimestamp timeadd timecmp timestamp",
    "encoding": "base64decode base64encode base64gunzip base64gzip csvdecode textdecodebase64 textencodebase64 "
    "urldecode urlencode",
    "files": "abspath basename dirname file filebase64 fileexists fileset pathexpand templatefile templatestring",
    "formatting": "format formatlist",
    "hashing": "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256 "
    "filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
    "json_text": "jsondecode jsonencode",
    "lists": "alltrue anytrue chunklist compact concat distinct flatten index matchkeys reverse slice sort",
    "maps": "keys merge transpose values zipmap",
    "network": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "numeric": "abs ceil floor log max min parseint pow range signum sum",
    "regexes": "regex regexall",
    "selection": "coalesce coalescelist contains element length lookup one",
    "sets": "setintersection setproduct setsubtract setunion",
    "strings": "chomp endswith indent join lower replace split startswith strcontains strrev substr title trim "
    "trimprefix trimspace trimsuffix upper",
    "yaml_text": "yamldecode yamlencode",
}
_FAMILY_OF = {name: family for family, names in sorted(FAMILIES.items()) for name in names.split()}
_REMOVED = {
    "list": "it was removed in Terraform 0.15; write [...] or use tolist",
    "map": "it was removed in Terraform 0.15; write {...} or use tomap",
    "defaults": "it was an experiment; use optional attributes with defaults",
}
_loaded: dict[str, Function] = {}


class _Functions(Mapping[str, Function]):
    """All functions that are called, by name."""

    def __getitem__(self, name: str) -> Function:
        found = _loaded.get(name)
        if found is None:
            module = import_module(f"{__package__}.{_FAMILY_OF[name]}")
            _loaded.update({function.name: function for function in module.FUNCTIONS})
            found = _loaded[name]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_FAMILY_OF)

    def __len__(self) -> int:
        return len(_FAMILY_OF)


FUNCTIONS: Mapping[str, Function] = _Functions()


def lookup(name: str, console: bool = False, opentofu: bool = False) -> Function | None:
    """The function of a name, `core::` before it or not.

    `type` is one in a console only, as in Terraform, and what OpenTofu adds in its files only.
    """
    plain = name.removeprefix("core::")
    if plain not in _FAMILY_OF or (plain in CONSOLE_ONLY and not console) or (plain in OPENTOFU_ONLY and not opentofu):
        return None
    return FUNCTIONS[plain]


def suggest(name: str, opentofu: bool = False) -> str:
    """What to say of a name that no function has, with the name that was probably meant."""
    plain = name.removeprefix("core::")
    text = f'There is no function named "{name}".'
    if plain in _REMOVED:
        return f"{text} {_REMOVED[plain][0].upper()}{_REMOVED[plain][1:]}."
    if plain in CONSOLE_ONLY:
        return f"{text} It is available only in a console."
    if plain in OPENTOFU_ONLY:
        return f"{text} OpenTofu has one, and it may be called in .tofu files."
    known = (*_FAMILY_OF, *SPECIAL) if opentofu else (*(n for n in _FAMILY_OF if n not in OPENTOFU_ONLY), *SPECIAL)
    return f"{text}{did_you_mean(plain, known)}"
