"""A release and the register: what has left stays as it left, and nothing hidden follows from the next release."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from schools_by_chance import tidy

from soko.disclosure import register, release
from soko.disclosure.release import prepare
from soko.disclosure.settings import read, term
from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import history, load_catalogue
from soko.periods import Period
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
Q3, Q4, H2 = (Period.parse(f"2025-2026/{code}") for code in ("q3", "q4", "h2"))
CLASSES = {"5А": (5, 20), "5Б": (5, 22), "6А": (6, 24)}
PUPILS = {
    "5А": ["good"] * 9 + ["three"] * 9 + ["failing"] * 2,
    "5Б": ["good"] * 12 + ["three"] * 10,
    "6А": ["good"] * 11 + ["three"] * 13,
}
ENTRIES = {"q3": {"5А": 1, "5Б": 3, "6А": 9}, "q4": {"5А": 14, "5Б": 16, "6А": 8}}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A school with figures of two terms and their half-year."""
    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, tmp_path / name)
    made = Workspace.open(tmp_path)
    both = {name: ENTRIES["q3"][name] + ENTRIES["q4"][name] for name in CLASSES}
    for period, entries in ((Q3, ENTRIES["q3"]), (Q4, ENTRIES["q4"]), (H2, both)):
        store(made, period, tidy(period.id, CLASSES, PUPILS, entries))
    return made


def store(workspace: Workspace, period: Period, frame: pd.DataFrame) -> None:
    history.update(workspace, period, frame, load_catalogue(workspace, bind=False))


def publish(workspace: Workspace, period: Period) -> tuple[release.Release, register.Entry]:
    made = prepare(workspace, period, workspace.outputs(period))
    entry = register.record(
        workspace, made.period, made.folder.parent, to="сайт", published={"index.html": "00"}, confirmed_by="Директор"
    )
    return made, entry


def cell(frame: pd.DataFrame, indicator: str, period: Period, **dims: str) -> pd.Series:
    found = frame[(frame["indicator"] == indicator) & (frame["period"] == period.id)]
    for name in ("level", "grade", "class"):
        found = found[found[name].astype(object).where(found[name].notna(), "").astype(str) == dims.get(name, "")]
    (at,) = found.index
    return found.loc[at]


def test_the_same_figures_give_the_same_bytes_before_and_after_they_are_published(workspace: Workspace) -> None:
    first, entry = publish(workspace, Q4)
    files = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    again, same = publish(workspace, Q4)
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == files
    assert same == entry, "a release that says the same, to the same place, is no second one"
    assert set(files) == {"indicators.parquet", "indicators.csv"}


def test_hidden_cells_are_empty_and_say_why(workspace: Workspace) -> None:
    frame = prepare(workspace, Q4, workspace.outputs(Q4)).frame
    failing = cell(frame, "outcomes.failing", Q4)
    assert (failing["hidden"], failing["numerator"], failing["value"]) != ("", 2.0, 2 / 66 * 100)
    assert set(frame["hidden"]) <= {"", "few", "under", "protected"}
    assert frame.loc[frame["hidden"] != "", ["numerator", "value"]].isna().all(axis=None)
    assert frame.loc[frame["hidden"] == "", ["numerator", "value"]].notna().all(axis=None)
    assert not frame[["teacher", "sex"]].fillna("").astype(bool).any(axis=None)


def test_what_one_term_hid_does_not_follow_from_the_half_year(workspace: Workspace) -> None:
    """4 entries of grade 5 of the third quarter would be the half-year less the fourth quarter."""
    tables = [publish(workspace, period)[0].frame for period in (Q3, Q4, H2)]
    joined = pd.concat(tables)
    third, fourth, half = (
        cell(at, "contests.entries", p, grade="5") for at, p in zip(tables, (Q3, Q4, H2), strict=True)
    )
    assert third["hidden"] == "under"
    assert "protected" in (fourth["hidden"], half["hidden"])
    keys = ["period", "indicator", "level", "grade", "class"]
    texts = joined.assign(grade=joined["grade"].astype("str"))
    assert (texts.groupby(keys, dropna=False)["hidden"].nunique() == 1).all(), "hidden once, hidden everywhere"


