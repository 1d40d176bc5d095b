"""Possible effects of SQL that is only partly known, derived from its known words.

A pattern is the text with a `HOLE` for each value that only the running database knows.
"""

import re
from collections.abc import Callable

from iacpolicy.core.spans import Span
from iacpolicy.sql.expressions.values import HOLE
from iacpolicy.sql.model.database import ApiSchemasSetting, Aspect, ForeignImport, SchemaDoubt, Table
from iacpolicy.sql.model.names import TEMPORARY
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import MAX_REASONS, with_reasons

EVERYTHING = (Aspect.RLS, Aspect.FORCE, Aspect.POLICIES, Aspect.GRANTS, Aspect.REVOKES)

_TARGET = r"(?P<target>[^\s(;]+)"
_alter_table = re.compile(
    rf"alter (?:foreign )?table (?:if exists )?(?:only )?{_TARGET}\s?\*?(?P<action>.*)", re.DOTALL
).match
_policy = re.compile(rf"(?:create|alter|drop) policy .*? on {_TARGET}", re.DOTALL).match
_grant = re.compile(rf"(?:grant|revoke) .*? on (?:table )?{_TARGET} (?:to|from) ", re.DOTALL).match
_stored_setting = re.compile(r"alter (?:role|user) (?!all ).*?(?:set|reset) (?P<name>[^\s=]+)", re.DOTALL).match
_import = re.compile(r"import foreign schema .*?(?:from server (?P<server>\S+) )?into (?P<schema>\S+)", re.DOTALL).match
_drop_table = re.compile(rf"drop table (?:if exists )?{_TARGET}", re.DOTALL).match
_explain = re.compile(r"explain (?:\((?P<options>[^)]*)\) ?|(?P<words>(?:analy[sz]e |verbose )+))?", re.DOTALL).match
_runs = re.compile(r"analy[sz]e(?! (?:false|off|0)\b)").search
_harmless = re.compile(
    r"(?:select|insert|update|delete|merge|with|values|truncate|comment|analyze|vacuum|refresh|reindex|cluster|lock|"
    r"copy|notify|listen|set|reset|show|do nothing|security label|checkpoint|discard plans|"
    r"(?:create|alter|drop) (?:or replace )?(?:unique |constraint |temporary |temp )*(?:index|trigger|function|"
    r"procedure|sequence|type|domain|extension|publication|subscription|view|materialized view|aggregate|operator|"
    r"cast|collation|statistics|rule|event trigger|foreign data wrapper|server|user mapping|role|user|group|database|"
    r"system|text search))\b"
).match


def doubt_pattern(state: ReplayState, pattern: str, why: str, span: Span) -> None:
    """Doubt the objects that statements of this pattern may change."""
    for piece in pattern.split(";"):
        squeezed = " ".join(piece.replace('"', "").lower().split())
        if squeezed:
            _apply_one(state, squeezed, why, span)


def doubt_unread(state: ReplayState, text: str, why: str, span: Span) -> None:
    """Doubt the objects that a statement may change that could not be read, by the words and names in it."""
    squeezed = " ".join(text.replace('"', "").lower().split())
    words = set(re.findall(r"[\w$]+", squeezed))
    aspects = [Aspect.RLS, Aspect.FORCE] if "row level security" in squeezed else []
    if "policy" in words:
        aspects.append(Aspect.POLICIES)
    if words & {"grant", "revoke"}:
        aspects.extend((Aspect.GRANTS, Aspect.REVOKES))
    if text.startswith("\\"):
        aspects = list(EVERYTHING)
    if "pgrst" in words:
        _set_unknown_api_schemas(state, why, span)
    if words >= {"import", "foreign", "schema"}:
        _import_unknown(state, None, "", why, span)
    if not aspects:
        if "table" in words:
            state.doubt(Aspect.EXISTENCE, why, span)
        return
    state.spend(len(state.tables))
    named = [table for table in state.tables.values() if table.name.name.lower() in words]
    for table in named or list(state.tables.values()):
        _doubt(state, table, aspects, why, span)
    if not named:
        state.doubt(aspects[0], why, span)


def doubt_everything(state: ReplayState, why: str, span: Span) -> None:
    """Doubt every table, because a statement with unknown effects ran."""
    _on_tables(state, None, EVERYTHING, why, span)
    state.doubt(Aspect.EXISTENCE, why, span)


