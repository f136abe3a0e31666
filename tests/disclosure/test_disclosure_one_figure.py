"""One figure under two names is shown or hidden under both; of places and pupils only the pupils are protected."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from soko.disclosure.places import Place, items_of_subjects
from soko.disclosure.release import prepare
from soko.indicators import history, load_catalogue
from soko.indicators.model import COLUMNS
from soko.periods import Period
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
YEAR = Period.parse("2025-2026/year")
#: Marks «5», «4», «3», «2» of the examinations of grade 9 by subject.
GIA9 = {"Русский язык": (4, 23, 21, 0), "Математика": (4, 21, 23, 0), "География": (9, 5, 4, 0),
        "Биология": (2, 6, 7, 1), "Физика": (1, 2, 3, 0), "Химия": (2, 4, 2, 0)}  # fmt: skip
Row = tuple[str, float, float | None, dict[str, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Workspace.open(tmp_path)


def table(*rows: Row) -> pd.DataFrame:
    made = [
        {"school_id": "s1", "period": YEAR.id, "indicator": name, "numerator": part, "denominator": base, **dims}
        for name, part, base, dims in rows
    ]
    frame = pd.DataFrame(made).reindex(columns=COLUMNS)
    for name in ("level", "class", "subject", "sex", "teacher", "item"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), "").astype("str")
    frame["grade"] = frame["grade"].astype("Int64")
    frame["denominator"] = frame["denominator"].astype("float64")
    frame["numerator"] = frame["numerator"].astype("float64")
    frame["value"] = frame["numerator"] / frame["denominator"].fillna(1)
    return frame


def examinations() -> list[Row]:
    whole = tuple(sum(marks[at] for marks in GIA9.values()) for at in range(4))
    found: list[Row] = []
    for subject, (n5, n4, n3, n2) in {"": whole, **GIA9}.items():
        dims, base = ({"subject": subject} if subject else {}), n5 + n4 + n3 + n2
        found += [
            ("external.gia9", 5 * n5 + 4 * n4 + 3 * n3 + 2 * n2, base, dims),
            ("external.gia9_quality", n5 + n4, base, dims),
            ("external.gia9_success", base - n2, base, dims),
            ("external.gia9_below", n2, base, dims),
            ("external.gia9_takers", base, None, dims),
            *(
                (f"external.gia9_n{mark}", n, None, dims)
                for mark, n in zip((5, 4, 3, 2), (n5, n4, n3, n2), strict=True)
            ),
        ]
    for name, subject in (("russian", "Русский язык"), ("math", "Математика")):
        n5, n4, n3, n2 = GIA9[subject]
        found.append((f"external.below_{name}_9", n2, n5 + n4 + n3 + n2, {}))
        found.append((f"external.gia9_{name}", 5 * n5 + 4 * n4 + 3 * n3 + 2 * n2, n5 + n4 + n3 + n2, {}))
    return found


def masked(workspace: Workspace, *rows: Row) -> dict[tuple[str, str], str]:
    """Code of what is hidden by indicator and subject or item."""
    history.update(workspace, YEAR, table(*rows), load_catalogue(workspace, bind=False))
    frame = prepare(workspace, YEAR, workspace.outputs(YEAR)).frame
    keys = zip(frame["indicator"], frame["subject"].fillna("") + frame["item"].fillna(""), strict=True)
    return dict(zip(keys, frame["hidden"], strict=True))


def test_who_did_not_pass_stands_in_the_order_as_among_the_examinations(workspace: Workspace) -> None:
    """Four «5» follow from mean, quality and nobody below: quality goes, the lines 1.6, 1.7, 1.10 and 1.11 stay."""
    hidden = masked(workspace, *examinations())
    for name, subject in (("russian", "Русский язык"), ("math", "Математика")):
        assert hidden[f"external.below_{name}_9", ""] == hidden["external.gia9_below", subject] == ""
        assert hidden[f"external.gia9_{name}", ""] == hidden["external.gia9", subject] == ""
        assert hidden["external.gia9_success", subject] == "", "nobody below tells it"
        assert hidden["external.gia9_quality", subject] == "protected"
    assert hidden["external.gia9_below", "Биология"] == "under"


def test_an_examination_is_subject_and_item(workspace: Workspace) -> None:
    counts = {"Русский язык": 26, "Математика (базовая)": 15, "Математика (профильная)": 11, "История": 3, "Химия": 12}
    rows: list[Row] = [("external.gia11_takers", 67, None, {})]
    rows += [("external.gia11_takers", n, None, {"item": name}) for name, n in counts.items()]
    subjects = {"Русский язык": 26, "Математика": 26, "История": 3, "Химия": 12}
    rows += [("external.gia11_takers", n, None, {"subject": name}) for name, n in subjects.items()]
    history.update(workspace, YEAR, table(*rows), load_catalogue(workspace, bind=False))
    frame = prepare(workspace, YEAR, workspace.outputs(YEAR)).frame
    frame = frame[frame["indicator"] == "external.gia11_takers"]
    by_item, by_subject = (dict(zip(frame[name], frame["hidden"] != "", strict=True)) for name in ("item", "subject"))
    for name in ("Русский язык", "История", "Химия"):
        assert by_item[name] == by_subject[name], name
    assert by_item["История"]
    assert sum(by_subject[name] for name in subjects) > 1, "one alone is the rest of the whole"


def test_items_lie_in_the_subject_that_they_are_named_after() -> None:
    def at(**dims: str) -> Place:
        return Place("s1", YEAR.id, tuple(dims.items()))

    places = {at(): 0, at(subject="Математика"): 1, at(item="Математика (базовая)"): 2,
              at(item="Математика (профильная)"): 3, at(subject="Физика"): 4, at(item="Физика"): 5,
              at(item="Математический анализ"): 6}  # fmt: skip
    assert items_of_subjects(places) == [(at(subject="Математика"), [2, 3]), (at(subject="Физика"), [5])]


def test_pupils_of_programmes_are_protected_and_their_places_are_not(workspace: Workspace) -> None:
    rows: list[Row] = []
    for name, enrolled, places in (
        ("", 60, 90),
        ("техническая", 3, 8),
        ("художественная", 30, 40),
        ("туристская", 27, 42),
    ):
        dims = {"item": name} if name else {}
        rows += [
            ("conditions.programme_enrolled", enrolled, None, dims),
            ("conditions.programme_places", enrolled, places, dims),
        ]
    rows.append(("conditions.programme_fill", 3, 8, {"item": "Робототехника"}))
    history.update(workspace, YEAR, table(*rows), load_catalogue(workspace, bind=False))
    frame = prepare(workspace, YEAR, workspace.outputs(YEAR)).frame
    own = frame[frame["item"] == "техническая"].set_index("indicator")
    assert set(own["hidden"]) == {"under"}
    assert own.loc["conditions.programme_places", "denominator"] == 8, "eight places are no group of children"
    others = frame[frame["item"].isin(["художественная", "туристская"]) & (frame["hidden"] != "")]
    assert len(others), "one hidden direction alone is the rest of the whole"
    assert "conditions.programme_fill" not in set(frame["indicator"]), "a programme is one leader's"


def test_a_group_under_the_threshold_has_no_base_where_one_teacher_stands_behind_it(workspace: Workspace) -> None:
    rows: list[Row] = []
    for name, part, base in (("", 66, 100), ("Астрономия", 6, 8), ("Алгебра", 60, 92)):
        dims = {"subject": name} if name else {}
        rows.append(("subjects.quality", part, base, dims))
        if name:
            rows.append(("subjects.quality", part, base, dims | {"class": "9А", "teacher": f"t_{name}"}))
    history.update(workspace, YEAR, table(*rows), load_catalogue(workspace, bind=False))
    frame = prepare(workspace, YEAR, workspace.outputs(YEAR)).frame.set_index("subject")
    assert frame.loc["Астрономия", "hidden"] == "few"
    assert pd.isna(frame.loc["Астрономия", "denominator"])
    assert frame.loc["Алгебра", "hidden"] == "protected"
    assert frame.loc["Алгебра", "denominator"] == 92
