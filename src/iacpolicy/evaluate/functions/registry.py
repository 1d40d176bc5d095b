"""All functions by name; a family is imported at the first call of one of its functions."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from iacpolicy.core.similar import did_you_mean
from iacpolicy.evaluate.functions.frame import Function
from iacpolicy.terraform.function_facts import FACTS, FunctionFacts, bare_name, facts_of

_REMOVED = {
    "list": "it was removed in Terraform 0.15; write [...] or use tolist",
    "map": "it was removed in Terraform 0.15; write {...} or use tomap",
    "defaults": "it was an experiment; use optional attributes with defaults",
}
_loaded: dict[str, Function] = {}


class _Functions(Mapping[str, Function]):
    """All functions that have a body, by name."""

    def __getitem__(self, name: str) -> Function:
        found = _loaded.get(name)
        if found is None:
            facts = FACTS[name]
            if facts.catches_failures:
                raise KeyError(name)
            module = import_module(f"{__package__}.{facts.family}")
            _loaded.update({function.name: function for function in module.FUNCTIONS})
            found = _loaded[name]
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, facts in FACTS.items() if not facts.catches_failures)

    def __len__(self) -> int:
        return sum(1 for _ in self)


FUNCTIONS: Mapping[str, Function] = _Functions()


def exists(name: str, console: bool = False, opentofu: bool = False) -> bool:
    """Report whether a function of this name, with or without `core::`, may be called.

    `type` exists in a console only, as in Terraform. A function that OpenTofu adds exists in its files only.
    """
    facts = facts_of(name)
    return facts is not None and _may_be_called(facts, console, opentofu)


def lookup(name: str, console: bool = False, opentofu: bool = False) -> Function | None:
    """Return the function of a name, None where no such function `exists` or where it has no body: `try`, `can`."""
    facts = facts_of(name)
    if facts is None or facts.catches_failures or not _may_be_called(facts, console, opentofu):
        return None
    return FUNCTIONS[facts.name]


def _may_be_called(facts: FunctionFacts, console: bool, opentofu: bool) -> bool:
    return (console or not facts.console_only) and (facts.terraform is not None or opentofu)


def suggest(name: str, opentofu: bool = False) -> str:
    """Return the message about a name that no function has, with the name of the most similar function."""
    plain = bare_name(name)
    text = f'There is no function named "{name}".'
    if plain in _REMOVED:
        return f"{text} {_REMOVED[plain][0].upper()}{_REMOVED[plain][1:]}."
    facts = FACTS.get(plain)
    if facts is not None and facts.console_only:
        return f"{text} It is available only in a console."
    if facts is not None and facts.terraform is None:
        return f"{text} OpenTofu has one from version {facts.opentofu} on, for use in .tofu files."
    return text + did_you_mean(plain, [f.name for f in FACTS.values() if _may_be_called(f, True, opentofu)])
