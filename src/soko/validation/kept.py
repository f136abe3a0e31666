"""What came of a table or of a group of rules, remembered: only what has changed is asked again.

The key of an answer is everything that it depends on: the question itself and every relation that its SQL names, down
to the rows (``Bench.fingerprint``), the settings among them. One changed mark asks the rules that read marks; those of
staff or premises answer as they did. Answers of other code or other libraries are not read at all.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, astuple, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from soko.findings import Finding
from soko.intake.private import private_key
from soko.periods import Period
from soko.sealed import read_sealed, write_sealed
from soko.tables import Rule, Table
from soko.validation.bench import Bench
from soko.validation.gx import Check, Outcome
from soko.workspace import Workspace

_LIBRARIES = ("duckdb", "great-expectations", "pandas", "pyarrow")


class Kept:
    """The answers of one period as JSON values; ``save`` keeps those that this check has used.

    Without a workspace nothing is remembered.
    """

    def __init__(self, workspace: Workspace | None = None, period: Period | None = None) -> None:
        self._secret = private_key(workspace) if workspace else b""
        self._path = path_of(workspace, period) if workspace and period else None
        self._used: dict[str, Any] = {}
        self._known: dict[str, Any] = {}
        text = read_sealed(self._path, self._secret) if self._path is not None else None
        stored = json.loads(text) if text is not None else {}
        if stored.get("made_by") == _made_by():
            self._known = stored["answers"]

    @property
    def is_on(self) -> bool:
        """Whether anything is remembered, so that keys are worth computing."""
        return self._path is not None

    def get(self, key: str) -> Any:
        """The answer with that key, or None when it has to be asked."""
        if key in self._known:
            self._used[key] = self._known[key]
        return self._known.get(key)

    def put(self, key: str, answer: Any) -> None:
        """Remember the answer, unless it holds what JSON would give back as something else."""
        try:
            if self.is_on and json.loads(json.dumps(answer)) == answer:
                self._used[key] = answer
        except (TypeError, ValueError):
            return

    def save(self) -> None:
        """Write what was used; answers to other questions, or about other data, are forgotten."""
        if self._path is not None and self._used.keys() != self._known.keys():
            record = {"made_by": _made_by(), "answers": self._used}
            write_sealed(self._path, json.dumps(record, ensure_ascii=False, sort_keys=True), self._secret)


def path_of(workspace: Workspace, period: Period) -> Path:
    """Where the answers of a period are remembered."""
    return workspace.history / "verdicts" / f"{period.id}.answers.json"


@dataclass
class Answer:
    """Of a group of rules, in their order: what was judged; and the findings."""

    judged: list[tuple[Check, Outcome]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, plain: Any) -> Answer:
        """From ``plain``."""
        judged = [(Check(**check), Outcome(**outcome)) for check, outcome in plain["judged"]]
        return cls(judged, [Finding(*item) for item in plain["findings"]])

    def plain(self) -> dict[str, Any]:
        """As a JSON value."""
        judged = [[asdict(check), asdict(outcome)] for check, outcome in self.judged]
        return {"judged": judged, "findings": [list(astuple(item)) for item in self.findings]}


def group_key(bench: Bench, intake: Any, table: Table, source: str, rules: list[Rule]) -> str:
    """The key of rules of a table that take the same rows."""
    given = [rule.model_dump(mode="json") for rule in rules]
    # The table itself is read in any case: it gives the addresses.
    text = " ".join([table.table, source, json.dumps(given, ensure_ascii=False, sort_keys=True)])
    facts = [table.model_dump_json(exclude={"rules"}), bench.fingerprint(text), len(bench.schools) > 1]
    if any(rule.expectation == "expect_column_values_to_not_be_null" for rule in rules):
        facts.append(sorted({(item.file, item.sheet, item.cell) for item in intake.findings if item.cell}))
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _made_by() -> list[Any]:
    """The code that judges and words, and the libraries."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted([*package.glob("*.py"), *(package / "validation").glob("*.py")]):
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return [digest.hexdigest(), [version(name) for name in _LIBRARIES]]
