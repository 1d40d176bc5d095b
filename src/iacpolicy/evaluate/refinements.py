"""What is known of a value that is not known: that it is not null, and how its text begins and ends.

Read off its term, so that no value has to carry it: `"prefix-${x}"` is never null and never empty, whatever `x` is.
"""

from iacpolicy.evaluate.terms import Apply, Constant, Leaf, Term

_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "!", "neg", "template"})
_FUNCTIONS = frozenset(
    [
        "abs",
        "abspath",
        "alltrue",
        "anytrue",
        "base64decode",
        "base64encode",
        "base64gzip",
        "base64sha256",
        "base64sha512",
        "basename",
        "bcrypt",
        "can",
        "ceil",
        "chomp",
        "chunklist",
        "cidrhost",
        "cidrnetmask",
        "cidrsubnet",
        "cidrsubnets",
        "coalesce",
        "coalescelist",
        "compact",
        "concat",
        "contains",
        "dirname",
        "distinct",
        "endswith",
        "file",
        "filebase64",
        "fileexists",
        "fileset",
        "floor",
        "flatten",
        "format",
        "formatdate",
        "formatlist",
        "indent",
        "index",
        "issensitive",
        "join",
        "jsonencode",
        "keys",
        "length",
        "log",
        "lower",
        "matchkeys",
        "max",
        "md5",
        "min",
        "parseint",
        "pathexpand",
        "plantimestamp",
        "pow",
        "range",
        "regexall",
        "replace",
        "reverse",
        "setintersection",
        "setproduct",
        "setsubtract",
        "setunion",
        "sha1",
        "sha256",
        "sha512",
        "signum",
        "slice",
        "sort",
        "split",
        "startswith",
        "strcontains",
        "strrev",
        "substr",
        "sum",
        "templatefile",
        "templatestring",
        "timeadd",
        "timecmp",
        "timestamp",
        "title",
        "transpose",
        "trim",
        "trimprefix",
        "trimspace",
        "trimsuffix",
        "upper",
        "urlencode",
        "uuid",
        "uuidv5",
        "values",
        "yamlencode",
        "zipmap",
    ]
)


def is_never_null(term: Term) -> bool:
    """Whether a value cannot be null: it is computed, or its missing fact may not be null."""
    if isinstance(term, Leaf):
        return not term.nullable
    if isinstance(term, Constant):
        return term.value is not None
    if term.operator == "?:":
        return all(is_never_null(o) for o in term.operands[1:])
    return term.operator in _OPERATORS or term.operator in _FUNCTIONS or term.operator.startswith("for ")


def have_other_text(left: Term, right: Term) -> bool:
    """Whether two strings cannot be equal by what is known of their beginning and end."""
    starts, ends = _edges(left), _edges(right)
    if starts is None or ends is None:
        return False
    (a, z, is_whole_a), (b, y, is_whole_b) = starts, ends
    if (is_whole_a and len(a) < len(b)) or (is_whole_b and len(b) < len(a)):
        return True
    shared, end = min(len(a), len(b)), min(len(z), len(y))
    return a[:shared] != b[:shared] or z[len(z) - end :] != y[len(y) - end :]


def _edges(term: Term) -> tuple[str, str, bool] | None:
    """How a text begins and ends, and whether that is all of it."""
    if isinstance(term, Constant):
        return (term.value, term.value, True) if isinstance(term.value, str) else None
    if not isinstance(term, Apply) or term.operator != "template":
        return None
    first, last = term.operands[0], term.operands[-1]
    begin = first.value if isinstance(first, Constant) and isinstance(first.value, str) else ""
    end = last.value if isinstance(last, Constant) and isinstance(last.value, str) else ""
    return begin, end, False