def test_the_register_keeps_nothing_of_what_is_hidden(workspace: Workspace) -> None:
    made, entry = publish(workspace, Q4)
    cells = entry.cells()
    hidden = cells["hidden"] != ""
    assert hidden.any()
    assert cells.loc[hidden, ["numerator", "value"]].isna().all(axis=None)
    assert (cells.loc[hidden, "part_hash"].str.len() == 24).all()
    assert register.latest(workspace, Q4) == entry
    assert register.latest(workspace, Q3) is None
    record = json.loads((entry.folder / "release.json").read_text(encoding="utf-8"))
    assert (record["confirmed_by"], record["to"], record["table"]) == ("Директор", "сайт", made.audit["table"])
    assert record["thresholds"]["value"] == {"group": 10, "cell": 5}
    assert {item["why"] for item in record["hidden"]}


def test_the_head_reads_what_is_hidden_and_why(workspace: Workspace) -> None:
    """Before it leaves and in the journal of releases: thresholds, reasons, each figure once, files, who and when."""
    made = prepare(workspace, Q4, workspace.outputs(Q4))
    audit = made.folder.parent / "disclosure"
    before = text_of(audit / "audit.html")
    assert "Ещё не опубликовано" in before
    assert "группы меньше 10 и числа от 1 до 4" in before
    published = {"2025-2026/q4/note.html": "ab" * 32}
    entry = register.record(
        workspace, Q4, made.folder.parent, to="сайт", published=published, confirmed_by="Директор Громова Е.С.",
        on=date(2026, 6, 5),
    )  # fmt: skip
    after = text_of(entry.folder / "audit.html")
    assert "Выпуск № 1 от 5 июня 2026 г.; подтверждает: Директор Громова Е.С.; папка сайта: сайт." in after
    assert "ab" * 32 in after
    frame = made.frame.assign(school_id="").drop_duplicates(["period", "indicator", "level", "grade", "class", "item"])
    hidden = int((frame["hidden"] != "").sum())
    assert made.audit["figures"] == {"hidden": hidden, "shown": len(frame) - hidden}
    [table] = [part for part in html.parse(entry.folder / "audit.html").iter("table")
               if "Что скрыто, где и почему" in part.findtext("caption")]  # fmt: skip
    rows = [[cell.text_content() for cell in row.iter("th", "td")] for row in table.xpath("tbody/tr")]
    assert len([row for row in rows if len(row) == 3]) == hidden > 0
    assert {row[1].replace("\u00a0", " ") for row in rows if len(row) == 3} <= {"3 четв. 2025/26", "4 четв. 2025/26"}


def test_the_journal_lists_releases_with_their_pages(workspace: Workspace) -> None:
    for at, period in enumerate((Q3, Q4)):
        made = prepare(workspace, period, workspace.outputs(period))
        register.record(workspace, period, made.folder.parent, to="сайт", published={}, confirmed_by="Директор",
                        on=date(2026, 6, 5 - at))  # fmt: skip
    page = workspace.releases / "index.html"
    links = html.parse(page).xpath("//a[starts-with(@href, './')]")
    assert [link.text_content().replace("\u00a0", " ") for link in links] == [
        "3 четверть 2025/2026 учебного года, выпуск № 1",
        "4 четверть 2025/2026 учебного года, выпуск № 1",
    ]
    assert all((page.parent / link.get("href")).is_file() for link in links)
    assert "5 июня 2026 г.; подтверждает: Директор" in text_of(page)


def text_of(page: Path) -> str:
    return " ".join(html.parse(page).getroot().text_content().split())


def test_a_hidden_cell_that_follows_from_what_has_left_already_is_refused(workspace: Workspace) -> None:
    """Under a lower threshold 34 (half-year) and 30 (fourth quarter) were put out: 4 are left of the third."""
    settings, third = workspace.params / "disclosure.yaml", history.load(workspace, Q3)
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("{group: 10, cell: 5}", "{group: 3, cell: 3}"), encoding="utf-8")
    for path in (workspace.history / "2025-2026").glob("q3.*"):
        path.unlink()
    for period in (Q4, H2):
        publish(workspace, period)
    settings.write_text(text, encoding="utf-8")
    assert third is not None
    store(workspace, Q3, third)
    out = workspace.outputs(Q3)
    with pytest.raises(DataError) as refused:
        prepare(workspace, Q3, out)
    told = str(refused.value)
    assert "contests.entries" in told
    assert "5-е классы, 3 четв. 2025/26" in told
    assert "2025-2026/h2, выпуск 1" in told
    assert not (out / "public").exists(), "nothing is written of a release that is refused"
    # What has left cannot be hidden again: somebody answers for it by name, and the release comes about without it.
    lines = [line.removeprefix("– ") for line in told.split("\n") if line.startswith("– ")]
    answered = [{"what": line, "by": "Директор", "date": "2026-04-01", "reason": "порог был ниже"} for line in lines]
    settings.write_text(text.replace("already_told: []", f"already_told: {json.dumps(answered)}"), encoding="utf-8")
    made = prepare(workspace, Q3, out)
    assert made.audit["already_told"] == sorted(lines)
    fifth = made.frame[(made.frame["indicator"] == "contests.entries") & (made.frame["grade"] == 5)]
    assert set(fifth.loc[fifth["period"] == Q3.id, "hidden"]) - {""}