def _apply_one(state: ReplayState, text: str, why: str, span: Span) -> None:
    if found := _explain(text):
        options = found["options"] or found["words"] or ""
        if not _runs(options) and HOLE not in options and not text.startswith(HOLE, found.end()):
            return
        text = text[found.end() :]
    if found := _alter_table(text):
        _alter(state, found["target"], found["action"].strip(), why, span)
    elif found := _policy(text):
        _on_tables(state, found["target"], (Aspect.POLICIES,), why, span)
    elif text.startswith(("grant ", "revoke ")):
        found = _grant(text)
        aspect = Aspect.GRANTS if text.startswith("grant ") else Aspect.REVOKES
        _on_tables(state, found["target"] if found else None, (aspect,), why, span)
    elif text.startswith("alter default privileges"):
        state.doubt(Aspect.GRANTS, why, span)
    elif found := _drop_table(text):
        _on_tables(state, found["target"], (Aspect.EXISTENCE,), why, span)
    elif text.startswith(("drop schema", "drop owned", "alter schema")):
        _on_tables(state, None, (Aspect.EXISTENCE,), why, span)
    elif text.startswith("create ") and " table " in text:
        state.doubt(Aspect.EXISTENCE, why, span)
    elif found := _import(text):
        schema = None if HOLE in found["schema"] else found["schema"]
        _import_unknown(state, schema, found["server"] or "", why, span)
    elif (found := _stored_setting(text)) and ("pgrst." in found["name"] or HOLE in found["name"]):
        _set_unknown_api_schemas(state, why, span)
    elif not _harmless(text):
        doubt_everything(state, why, span)


def _import_unknown(state: ReplayState, schema: str | None, server: str, why: str, span: Span) -> None:
    found = ForeignImport(schema, server, SchemaDoubt(Aspect.EXISTENCE, why, span))
    state.set(state.foreign_imports, found, found)


def _set_unknown_api_schemas(state: ReplayState, why: str, span: Span) -> None:
    reason = SchemaDoubt(Aspect.EXISTENCE, why, span)
    state.set(state.api_schemas, (HOLE, "", span), ApiSchemasSetting("", None, span, reason))


def _alter(state: ReplayState, target: str, action: str, why: str, span: Span) -> None:
    switches = re.findall(r"(no force|force|enable|disable) row level security", action)
    for switch in switches:
        aspect = Aspect.FORCE if "force" in switch else Aspect.RLS
        _on_tables(state, target, (aspect,), why, span, value=switch in {"enable", "force"})
    if switches:
        return
    if action.startswith(("rename to", "set schema")):
        _on_tables(state, target, (Aspect.EXISTENCE,), why, span)
    elif action.startswith(HOLE) or not action or re.match(rf"(?:enable|disable|force|no force) {HOLE}", action):
        _on_tables(state, target, (Aspect.RLS, Aspect.FORCE), why, span)


def _on_tables(
    state: ReplayState, target: str | None, aspects: tuple[Aspect, ...], why: str, span: Span, value: bool | None = None
) -> None:
    state.spend(len(state.tables))
    matches = _matcher(target)
    for table in list(state.tables.values()):
        if table.name.schema == TEMPORARY or not matches(table):
            continue
        settled = {Aspect.RLS: table.rls_enabled, Aspect.FORCE: table.rls_forced}
        _doubt(state, table, [aspect for aspect in aspects if value is None or settled.get(aspect) != value], why, span)


def _matcher(target: str | None) -> Callable[[Table], bool]:
    """Return a test whether a name with holes can mean a table."""
    if target is None:
        return lambda table: True
    qualified = "." in target or target == HOLE
    expression = re.compile(".*".join(re.escape(part) for part in re.split(f"{HOLE}+", target)), re.DOTALL)

    def matches(table: Table) -> bool:
        name = table.name.name.lower()
        full = f"{table.name.schema.lower()}.{name}" if qualified and target != HOLE else name
        return expression.fullmatch(full) is not None

    return matches


def _doubt(state: ReplayState, table: Table, aspects: list[Aspect], why: str, span: Span) -> None:
    aspects_known = [reason.aspect for reason in table.uncertain]
    if all(aspects_known.count(aspect) >= MAX_REASONS for aspect in aspects):
        return
    reasons = with_reasons(table.uncertain, *(SchemaDoubt(aspect, why, span) for aspect in aspects))
    if reasons != table.uncertain:
        state.put(table, uncertain=reasons)
