"""``soko forget`` and ``soko purge``: nobody is left in any file, figures are what they were, a crash is made good."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from conftest import copy_workspace
from hypothesis import Phase, given, settings, strategies as st
from retention_school import (
    PUPILS,
    Q1,
    Q2,
    ROOT,
    SUBJECTS,
    codes_of,
    figures,
    make,
    remove_from_incoming,
    set_current,
    traces,
)

from soko.errors import ConfigError, DataError, FailureError, UsageError
from soko.indicators import history, load_catalogue
from soko.notes import data as note_data
from soko.periods import Period
from soko.retention import forget, guard, marks, purge, registers, removal, told
from soko.retention.person import Person
from soko.retention.terms import FOLDERS, load_terms, overdue
from soko.run import data_sheets, manifest, public, report, self_assessment, status, steps
from soko.tables import load_tables
from soko.workspace import Workspace


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("retention") / "school").root


@pytest.fixture
def place(school: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(school, tmp_path / "school")
    return Workspace(tmp_path / "school")


@settings(max_examples=2, deadline=None, phases=[Phase.generate])  # there is nothing to make smaller
@given(pupil=st.sampled_from(PUPILS), by=st.sampled_from(["name", "code", "initials"]))
def test_no_trace_is_left_and_figures_stay(
    school: Path, tmp_path_factory: pytest.TempPathFactory, pupil: tuple[str, ...], by: str
) -> None:
    _no_trace(school, tmp_path_factory, pupil, by)


@pytest.mark.deep
@pytest.mark.parametrize("pupil", PUPILS)
@pytest.mark.parametrize("by", ["name", "code", "initials"])
def test_no_trace_of_anybody(
    school: Path, tmp_path_factory: pytest.TempPathFactory, pupil: tuple[str, ...], by: str
) -> None:
    _no_trace(school, tmp_path_factory, pupil, by)


def _no_trace(school: Path, tmp_path_factory: pytest.TempPathFactory, pupil: tuple[str, ...], by: str) -> None:
    root = tmp_path_factory.mktemp("one") / "school"
    shutil.copytree(school, root)
    space, codes = Workspace(root), codes_of(Workspace(root), pupil[1])
    before = figures(space)
    surname, *rest = pupil[1].split()
    asked = {"name": pupil[1], "code": codes[0], "initials": f"{surname} {' '.join(part[0] + '.' for part in rest)}"}[
        by
    ]
    assert len(traces(root, pupil, codes)) > 8
    found = forget.plan(space, asked, day="2026-06-01")
    assert found.sealed == [Q1.id, Q2.id]
    removal.carry_out(space, found.removal)
    own = traces(root, pupil, codes)
    assert all(name.startswith("data/incoming/") for name in own)
    assert set(own) == {item.file for item in found.left}
    remove_from_incoming(space, pupil)
    assert traces(root, pupil, codes) == []
    assert figures(space) == before
    again = forget.plan(space, pupil[1])
    assert again.before
    assert again.nothing
    assert again.places == []
    # The others are all there: nobody goes with him.
    people = pd.read_parquet(space.private_period(Q2) / "people.parquet")
    assert len(people[people["kind"] == "pupil"]) == len(PUPILS) - 1
    assert len(pd.read_parquet(space.clean(Q2) / "pupils.parquet")) == len(PUPILS) - 1


def test_what_was_published_is_kept_and_says_so(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    pupil = PUPILS[0]
    assert told.forgotten(place, forget.plan(place, pupil[1], day="2026-06-01"), yes=True) is False
    assert "Не закончено" in capsys.readouterr().out
    remove_from_incoming(place, pupil)
    assert told.forgotten(place, forget.plan(place, pupil[1]), yes=True) is True
    assert "уже удалены" in capsys.readouterr().out
    assert not manifest.verify(place, Q2).changed
    outcome = report.report(place, Q2)
    assert outcome.unchanged
    assert "сохранены такими, как были рассчитаны" in outcome.kept
    for again in (report.compute, report.validate):
        with pytest.raises(DataError, match="удалены сведения"):
            again(place, Q2)
    [row] = status.overview(place, [Q2])
    assert row.state == "показатели сохранены"
    # The figures of the first quarter stay good for comparison though its clean tables are others now.
    assert steps.is_fresh(place, Q1)
    assert history.state(place, Q1, load_catalogue(place, bind=False)).current
    lines = (place.private / "removed.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "operation,date,what,periods,kind,count"
    assert all(",2026-06-01,forget,2025-2026/q1 2025-2026/q2," in line for line in lines[1:])
    kinds = {line.split(",")[4]: int(line.split(",")[5]) for line in lines[1:]}
    assert kinds["names"] == 2
    assert kinds["annexes"] == 4
    assert kinds["clean"] >= 2 * (1 + len(SUBJECTS) + 1)


@pytest.mark.deep  # imports Great Expectations
def test_forced_run_is_without_him_and_says_so(place: Workspace) -> None:
    pupil = PUPILS[0]
    removal.carry_out(place, forget.plan(place, pupil[1]).removal)
    # Still in the files: a check finds him, names the cell and never the person.
    with pytest.raises(DataError, match="удалены сведения"):
        steps.check(str(place.root), Q2.id)
    result = _checked(place)
    again = result[result["rule"] == "pupil_forgotten"]
    assert set(again["severity"]) == {"critical"}
    assert {"Список.csv", "5А.xlsx", "Посещаемость.xlsx"} == {Path(name).name for name in again["file"]}
    assert not again["message_ru"].str.contains("Абрамов").any()
    remove_from_incoming(place, pupil)
    result = _checked(place)
    assert list(result[result["rule"].str.startswith("pupil")]["rule"]) == ["pupils_forgotten"]
    marks.unseal(place, Q2)
    assert not marks.kept(place, Q2)
    assert guard.why_kept(place, Q2) == ""


def _checked(place: Workspace) -> pd.DataFrame:
    from soko.validation import validate

    return validate(place, Q2, place.root / "scratch", docs=False, returned=False).findings


def test_a_year_of_sealed_parts_says_so(place: Workspace) -> None:
    removal.carry_out(place, forget.plan(place, PUPILS[0][1]).removal)
    removal.carry_out(place, forget.plan(place, PUPILS[1][1]).removal)
    rows = pd.read_csv(steps.findings_of(place, Q2))
    [message] = rows[rows["rule"] == "pupils_forgotten"]["message_ru"]
    assert "2\u00a0человека" in message


@pytest.mark.parametrize("run", [report.compute, data_sheets.write, self_assessment.publish])
def test_no_kind_of_run_computes_figures_that_are_kept(tmp_path: Path, run: Callable[..., object]) -> None:
    place = Workspace.open(copy_workspace(tmp_path / "school"))
    period = Period.parse("2025") if run is self_assessment.publish else Q2
    marks.write(place, {period.id: marks.Mark(forgotten=1, sealed=True)})
    with pytest.raises(DataError, match="сохранены такими, как были рассчитаны"):
        run(place, period)
    assert not place.outputs(period).exists()


def test_crash_in_the_middle_is_finished(school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pupil = PUPILS[1]
    found = forget.plan(Workspace(school), pupil[1], day="2026-06-01").removal
    for after in (1, 2, 3, 4, 7, 11, 16):  # writes and removals before the crash
        root = tmp_path / str(after) / "school"
        shutil.copytree(school, root, ignore=shutil.ignore_patterns("data_docs"))
        place = Workspace(root)
        with monkeypatch.context() as patched:
            _break(patched, root, after)
            with pytest.raises(KeyboardInterrupt):
                removal.carry_out(place, found)
        if removal.begun(place) is None:  # it broke off before anything was begun: nothing has changed
            assert after == 1
            assert not marks.marks(place)
            continue
        with pytest.raises(UsageError, match="не закончено"):
            report.report(place, Q2)
        assert told.settle(place)
        assert removal.begun(place) is None
        assert not [name for name in found.files if (root / name).exists()]
        left = traces(root / "data", pupil, found.codes)
        assert left
        assert all(name.startswith("incoming/") for name in left)
        lines = (place.private / "removed.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 1 + len(found.counts)
        assert marks.mark(place, Q2).forgotten == 1


def _break(patched: pytest.MonkeyPatch, root: Path, after: int) -> None:
    left = {"number": after}

    def breaking(real: object) -> object:
        def call(path: Path, *arguments: object, **more: object) -> object:
            if (path.is_relative_to(root) and not path.name.endswith(".tmp")) or (".tmp" in path.name and arguments):
                left["number"] -= 1
                if left["number"] == 0:
                    raise KeyboardInterrupt
            return real(path, *arguments, **more)  # type: ignore[operator]

        return call

    for name in ("unlink", "replace"):
        patched.setattr(Path, name, breaking(getattr(Path, name)))


def test_who_is_meant(place: Workspace) -> None:
    with pytest.raises(UsageError, match="подходят несколько") as error:
        forget.plan(place, "Волков Пётр")
    assert "--class" in error.value.todo
    assert "5А" in error.value.message
    assert "5Б" in error.value.message
    for asked, name in (
        (("Волков Пётр", "5Б"), "Волков Пётр Андреевич"),
        (("ВОЛКОВ  Петр", "", "2014-06-05"), "Волков Пётр Ильич"),
        (("демина А.",), "Дёмина Алёна"),
    ):
        person = registers.find(place, *asked)
        assert person is not None
        assert person.names == [name]
    with pytest.raises(UsageError, match="возможно, имелось в виду «Ершов Глеб Павлович»"):
        forget.plan(place, "Ершев Глеб Павлович")
    with pytest.raises(UsageError, match="класс 5А не подходит"):
        forget.plan(place, "Ершов Глеб", "5А")
    with pytest.raises(UsageError, match="нет ни в одном списке"):
        forget.plan(place, "p_000000000000")


def test_words_of_the_analyst_are_named_by_line(place: Workspace) -> None:
    path = place.params / "periods" / "2025-2026" / "q2.yaml"
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    lines += ["commentary:", "  classes: Беседа с родителями Ершова Глеба проведена."]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ledger = 'corrections:\n  - {table: marks, key: {pupil_id: "К-107", subject: История}, column: mark}\n'
    place.corrections.write_text(ledger, encoding="utf-8")
    found = {item.file: item.at for item in forget.plan(place, "Ершов Глеб Павлович").left}
    assert found["params/periods/2025-2026/q2.yaml"] == (f"строка {len(lines)}",)
    assert found["data/corrections.yaml"] == ("строка 2",)
    other = {item.file for item in forget.plan(place, PUPILS[0][1]).left}
    assert not other & {"params/periods/2025-2026/q2.yaml", "data/corrections.yaml"}


def test_purge_keeps_figures_and_comparisons(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    before, files = figures(place), sorted(path for path in (place.root / "data").rglob("*") if path.is_file())
    told.purged(place, purge.plan(place, "2026-2027"), "2026-2027", yes=False)
    assert "ничего не удалено" in capsys.readouterr().out
    assert sorted(path for path in (place.root / "data").rglob("*") if path.is_file()) == files
    found = purge.plan(place, "2026-2027", incoming=True, day="2027-09-15")
    told.purged(place, found, "2026-2027", yes=True)
    assert "Удалено (раньше, чем 2026-2027): 2025-2026/q1, 2025-2026/q2." in capsys.readouterr().out
    assert figures(place) == before
    for pupil in PUPILS:
        assert traces(place.root, pupil, []) == []
    left = {path.relative_to(place.root).parts[1] for path in (place.root / "data").rglob("*") if path.is_file()}
    assert left == {"history", "private"}
    assert {path.name for path in place.private.rglob("*") if path.is_file()} == {"key", "removed.csv"}
    assert not manifest.verify(place, Q2).changed
    assert [row.state for row in status.overview(place)] == ["персональные данные удалены"] * 2
    assert not status.planned(place, Q2).tasks
    assert report.report(place, Q2).unchanged
    with pytest.raises(DataError, match="персональные данные удалены"):
        report.report(place, Q2, force=True)
    # A third quarter would still be compared with the second, and with what is kept of it.
    assert manifest.comparisons(note_data.Params(place), Period.parse("2025-2026/q3")) == [Q2]
    assert steps.refresh(place, Q2)
    assert history.load(place, Q2, load_catalogue(place, bind=False)) is not None


def test_purge_in_pieces(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    found = purge.plan(place, "2026-2027", incoming=True, day="2027-09-15")
    with monkeypatch.context() as patched:
        _break(patched, place.root, 6)
        with pytest.raises(FailureError, match=r"прервано на середине.*\n.*soko purge --resume"):
            told.purged(place, found, "2026-2027", yes=True)
    assert marks.mark(place, Q2).purged  # no run computes figures of what is left
    with pytest.raises(UsageError, match="soko purge --resume"):
        guard.refuse(place, Q2)
    with pytest.raises(UsageError, match="soko purge --resume"):
        public.make(place, Q2)
    assert told.settle(place)
    assert not place.incoming(Q2).exists()
    assert not purge.plan(place, "2026-2027", incoming=True).removal.periods


def test_purge_refuses(place: Workspace) -> None:
    for wrong in ("2026-2028", "26", "прошлый", ""):
        with pytest.raises(UsageError, match="не распознан"):
            purge.plan(place, wrong)
    assert not purge.plan(place, "2025-2026").removal.periods
    assert not purge.plan(place, "2025").removal.periods
    assert purge.plan(place, "2026").removal.periods == [Q1.id, Q2.id]  # both end before the first of January
    set_current(place, Q2.id)
    with pytest.raises(UsageError, match="текущий период"):
        purge.plan(place, "2026-2027")


def test_intent_may_not_lead_out_of_the_workspace(place: Workspace) -> None:
    for name in ("../other", "params/school.yaml", "data", "/etc"):
        with pytest.raises(DataError, match="чужой путь"):
            removal.carry_out(place, removal.Removal(what="purge", day="2026-06-01", folders=[name]))
    assert (place.params / "school.yaml").is_file()


def test_what_is_overdue(place: Workspace) -> None:
    assert not overdue(place, date(2027, 8, 31))
    late = overdue(place, date(2027, 9, 1))
    assert [(item.year, item.term.part) for item in late] == [("2025-2026", "incoming"), ("2025-2026", "people")]
    assert all(item.until == date(2027, 8, 31) for item in late)
    assert {item.term.part for item in overdue(place, date(2028, 9, 1))} == {"clean", "incoming", "people"}
    path = place.params / "retention.yaml"
    settings_ = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings_["terms"][0]["keep"].append({"since": "2026-01-01", "source": "приказ школы", "value": 3})
    path.write_text(yaml.safe_dump(settings_, allow_unicode=True), encoding="utf-8")
    assert {item.term.part for item in overdue(place, date(2027, 9, 1))} == {"incoming"}
    settings_["terms"].pop()
    path.write_text(yaml.safe_dump(settings_, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError, match="каждый один раз"):
        load_terms(place)


def test_privacy_page_names_everything(school: Path) -> None:
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")}
    folders = {path.name for path in (school / "data").iterdir()} | {name for part in FOLDERS.values() for name in part}
    assert folders >= {"incoming", "private", "clean", "export", "history"}
    assert {f"data/{name}" for name in folders} <= rows.keys()
    for name in ("people.parquet", *(path.name for path in (school / "data" / "private").iterdir() if path.is_file())):
        assert f"`{name}`" in rows["data/private"], name
    named = set()
    for name, table in load_tables(Workspace(school)).items():
        if table.personal:
            hidden = rows[name].split("|")[3]
            assert {part.strip() for part in hidden.split(",")} == {
                column.title for column in table.columns if column.personal
            }, name
            assert table.title in rows[name]
            named.add(name)
    assert named == {name for name in rows if "/" not in name} - {"outputs", "params`, `notebooks"}
    years = {term.part: term.keep[-1].value for term in load_terms(Workspace(school)).terms}
    for part, places in FOLDERS.items():
        for place in places:
            assert f"{years[part]} {'год' if years[part] == 1 else 'года'}" in rows[f"data/{place}"]


def test_staff_are_told_from_pupils(place: Workspace) -> None:
    """A worker is not forgotten by this command, and a pupil's namesake among the staff is left alone."""
    path = place.private_period(Q2) / "people.parquet"
    people = pd.read_parquet(path)
    worker = people.iloc[[0]].assign(kind="staff", pseudonym="t_0123456789ab", full_name="Ершов Глеб Павлович")
    pd.concat([people, worker], ignore_index=True).to_parquet(path, index=False)
    removal.carry_out(place, forget.plan(place, "Ершов Глеб Павлович").removal)
    left = pd.read_parquet(path)
    assert list(left[left["full_name"] == "Ершов Глеб Павлович"]["kind"]) == ["staff"]


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ("класс 5К1", "sure"),
        ("10М-1", "sure"),
        ("5К2", "other"),
        ("5К", "maybe"),
        ("5К1 и 5К2", "maybe"),
        ("5 «к1»", "sure"),
    ],
)
def test_a_class_of_a_letter_and_a_number_tells_people_apart(around: str, told: str) -> None:
    person = Person(["Белов Иван Петрович"], [], classes=["5К1", "10М1"], like_classes=["5К2"])
    assert person.by_class(around) == told