def test_how_many_learn_on_tells_of_those_who_did_not_go_to_a_university(workspace: Workspace) -> None:
    """16 of 26 in universities, «11 из 20, о которых это известно»: 20 are those who learn, 4 of them elsewhere."""
    frame = tidy(Q4.id, CLASSES, PUPILS, ENTRIES["q4"])
    counts = {"university": (16, 26), "vocational_11": (4, 26), "by_profile": (12, 20), "state_funded": (11, 20)}
    blank = frame.iloc[0].copy()
    blank[[name for name in ("level", "grade", "class", "subject") if name in frame]] = ["", pd.NA, "", ""]
    more = [
        {
            **blank,
            "indicator": f"socialisation.{name}",
            "numerator": part,
            "denominator": base,
            "value": part / base * 100,
        }
        for name, (part, base) in counts.items()
    ]
    store(workspace, Q4, pd.concat([frame, pd.DataFrame(more).astype(frame.dtypes.to_dict())], ignore_index=True))
    made, _ = publish(workspace, Q4)
    found = {name: cell(made.frame, f"socialisation.{name}", Q4) for name in counts}
    assert found["vocational_11"]["hidden"]
    assert not found["university"]["hidden"], "the most needed of them"
    assert found["by_profile"].isna()["denominator"]
    assert found["state_funded"].isna()["denominator"]


def rows_of(like: pd.DataFrame, period: Period, figures: dict[tuple[str, str], tuple[float, float]]) -> pd.DataFrame:
    """Rows of the whole school: part and base by indicator and item."""
    blank = {**like.iloc[0], "period": period.id, "level": "", "grade": pd.NA, "class": "", "subject": ""}
    rows = [
        {**blank, "indicator": name, "item": item, "numerator": part, "denominator": base, "value": part / base * 100}
        for (name, item), (part, base) in figures.items()
    ]
    return pd.DataFrame(rows).astype(like.dtypes.to_dict())


def test_a_calendar_year_takes_over_what_its_last_term_has_told(workspace: Workspace) -> None:
    """12 prizes of 32 entries in the year, 12 of 30 at the municipal stage, which is in autumn: none of two went on."""
    like = tidy(Q4.id, CLASSES, PUPILS, ENTRIES["q4"])
    q2, year = Period.parse("2025-2026/q2"), Period.parse("2025")
    municipal = {("contests.olympiad_yield", "муниципальный"): (12.0, 30.0)}
    whole, regional = ("contests.olympiad_yield", ""), ("contests.olympiad_yield", "региональный")
    store(workspace, q2, rows_of(like, q2, {whole: (12.0, 30.0), **municipal}))
    store(workspace, year, rows_of(like, year, {whole: (12.0, 32.0), **municipal, regional: (0.0, 2.0)}))
    first, _ = publish(workspace, q2)
    assert (first.frame["hidden"] == "").all()
    frame = publish(workspace, year)[0].frame.set_index(["period", "item"])
    assert frame.loc[(year.id, "региональный"), "hidden"] == "few"
    assert frame.loc[(year.id, ""), "hidden"] == "protected"
    assert pd.isna(frame.loc[(year.id, ""), "denominator"])


