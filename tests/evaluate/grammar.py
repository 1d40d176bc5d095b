"""Random expressions by their likely type, over variables and bound names."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

DECLARATIONS = """
variable "s" { type = string }
variable "t" {
  type     = string
  nullable = false
}
variable "n" { type = number }
variable "b" { type = bool }
variable "l" { type = list(string) }
variable "e" { type = set(string) }
variable "m" { type = map(number) }
variable "o" {
  type     = object({ a = string, b = optional(number, 1), c = list(number) })
  nullable = false
}
variable "any" {}
"""

VALUES = {
    "s": ('"a"', '"b"', '""', '"1"', '"true"', "null"),
    "t": ('"a"', '"x-1"', '"k"'),
    "n": ("0", "1", "2", "-1.5", "null"),
    "b": ("true", "false", "null"),
    "l": ("[]", '["a"]', '["b", "a"]', '["a", "a", "1"]', "null"),
    "e": ("[]", '["a"]', '["k", "a"]'),
    "m": ("{}", "{ a = 1 }", "{ k = 2, a = 0 }", "null"),
    "o": ('{ a = "x", c = [] }', "{ a = null, b = 2, c = [1, 2] }", '{ a = "a", b = null, c = [0] }'),
    "any": ('"a"', "1", "true", "null", "[]", '["a", "b"]', "{ a = 1 }", '{ a = "x", c = [1] }', "[{ a = 1 }]"),
}

# the expressions by the kind of their result; `<kind>` is a placeholder for any expression of a kind
PRODUCTIONS = {
    "bool": """
true
false
var.b
(<text> == <text>)
(<text> != <text>)
(<number> < <number>)
(<number> >= <number>)
(<number> == <number>)
(<bool> && <bool>)
(<bool> || <bool>)
(<bool> == <bool>)
(<any> == <any>)
(<list> == <list>)
(<map> == <map>)
!<bool>
can(<any>)
can(<any>.a)
can(tonumber(<any>))
(<any> == null)
(<any> != null)
contains(<list>, <text>)
startswith(<text>, <text>)
strcontains(<text>, <text>)
alltrue([for v in <list> : v != "a"])
anytrue([for v in <list> : v == var.s])
(<bool> ? <bool> : <bool>)
try(<bool>, <bool>)
""",
    "number": """
0
1
2.5
var.n
var.m.a
var.o.b
(<number> + <number>)
(<number> - <number>)
(<number> * <number>)
(<number> % 2)
max(<number>, <number>)
min(<number>, <number>)
length(<list>)
length(<map>)
length(<text>)
length(keys(<map>))
sum([for v in <list> : length(v)])
try(tonumber(<text>), 7)
try(<any>, <number>)
lookup(<map>, <text>, <number>)
floor(<number>)
(<bool> ? <number> : <number>)
-<number>
""",
    "text": """
"a"
"k"
""
var.s
var.t
var.o.a
"x-${<text>}"
"${<text>}${<number>}"
"%{ if <bool> }a%{ else }${<text>}%{ endif }"
"%{ for v in <list> }${v},%{ endfor }"
upper(<text>)
trimspace(<text>)
coalesce(<text>, <text>)
trimprefix(<text>, <text>)
replace(<text>, "a", <text>)
join("-", <list>)
jsonencode(<any>)
(<list>)[0]
element(<list>, 0)
one(<list>)
tostring(<any>)
try(<any>.a, "d")
format("%s", <any>)
try(<any>, <text>)
{ a = "p", k = <text> }[<text>]
[<text>, "q"][<number>]
(<bool> ? <text> : <text>)
""",
    "list": """
[]
["a", "b"]
var.l
var.e
var.o.c
[<text>, <text>]
[<any>]
[for k, v in <list> : <element>]
[for k, v in <list> : v if <bool>]
[for k, v in <list> : k if v == <text>]
[for v in <list> : v if v != var.s]
[for k, v in <map> : <element>]
concat(<list>, <list>)
setunion(<list>, <list>)
tolist(<list>)
toset(<list>)
distinct(<list>)
reverse(<list>)
flatten([<list>])
compact(<list>)
sort(<list>)
slice(<list>, 0, <number>)
(<list>)[*]
(<list>)[*].a
(<list>).*.a
(<any>)[*]
(<any>)[*].a
keys(<map>)
values(<map>)
try(<any>[*], [])
tolist(<any>)
split("-", <text>)
(<bool> ? <list> : <list>)
[max(<list>...), 1]
range(<number>)
setproduct(<list>, <list>)
""",
    "map": """
{}
{ a = 1 }
var.m
var.o
{ a = <any>, k = <text> }
{ (<text>) = <any> }
{ for k, v in <list> : v => <element>... }
{ for v in <list> : v => <any>... if <bool> }
{ for v in <list> : v => <text> }
{ for k, v in <map> : k => <element> }
merge(<map>, <map>)
tomap(<map>)
try(tomap(<map>), {})
zipmap(["a", "k"], [<any>, <text>])
(<bool> ? <map> : <map>)
""",
    "any": """
null
var.any
var.any.a
var.any[0]
<bool>
<number>
<text>
<list>
<map>
try(<any>, <any>)
(<bool> ? <any> : <any>)
jsondecode(jsonencode(<any>))
nonsensitive(sensitive(<any>))
""",
    "element": """
v
k
v.a
k == v
v == var.s
upper(v)
"${k}-${v}"
length(v)
v + 1
<any>
""",
}
_OPTIONS = {kind: tuple(text.strip().split("\n")) for kind, text in PRODUCTIONS.items()}
_LEAVES = {kind: tuple(o for o in options if "<" not in o) for kind, options in _OPTIONS.items()}
_HOLE = re.compile(r"<(\w+)>")


def build(choose: Callable[[Sequence[str]], str], kind: str = "any", depth: int = 4) -> str:
    """Return an expression; `choose` selects each production."""
    pattern = choose(_OPTIONS[kind] if depth > 0 else _LEAVES[kind])
    return _HOLE.sub(lambda hole: build(choose, hole[1], depth - 1), pattern)


@st.composite
def expressions(draw: Any) -> str:
    """Return a strategy for all expressions of the grammar."""
    return build(lambda options: draw(st.sampled_from(options)), "any", draw(st.integers(1, 5)))


inputs = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
