"""What Great Expectations has judged before: a verdict is asked for once and remembered.

An expectation about single values (in a set, between, matching, not empty) says of «4» today what it said yesterday, so
only values that were never judged go to Great Expectations; one about a whole table is remembered for exactly the
columns that it read. One changed mark then costs no import of Great Expectations (2 s), and a million marks of six
kinds cost six judgements. Values are kept as hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from soko.validation import gx, verdict_file
from soko.validation.gx import Check, Outcome

#: Expectations whose verdict on a row depends on the one value of that row.
_OF_VALUES = {
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_be_between",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_not_match_regex",
    "expect_column_value_lengths_to_be_between",
    "expect_column_values_to_not_be_null",
}
#: Arguments that do not change what one value is worth. ``mostly`` and conditions do.
_HARMLESS = {"column", "value_set", "min_value", "max_value", "strict_min", "strict_max", "regex"}
_NULL = "expect_column_values_to_not_be_null"


class Verdicts:
    """The memory of one period, in ``path``; with None nothing is remembered. ``save`` keeps what this run has used.

    ``others`` are memories of other periods: the same rule says the same of the same value there.
    """

    def __init__(self, path: Path | None, others: Iterable[Path] = ()) -> None:
        self.path = path
        self._stored: dict[str, dict[str, Any]] = verdict_file.read(path)
        self._known: dict[str, Any] = {}
        for stored in (*map(verdict_file.read, others), self._stored):
            for group in stored.values():
                self._known |= group
        self._groups: dict[str, dict[str, Any]] = {}
        self._used: dict[str, Any] = {}
        self.of("")

    def of(self, group: str) -> Verdicts:
        """Itself, what it judges next being of the group of that name."""
        self._known |= self._used
        self._used = self._groups.setdefault(group, {})
        return self

    def keep(self, group: str) -> None:
        """Keep what is remembered of a group that is not judged this time because nothing of it has changed."""
        self._groups.setdefault(group, {}).update(self._stored.get(group, {}))

    def judge(self, table: str, frame: pd.DataFrame, checks: list[Check]) -> list[Outcome]:
        """One outcome a check, as ``gx.run`` gives for the whole frame (index 0…n-1), and the same errors."""
        of_values = [item for item in checks if _is_of_values(item) and item.kwargs["column"] in frame]
        whole = [item for item in checks if item not in of_values]
        found = {item.id: _Column(item, frame[item.kwargs["column"]]) for item in of_values}
        self._ask(table, list(found.values()))
        outcomes = {name: column.outcome(self._used) for name, column in found.items()}
        outcomes |= self._whole(table, frame, whole)
        return [outcomes[item.id] for item in checks]

    def save(self) -> None:
        """Write the verdicts that were used; those of values that have gone are forgotten."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        record = {
            "great_expectations": version("great-expectations"),
            "verdicts": {name: found for name, found in self._groups.items() if found},
        }
        draft.write_text(json.dumps(record, sort_keys=True) + "\n", encoding="utf-8")
        draft.replace(self.path)

    def _ask(self, table: str, columns: list[_Column]) -> None:
        """Have every distinct value judged that never was."""
        unknown: list[_Column] = []
        for column in columns:
            for key in column.keys:
                if key in self._known:
                    self._used[key] = self._known[key]
            if any(key not in self._used for key in column.keys):
                unknown.append(column)
        if not unknown:
            return
        most = max(len(column.distinct) for column in unknown) + 1  # every column has an empty cell at its end
        frames: dict[str, list[Any]] = {}
        renamed = []
        for number, column in enumerate(unknown):
            name = f"c{number}"
            frames[name] = [*column.distinct, *[None] * (most - len(column.distinct))]
            check = column.check
            renamed.append(Check(check.id, check.title, check.expectation, {**check.kwargs, "column": name}))
        judged = gx.run(table, pd.DataFrame(frames).astype(object), renamed)
        for column, outcome in zip(unknown, judged, strict=True):
            failed = set(outcome.failed)
            for at, key in enumerate(column.keys):
                self._used[key] = (at if at < len(column.distinct) else most - 1) not in failed

    def _whole(self, table: str, frame: pd.DataFrame, checks: list[Check]) -> dict[str, Outcome]:
        keys = {item.id: _content_key(item, frame) for item in checks}
        found = {}
        for item in checks:
            known = self._known.get(keys[item.id], self._used.get(keys[item.id]))
            if known is not None:
                self._used[keys[item.id]] = known
                found[item.id] = Outcome(item.id, **known)
        asked = [item for item in checks if item.id not in found]
        for item, outcome in zip(asked, gx.run(table, frame, asked) if asked else [], strict=True):
            found[item.id] = outcome
            facts = {name: getattr(outcome, name) for name in ("success", "checked", "failed", "observed", "missing")}
            if isinstance(facts["observed"], (int, float, type(None))):
                self._used[keys[item.id]] = facts
        return found


class _Column:
    """The distinct values of a column under one check, with a key for each; an empty cell has the last key."""

    def __init__(self, check: Check, column: pd.Series) -> None:
        self.check = check
        self.codes, distinct = pd.factorize(column)
        self.distinct: list[Any] = pd.Index(distinct).tolist()
        rule = json.dumps([check.expectation, {k: v for k, v in check.kwargs.items() if k != "column"}], default=str)
        nulls = [None] if check.expectation == _NULL else []
        values = [*self.distinct, *nulls]
        self.keys = [_hash(f"{rule}\n{type(value).__name__}\n{value!r}") for value in values]

    def outcome(self, verdicts: dict[str, bool]) -> Outcome:
        """What Great Expectations says of the whole column, from what it said of each value."""
        passed = pd.array([verdicts[key] for key in self.keys] or [True], dtype="bool").to_numpy()
        nulls = self.check.expectation == _NULL
        codes = self.codes.copy()
        codes[codes < 0] = len(self.distinct) if nulls else 0
        wrong = ~passed[codes] if len(codes) else passed[:0]
        missing = 0 if nulls else int((self.codes < 0).sum())
        if missing:
            wrong &= self.codes >= 0
        failed = wrong.nonzero()[0].tolist()
        return Outcome(self.check.id, not failed, len(codes) - missing, failed, None, missing)


def _is_of_values(check: Check) -> bool:
    return check.expectation in _OF_VALUES and "column" in check.kwargs and check.kwargs.keys() <= _HARMLESS


def _content_key(check: Check, frame: pd.DataFrame) -> str:
    """A key of the expectation and of the content of what it may read."""
    named = [check.kwargs.get(name) for name in ("column", "column_A", "column_B")]
    named += list(check.kwargs.get("column_list") or [])
    columns = [name for name in named if name is not None]
    part = frame[columns] if columns and set(columns) <= set(frame.columns) else frame
    rows = (
        ""
        if part.empty
        else hashlib.sha256(pd.util.hash_pandas_object(part, index=False).to_numpy().tobytes()).hexdigest()
    )
    return _hash(json.dumps([check.expectation, check.kwargs, len(frame), columns, rows], default=str))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