@pytest.mark.parametrize(
    ("told", "again"),
    [
        (("parents.satisfaction", (20.0, 28.0)), ("parents.response", (28.0, 30.0))),
        (("adaptation.good", (20.0, 28.0)), ("adaptation.tested", (28.0, 30.0))),
        (("order1324.1_5", (27.0, 60.0)), ("outcomes.quality", (27.0, 30.0))),
    ],
)
def test_a_count_that_another_indicator_tells_is_hidden_there_too(
    workspace: Workspace, told: tuple[str, tuple[float, float]], again: tuple[str, tuple[float, float]]
) -> None:
    """Two families did not answer: how many did is the base of what they answered."""
    year = Period.parse("2025-2026/year")
    like = tidy(Q4.id, CLASSES, PUPILS, ENTRIES["q4"])
    store(workspace, year, rows_of(like, year, {(told[0], ""): told[1], (again[0], ""): again[1]}))
    frame = publish(workspace, year)[0].frame.set_index("indicator")
    assert frame.loc[again[0], "hidden"]
    if pd.notna(frame.loc[again[0], "denominator"]):
        column = "numerator" if told[1][0] == again[1][0] else "denominator"
        assert pd.isna(frame.loc[told[0], column])


def test_who_took_the_easier_mathematics_does_not_follow_from_all_who_took_it(workspace: Workspace) -> None:
    """33 took mathematics, 30 of them the harder one."""
    year = Period.parse("2025-2026/year")
    took = {"external.gia11_math": (1800.0, 30.0), "external.gia11_math_base": (12.0, 3.0)}
    like = tidy(Q4.id, CLASSES, PUPILS, ENTRIES["q4"])
    figures = {**took, "external.below_math_11": (0.0, 33.0)}
    store(workspace, year, rows_of(like, year, {(name, ""): figure for name, figure in figures.items()}))
    frame = publish(workspace, year)[0].frame.set_index("indicator")
    assert frame.loc["external.gia11_math_base", "hidden"]
    assert frame.loc[["external.gia11_math", "external.below_math_11"], "denominator"].isna().any()


def test_after_a_correction_old_and_new_are_protected_together(workspace: Workspace) -> None:
    publish(workspace, Q4)
    corrected = {**PUPILS, "6А": ["good"] * 10 + ["three"] * 14}
    store(workspace, Q4, tidy(Q4.id, CLASSES, corrected, ENTRIES["q4"]))
    made, entry = publish(workspace, Q4)
    assert entry.number == 2
    assert cell(made.frame, "outcomes.failing", Q4)["hidden"] != ""
    periods = {row.place.period for row in made.masked.book.rows}
    assert periods == {Q4.id, Q3.id, f"{Q4.id}#{Q4.id}/001"}


def test_a_damaged_register_stops_the_next_release(workspace: Workspace) -> None:
    _, entry = publish(workspace, Q4)
    (entry.folder / "cells.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="испорчена"):
        prepare(workspace, Q4, workspace.outputs(Q4))


def test_nobody_publishes_without_a_name(workspace: Workspace) -> None:
    made = prepare(workspace, Q4, workspace.outputs(Q4))
    with pytest.raises(UsageError, match="кто подтвердил"):
        register.record(workspace, made.period, made.folder.parent, to="сайт", published={}, confirmed_by=" ")
    assert not workspace.releases.exists()


@pytest.mark.parametrize("value", ["{group: 0, cell: 5}", "{group: 10, cell: 2}", "{group: 4, cell: 5}"])
def test_a_threshold_that_protects_nobody_is_refused(workspace: Workspace, value: str) -> None:
    path = workspace.params / "disclosure.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{group: 10, cell: 5}", value), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read(workspace)
    assert "disclosure.yaml, строка" in str(refused.value)
    assert ("никого не защищает" in str(refused.value)) or ("cell ≤ group" in str(refused.value))


def test_eleven_is_a_possible_threshold(workspace: Workspace) -> None:
    path = workspace.params / "disclosure.yaml"
    text = path.read_text(encoding="utf-8").replace("{group: 10, cell: 5}", "{group: 11, cell: 11}")
    path.write_text(text, encoding="utf-8")
    frame = prepare(workspace, Q4, workspace.outputs(Q4)).frame
    shown = frame[(frame["hidden"] == "") & frame["indicator"].str.startswith("outcomes.")]
    assert not shown["numerator"].between(1, 10).any()


def test_terms_of_identities_are_read() -> None:
    assert term("external.gia9/base@subject=Русский язык") == ("external.gia9", True, (("subject", "Русский язык"),))
    with pytest.raises(ValueError, match="нет разреза"):
        term("movement.at_end@floor=2")
