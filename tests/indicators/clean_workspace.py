"""Build data/clean of a workspace for tests, as the clean step does, and a plain pandas reading of the rules."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from soko.indicators.sources import columns
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.workspace import Workspace

REPO = Path(__file__).resolve().parents[2]

SCHOOL = """
id: s1
name_full: Школа
name_short: Школа
director: {post: Директор, name: А.А. Первая}
author: {post: Заместитель, name: Б.Б. Вторая}
levels:
  - {id: НОО, title: Начальное общее образование, grades: [1, 2, 3, 4]}
  - {id: ООО, title: Основное общее образование, grades: [5, 6, 7, 8, 9]}
  - {id: СОО, title: Среднее общее образование, grades: [10, 11]}
current_period: 2025-2026/q2
"""
CALENDAR = """
year: {start: 2025-09-01, end: 2026-05-26}
q1: {start: 2025-09-01, end: 2025-10-24}
q2: {start: 2025-11-05, end: 2025-12-30}
q3: {start: 2026-01-12, end: 2026-03-27}
q4: {start: 2026-04-06, end: 2026-05-26}
t1: {start: 2025-09-01, end: 2025-11-16}
t2: {start: 2025-11-24, end: 2026-02-22}
t3: {start: 2026-03-02, end: 2026-05-26}
"""
SUBJECTS = """
subjects:
  - title: Математика
  - title: Русский язык
  - {title: Поведение, synonyms: [Повед.], counted: false}
"""

_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}


def make(root: Path, **conventions: Any) -> Workspace:
    """A workspace with the real catalogue and table contracts; ``conventions`` override the settings."""
    for folder in ("params/indicators", "validation/tables"):
        shutil.copytree(REPO / folder, root / folder, dirs_exist_ok=True)
    own = root / "params" / "indicators" / "own.yaml"
    own.unlink(missing_ok=True)
    (root / "params" / "calendar").mkdir(exist_ok=True)
    (root / "params" / "school.yaml").write_text(SCHOOL, encoding="utf-8")
    (root / "params" / "calendar" / "2025-2026.yaml").write_text(CALENDAR, encoding="utf-8")
    (root / "params" / "subjects.yaml").write_text(SUBJECTS, encoding="utf-8")
    set_conventions(root, **conventions)
    return Workspace.open(root)


def set_conventions(root: Path, **values: Any) -> None:
    import yaml

    weights = {"five": 100, "four": 64, "three": 36, "two": 16, "na": 7}
    data = {"sou_weights": [{"since": date(2000, 1, 1), "source": "Симонов", "value": weights}], **values}
    (root / "params" / "conventions.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def put(workspace: Workspace, period: str, **tables: list[dict[str, Any]] | pd.DataFrame) -> Period:
    """Write data/clean/<period>; grade and level follow from the class, absent columns stay absent or empty."""
    parsed = Period.parse(period)
    folder = workspace.clean(parsed)
    folder.mkdir(parents=True, exist_ok=True)
    school = Params(workspace).school
    for name, rows in tables.items():
        frame = pd.DataFrame(rows)
        if "school_id" not in frame.columns:
            frame["school_id"] = "s1"
        if "class" in frame.columns:
            frame["grade"] = [int(text[:-1]) if isinstance(text, str) and text else None for text in frame["class"]]
            frame["level"] = [school.level_of(grade) if grade == grade and grade else "" for grade in frame["grade"]]
        kinds = columns(load_tables(workspace)[name])
        fields = [(column, kinds[column]) for column in kinds if column in frame.columns]
        arrays = [
            pa.array([None if pd.isna(value) else value for value in frame[column]], type=_ARROW[kind])
            for column, kind in fields
        ]
        pq.write_table(pa.table(arrays, names=[column for column, _ in fields]), folder / f"{name}.parquet")
    return parsed


def hand_in(workspace: Workspace, period: str, **tables: list[dict[str, Any]]) -> None:
    """A period with a file, so that a year finds it, and its clean tables where the check of this file leaves them.

    The own folder of a school year is handed in after its terms.
    """
    parsed = put(workspace, period, **tables)
    folder = workspace.incoming(parsed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Список.csv").write_text("x", encoding="utf-8")
    checked = Params(workspace).checked(parsed)
    if checked != workspace.clean(parsed):
        checked.mkdir(exist_ok=True)
        for path in workspace.clean(parsed).glob("*.parquet"):
            path.rename(checked / path.name)


def pupil(pupil_id: str, class_: str, sex: str = "м", **more: Any) -> dict[str, Any]:
    return {"pupil_id": pupil_id, "class": class_, "sex": sex, **more}


def marks(pupil_id: str, text: str, teacher: str | None = None, **more: Any) -> list[dict[str, Any]]:
    """«5 4 н/а» → marks in the subjects Предмет 1, Предмет 2, Предмет 3."""
    return [
        {"pupil_id": pupil_id, "subject": f"Предмет {i}", "mark": mark, "teacher_id": teacher, **more}
        for i, mark in enumerate(text.split(), 1)
    ]
