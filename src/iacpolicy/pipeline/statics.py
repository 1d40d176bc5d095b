"""What is wrong with the modules of the run whichever policies are asked: references, calls, cycles, installation."""

from iacpolicy.core.diagnostics import Diagnostic, error, warning
from iacpolicy.evaluate.module import ModuleInstance
from iacpolicy.pipeline.cells import Evaluated
from iacpolicy.settings.model import Settings
from iacpolicy.terraform.modules import Missing, NotInstalled


def static_problems(evaluated: Evaluated, settings: Settings) -> list[Diagnostic]:
    """The problems of every module call of every root, each once."""
    found: dict[Diagnostic, None] = {}
    for graph in evaluated.graphs:
        pending = [graph.root] if graph.root is not None else []
        while pending:
            module = pending.pop()
            found.update(dict.fromkeys(_calls(module, evaluated, settings)))
            pending.extend(module.children())
    return list(found)


def _calls(module: ModuleInstance, evaluated: Evaluated, settings: Settings) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    for call in module.module.calls.values():
        path = (*module.path_of_calls, call.name)
        target = evaluated.modules.resolve(call, module.module.directory, module.session.cell.root, path)
        source = call.block.attributes.get("source")
        place = source.span if source is not None else call.block.header
        if isinstance(target, Missing):
            problems.append(error(target.summary, target.detail, place))
        elif isinstance(target, NotInstalled):
            make = warning if settings.gate.uninstalled_modules == "allow" else error
            problems.append(
                make("Module is not installed", f"{target.text[0].upper()}{target.text[1:]}. {target.remedy}", place)
            )
    return problems
