"""Revisions of Alembic: Python that is read and never run, in the order of `down_revision`.

Constant text in `op.execute` is replayed. Every other step of `upgrade` becomes an unread statement, whose reason
describes the step.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from iacpolicy.core.diagnostics import Diagnostic, error, note
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree
from iacpolicy.sql.migrations.constants import Environment, strings_of, text_of
from iacpolicy.sql.model.names import quoted
from iacpolicy.sql.syntax.grammar import SqlRefusedError
from iacpolicy.sql.syntax.parse import ParsedFile, Statement, UnreadStatement, parse_text

MAX_BYTES = 500_000
MAX_STEPS = 2_000
MAX_CHARACTERS = 2_000_000

_ANYTHING = "\\"
_HARMLESS = frozenset({"bulk_insert", "f", "get_bind", "get_context", "print", "info", "debug", "warning"})
_RENAMES = {"rename_table", "drop_table"}


def ordered(tree: Tree, paths: Sequence[str]) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Return the revisions, each after its `down_revision`, and the diagnostics.

    Without revisions, the files are the `.sql` files (offline output).
    """
    diagnostics: list[Diagnostic] = []
    revisions: dict[str, tuple[str, tuple[str, ...]]] = {}
    for path in (p for p in paths if p.endswith(".py")):
        module = _module(tree, path)
        if isinstance(module, Diagnostic):
            diagnostics.append(module)
            continue
        environment = _globals(module[1])
        revision = environment.get("revision")
        if not isinstance(revision, str):
            continue
        if revision in revisions:
            other = revisions[revision][0]
            what = f"{other} is revision {revision} too. Alembic refuses to run. Give one of them another id."
            diagnostics.append(error("Two migrations have one version", what, file_start(path)))
            continue
        revisions[revision] = path, (*_names(environment, "down_revision"), *_names(environment, "depends_on"))
    files, problems = _topological(revisions)
    diagnostics.extend(problems)
    scripts = sorted(p for p in paths if p.endswith(".sql"))
    if files and scripts:
        what = "Revisions define the database; these scripts were not replayed, although a revision may run them."
        diagnostics.append(note("Scripts are not replayed", what, file_start(scripts[0])))
    return tuple(files or scripts), diagnostics


def parse_revision(source: SourceFile) -> ParsedFile:
    """Return the statements of `upgrade` in a revision, in order."""
    module = _parsed(source)
    if isinstance(module, Diagnostic):
        return ParsedFile(
            source.path, (UnreadStatement(_ANYTHING, file_start(source.path), module.summary.lower()),), (module,)
        )
    work = _RevisionReader(source, _globals(module))
    upgrade = next((n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == "upgrade"), None)
    if upgrade is None:
        unknown = UnreadStatement(_ANYTHING, file_start(source.path), "the revision has no function upgrade()")
        return ParsedFile(source.path, (unknown,), ())
    items = tuple(work.block(upgrade.body, work.environment))
    return ParsedFile(source.path, items, tuple(work.diagnostics))


def _module(tree: Tree, path: str) -> tuple[SourceFile, ast.Module] | Diagnostic:
    source = tree.read(path)
    if isinstance(source, Diagnostic):
        return source
    module = _parsed(source)
    return module if isinstance(module, Diagnostic) else (source, module)


def _parsed(source: SourceFile) -> ast.Module | Diagnostic:
    if len(source.text) > MAX_BYTES:
        what = f"It has more than {MAX_BYTES} characters and was not read."
        return error("Revision is too large", what, file_start(source.path))
    try:
        return ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        line = max(1, getattr(problem, "lineno", None) or 1)
        what = "It is not valid Python, so its changes are unknown. Correct it."
        return error("Revision cannot be read", what, Span(source.path, line, 1, line, 1))


def _globals(module: ast.Module) -> Environment:
    """Return the texts and lists of texts that the module assigns to names."""
    found: dict[str, str | tuple[str, ...] | None] = {}
    for node in module.body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if isinstance(node, ast.AnnAssign):
            target = node.target
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and value is not None:
            found[target.id] = _value_of(value, found)
    return found


