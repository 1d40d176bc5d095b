"""The rules of a run: settings, policies, schemas, baseline and waivers of the work tree or of a revision."""

from pathlib import Path

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import Tree
from iacpolicy.settings.settings import Settings


class RulesRevision(msgspec.Struct, frozen=True):
    """The revision of the rules: its files, and the directories from which its policies can be loaded.

    `named` are policy directories of the command line, `own` those of the settings, `checks` those of Checkov checks.
    """

    revision: str
    commit: str
    tree: Tree
    named: tuple[Path, ...] = ()
    own: tuple[Path, ...] = ()
    checks: tuple[Path, ...] = ()

    def __str__(self) -> str:
        return self.revision if self.commit.startswith(self.revision) else f"{self.revision} ({self.commit[:12]})"


class RunRules(msgspec.Struct, frozen=True):
    """The settings of a run, and the revision that they come from; the base is None for the work tree.

    `diagnostics` are the problems of reading the revision, and the changes of rules that are not in force yet.
    """

    settings: Settings
    base: RulesRevision | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
