"""Fixtures: a workspace with a checked previous period and the one a year ago, and a way to run single rules quickly.

No conftest.py: a second one would hide the first from tests that import it by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from validation_builders import PERIOD, Build, former, make_workspace

from soko import clean
from soko.findings import Finding
from soko.params import Params
from soko.tables import Table, load_tables
from soko.validation.bench import Bench, set_up
from soko.validation.result import RuleRun
from soko.validation.rules import run_rules
from soko.validation.verdicts import Verdicts
from soko.workspace import Workspace


@dataclass
class Lab:
    """Everything that does not change from case to case."""

    workspace: Workspace
    params: Params
    tables: dict[str, Table]

    def bench(self, build: Build) -> Bench:
        return set_up(build.intake(), self.params, PERIOD, self.tables)

    def run(self, build: Build, *names: str) -> tuple[list[Finding], list[RuleRun]]:
        """Run the named rules («marks.unknown_mark»), or all."""
        intake = build.intake()
        with set_up(intake, self.params, PERIOD, self.tables, lazily=True) as bench:
            if names:
                bench.tables = {
                    table.table: table.model_copy(
                        update={"rules": [rule for rule in table.rules if f"{table.table}.{rule.id}" in names]}
                    )
                    for table in self.tables.values()
                }
            findings, runs, _ = run_rules(bench, intake, self.workspace, Verdicts(None))
            return findings, runs


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    workspace = make_workspace(tmp_path_factory.mktemp("validation"))
    result = Lab(workspace, Params(workspace), load_tables(workspace))
    for salt, period in (("before", PERIOD.previous()), ("earlier", PERIOD.year_ago())):
        with set_up(former(salt).intake(), result.params, period, result.tables) as other:
            clean.write(clean.build(other.connection, result.tables, other.present), workspace.clean(period))
    return result


@pytest.fixture
def fresh(tmp_path) -> Workspace:
    """A workspace of its own, without a previous period."""
    return make_workspace(tmp_path)