def _value_of(node: ast.expr, environment: Environment) -> str | tuple[str, ...] | None:
    text = text_of(node, environment)
    return text if text is not None else strings_of(node, environment)


def _names(environment: Environment, key: str) -> tuple[str, ...]:
    value = environment.get(key)
    return (value,) if isinstance(value, str) else value or ()


def _topological(revisions: Mapping[str, tuple[str, tuple[str, ...]]]) -> tuple[list[str], list[Diagnostic]]:
    """Return the paths in the order of their `down_revision`, and the diagnostics.

    Of several revisions that may come next, the first by path does.
    """
    files: list[str] = []
    diagnostics: list[Diagnostic] = []
    waiting = {name: {n for n in after if n in revisions} for name, (_, after) in revisions.items()}
    for path, after in revisions.values():
        for name in after:
            if name not in revisions and not any(known.startswith(name) for known in revisions):
                what = f"It depends on revision {name}, which is missing, so the changes of that revision are unknown."
                diagnostics.append(error("Revision is missing", what, file_start(path)))
    followed = {name for after in waiting.values() for name in after}
    heads = sorted(revisions[name][0] for name in revisions if name not in followed)
    if len(heads) > 1:
        what = f"{' and '.join(heads[:3])} are separate heads; they were replayed one after the other."
        diagnostics.append(note("Several heads", what, file_start(heads[1])))
    while waiting:
        ready = sorted((revisions[name][0], name) for name, after in waiting.items() if not after)
        if not ready:
            path = min(revisions[name][0] for name in waiting)
            what = "It depends on itself through others; these revisions were replayed in the order of their names."
            diagnostics.append(error("Revisions form a cycle", what, file_start(path)))
            files.extend(sorted(revisions[name][0] for name in waiting))
            break
        for path, name in ready:
            files.append(path)
            del waiting[name]
        done = {name for _, name in ready}
        waiting = {name: after - done for name, after in waiting.items()}
    return files, diagnostics


