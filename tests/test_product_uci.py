"""A real school's marks (two schools, three terms) through the whole product, figure by figure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import soko
from test_product_report import text_of, tokens

pytestmark = [pytest.mark.slow, pytest.mark.deep]
TERMS = (1, 2, 3)
TOLERANCE = 1e-9


@pytest.fixture(scope="module", params=["t", "q"])
def computed(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Indicators of each term, computed by the command line in a new workspace."""
    source = shared / "data" / "uci_student_expected"
    workspace = tmp_path_factory.mktemp("uci") / "school"
    assert soko("init", str(workspace)).code == 0
    frames = {}
    for term in TERMS:
        folder = workspace / "data" / "incoming" / "2025-2026" / f"{request.param}{term}"
        folder.mkdir(parents=True)
        for name in ("pupils.csv", "marks.csv"):
            shutil.copy(source / name, folder / name)
        done = soko("indicators", f"2025-2026/{request.param}{term}", "--workspace", str(workspace))
        assert done.code == 0, done.out + done.err
        path = workspace / "outputs" / "2025-2026" / f"{request.param}{term}" / "indicators.csv"
        frames[term] = pd.read_csv(path, dtype={"grade": str, "class": str, "school_id": str}, keep_default_na=False)
    return {"frames": frames, "source": source, "workspace": workspace}


def pick(frame: pd.DataFrame, indicator: str, **dimensions: str) -> pd.Series:
    """The one row with exactly these dimensions."""
    rows = frame[frame.indicator == indicator]
    for name in ("school_id", "level", "grade", "class", "subject", "sex", "teacher"):
        rows = rows[rows[name].astype(str) == dimensions.get(name, "")]
    assert len(rows) == 1, (indicator, dimensions, len(rows))
    return rows.iloc[0]


def where(row: pd.Series) -> dict[str, str]:
    return {name: str(row[name]) for name in ("school_id", "class", "subject") if name in row.index}


COUNTS = {
    "excellent": "outcomes.excellent",
    "good": "outcomes.good",
    "only45": "outcomes.quality",
    "one3": "outcomes.one_three",
    "failing": "outcomes.failing",
    "not_attested": "outcomes.not_attested",
}


@pytest.mark.parametrize("level", ["class", "school", "overall"])
def test_pupils_counts(computed: dict, level: str) -> None:
    expected = pd.read_csv(computed["source"] / f"expected_pupil_{level}.csv")
    for _, row in expected.iterrows():
        frame = computed["frames"][row.term]
        for column, indicator in COUNTS.items():
            got = pick(frame, indicator, **where(row))
            assert float(got.numerator) == row[column]
            assert float(got.denominator) == row.pupils
            assert abs(float(got.value) - 100 * row[column] / row.pupils) < TOLERANCE


@pytest.mark.parametrize("level", ["class", "school", "overall"])
def test_subject_values(computed: dict, level: str) -> None:
    expected = pd.read_csv(computed["source"] / f"expected_subject_{level}.csv")
    for _, row in expected.iterrows():
        frame = computed["frames"][row.term]
        pairs = {
            "subjects.success": "success_pct",
            "subjects.quality": "quality_pct",
            "subjects.sou": "sou",
            "subjects.mean_mark": "mean_mark",
        }
        for indicator, column in pairs.items():
            assert abs(float(pick(frame, indicator, **where(row)).value) - row[column]) < TOLERANCE


@pytest.mark.parametrize("computed", ["t"], indirect=True)
def test_without_na_in_the_base(computed: dict, tmp_path: Path) -> None:
    workspace = tmp_path / "school"
    shutil.copytree(computed["workspace"], workspace)
    path = workspace / "params" / "conventions.yaml"
    text = path.read_text(encoding="utf-8")
    assert "na_in_base: true" in text
    path.write_text(text.replace("na_in_base: true", "na_in_base: false"), encoding="utf-8")
    period = next(p.name for p in sorted((workspace / "outputs" / "2025-2026").iterdir()) if p.name.endswith("3"))
    done = soko("indicators", f"2025-2026/{period}", workspace=workspace)
    assert done.code == 0, done.out + done.err
    frame = pd.read_csv(
        workspace / "outputs" / "2025-2026" / period / "indicators.csv",
        dtype={"grade": str, "class": str, "school_id": str},
        keep_default_na=False,
    )
    expected = pd.read_csv(computed["source"] / "expected_subject_class.csv")
    for _, row in expected[expected.term == 3].iterrows():
        for indicator, column in (
            ("subjects.success", "success_marked_pct"),
            ("subjects.quality", "quality_marked_pct"),
            ("subjects.sou", "sou_marked"),
        ):
            assert abs(float(pick(frame, indicator, **where(row)).value) - row[column]) < TOLERANCE


@pytest.mark.parametrize("computed", ["t"], indirect=True)
def test_the_note_is_written_too(computed: dict) -> None:
    workspace = computed["workspace"]
    period = sorted(p.name for p in (workspace / "data" / "incoming" / "2025-2026").iterdir())[-1]
    done = soko("report", f"2025-2026/{period}", workspace=workspace)
    assert done.code == 0, done.out + done.err
    # Codes of pupils are personal, too: what is published knows nobody.
    codes = set(pd.read_csv(workspace / "data" / "incoming" / "2025-2026" / period / "pupils.csv", dtype=str).pupil_id)
    for folder in ("outputs", "data/clean", "data/history"):
        for path in (workspace / folder).rglob("*"):
            if path.is_file():
                assert not codes & tokens(text_of(path)), path
    note = workspace / "outputs" / "2025-2026" / period / "notes" / "academic_results.pdf"
    assert note.stat().st_size > 10_000