class _RevisionReader:
    def __init__(self, source: SourceFile, environment: Environment) -> None:
        self.source = source
        self.environment = environment
        self.diagnostics: list[Diagnostic] = []
        self.steps = 0
        self.characters = 0

    def block(self, body: Sequence[ast.stmt], environment: Environment) -> Iterator[Statement | UnreadStatement]:
        """Yield the steps of a block; a step under a condition is unread, because it may not run."""
        names = dict(environment)
        for node in body:
            self.steps += 1
            if self.steps > MAX_STEPS:
                yield self.unread(node, _ANYTHING, "the revision has too many steps")
                return
            match node:
                case ast.Pass() | ast.Import() | ast.ImportFrom() | ast.Return(value=None):
                    continue
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    names[name] = _value_of(value, names)
                    yield from self.calls(value, names) if names[name] is None else ()
                case ast.For(target=ast.Name(id=name), iter=values, body=inner, orelse=[]):
                    items = strings_of(values, names)
                    if items is None:
                        yield self.unread(node, _ANYTHING, "a loop over unknown values runs it")
                        continue
                    for item in items:
                        yield from self.block(inner, {**names, name: item})
                case ast.Expr(value=value):
                    yield from self.calls(value, names)
                case ast.With(items=[ast.withitem(ast.Call(func=ast.Attribute(attr="batch_alter_table")))]):
                    yield self.unread(node, "table", "batch_alter_table() is run by Alembic and was not followed")
                case _:
                    yield self.unread(node, _ANYTHING, f"`{_word(node)}` decides which part of it runs")

    def calls(self, value: ast.expr, environment: Environment) -> Iterator[Statement | UnreadStatement]:
        if not isinstance(value, ast.Call):
            if any(isinstance(n, ast.Call) for n in ast.walk(value)):
                yield self.unread(value, _ANYTHING, "the expression calls functions")
            return
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        if name == "execute":
            yield from self.executed(value, environment)
        elif name in _RENAMES and (text := _as_sql(name, value, environment)):
            yield from self.sql(text, value)
        elif name not in _HARMLESS:
            own = isinstance(value.func, ast.Attribute) and getattr(value.func.value, "id", "") in {"op", "batch_op"}
            words = re.sub(r"\W+", " ", f"table {name}") if own else _ANYTHING
            unread = self.unread(value, words, f"{name or 'a call'}() is run by Alembic and was not followed")
            yield unread._replace(makes=_made(value, environment)) if own and name == "create_table" else unread

    def executed(self, call: ast.Call, environment: Environment) -> Iterator[Statement | UnreadStatement]:
        given = call.args[0] if call.args else next((k.value for k in call.keywords), None)
        text = text_of(given, environment) if given is not None else None
        if text is None:
            yield self.unread(call, _ANYTHING, "the executed text is not constant")
        else:
            yield from self.sql(text, given or call)

    def sql(self, text: str, node: ast.expr) -> Iterator[Statement | UnreadStatement]:
        span = self.span(node)
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            yield self.unread(node, _ANYTHING, "the revision executes too much text")
            return
        is_verbatim = isinstance(_literal(node), ast.Constant) and span.end_line - span.line == text.count("\n")
        try:
            statements = parse_text(text, span)
        except SqlRefusedError as refused:
            what = f"PostgreSQL refuses the executed text: {refused}. It was not read, so its effect is unknown."
            self.diagnostics.append(error("SQL syntax error", what, span))
            yield UnreadStatement(text if len(text) < MAX_BYTES else _ANYTHING, span, str(refused))
            return
        position = 0
        for statement in statements:
            at = text.find(statement.text, position) if is_verbatim and statement.text else -1
            if at > 0:
                position = at + len(statement.text)
                line = span.line + text.count("\n", 0, at)
                column = at - text.rfind("\n", 0, at) if "\n" in text[:at] else span.column
                last = line + statement.text.count("\n")
                yield statement._replace(span=Span(span.path, line, column, last, column + 1))
            else:
                yield statement

    def unread(self, node: ast.AST, text: str, why: str) -> UnreadStatement:
        return UnreadStatement(text, self.span(node), why)

    def span(self, node: ast.AST) -> Span:
        literal = _literal(node)
        line, end = getattr(literal, "lineno", 1), getattr(literal, "end_lineno", 1)
        column, last = getattr(literal, "col_offset", 0), getattr(literal, "end_col_offset", 0)
        return Span(self.source.path, line, column + 1, end, last + 1)


def _literal(node: ast.AST) -> ast.AST:
    """Return the argument of `text(…)`, and any other node unchanged."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.Constant | ast.Call):
        node = node.args[0]
    return node


def _as_sql(name: str, call: ast.Call, environment: Environment) -> str | None:
    arguments = [text_of(argument, environment) for argument in call.args]
    keywords = {k.arg: text_of(k.value, environment) for k in call.keywords if k.arg}
    if not arguments or None in arguments or any(v is None for v in keywords.values()):
        return None
    schema = keywords.get("schema")
    written = [quoted(argument or "") for argument in arguments]
    table = f"{quoted(schema)}.{written[0]}" if schema else written[0]
    if name == "drop_table":
        return f"drop table {table}"
    return f"alter table {table} rename to {written[1]}" if len(written) == 2 else None


def _made(call: ast.Call, environment: Environment) -> tuple[str, str] | None:
    """Return the schema (empty where none is given) and the name of the table that `create_table` makes."""
    keywords = {k.arg: text_of(k.value, environment) or "" for k in call.keywords if k.arg}
    name = text_of(call.args[0], environment) if call.args else keywords.get("table_name")
    return (keywords.get("schema", ""), name) if name else None


def _word(node: ast.AST) -> str:
    return type(node).__name__.lower()
