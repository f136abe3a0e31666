"""What the fork server reads for all notes of a period: what each would read itself, fresh, and without a thread."""

from __future__ import annotations

import io
import json
import os
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from note_school import PERIOD, school

from soko.indicators import history
from soko.indicators.model import COLUMNS
from soko.indicators.output import read, write_parquet
from soko.notes import bar_charts, charts, data
from soko.notes.figures import DIMENSIONS, Figures
from soko.notes.prepared import prepare
from soko.run import forks
from soko.stamps import stamp
from soko.workspace import Workspace

TEXTS = st.sampled_from(["", "7А", "10Б", "История", None])
NUMBERS = st.one_of(st.none(), st.just(0.0), st.floats(0, 500))
ROWS = st.fixed_dictionaries(
    {name: TEXTS for name in DIMENSIONS if name != "grade"}
    | {
        "school_id": st.sampled_from(["", "а", "б"]),
        "indicator": st.sampled_from(["x.a", "x.b"]),
        "period": st.just(""),
    }
    | {"grade": st.one_of(st.none(), st.integers(1, 11))}
    | dict.fromkeys(COLUMNS[-3:], NUMBERS)
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return school(tmp_path_factory.mktemp("prepared") / "school", {"5А": 20, "6А": 22, "7Б": 24})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, max_size=12), st.sampled_from([(), ("x.a",)]))
def test_a_stored_table_gives_the_figures_of_its_frame(tmp_path_factory, rows, changed):
    path = tmp_path_factory.mktemp("table") / "values.parquet"
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"grade": "Int64", **dict.fromkeys(COLUMNS[-3:], "float64")})
    write_parquet(frame, path)
    known = read(path)
    of_frame = Figures(known[~known["indicator"].isin(changed)])
    stored = Figures.stored(history.Stored(path, changed))
    assert repr(list(stored.items())) == repr(list(of_frame.items()))  # «nan» equals itself in print alone
    assert stored.schools == of_frame.schools
    for name, indicator, owner in product(DIMENSIONS, ["x.a", "x.b"], ["", "а"]):
        assert stored.keys(indicator, name, owner) == of_frame.keys(indicator, name, owner)


def test_what_is_prepared_is_what_the_note_finds(place: Workspace) -> None:
    prepare(str(place.root), PERIOD.id)
    first, second = data.read(place, PERIOD), data.read(place, PERIOD)
    assert first.params is second.params
    assert first.current.items().mapping == second.current.items().mapping
    assert first.previous is second.previous
    first.current.used.add("x.a")
    first.told["x"] = "y"
    assert (second.current.used, second.told) == (set(), {})  # what a note remembers of itself is its own
    assert first.current.get("outcomes.quality").base == 66


@pytest.mark.parametrize("what", ["history", "params", "validation"])
def test_a_file_that_is_written_is_read_again(what: str, place: Workspace) -> None:
    prepare(str(place.root), PERIOD.id)
    before = data.read(place, PERIOD)
    changed = {
        "history": place.history / f"{PERIOD.id}.parquet",
        "params": place.params / "school.yaml",
        "validation": place.tables / "pupils.yaml",
    }[what]
    old = changed.read_bytes()
    facts = changed.stat()
    if what == "history":
        frame = read(changed)
        frame.loc[frame["indicator"] == "outcomes.quality", "numerator"] = 0.0
        write_parquet(frame, changed)
    else:
        text = old.decode("utf-8")
        names = ("name_short: ", "title: ")
        changed.write_text(text.replace(names[what == "validation"], names[what == "validation"] + "Иное ", 1), "utf-8")
    os.utime(changed, ns=(facts.st_atime_ns, facts.st_mtime_ns))  # a copy that keeps times is noticed, too
    try:
        after = data.read(place, PERIOD)
        assert after.previous is not before.previous
        assert after.params is not before.params
        if what == "history":
            assert after.current.get("outcomes.quality").part == 0
        elif what == "params":
            assert after.school.name_short.startswith("Иное ")
        else:
            assert after.catalogue.tables["pupils"].title.startswith("Иное ")
    finally:
        changed.write_bytes(old)


def test_stamp_sees_what_appears_and_what_goes(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    seen = [stamp([tmp_path / "a", tmp_path / "one"])]
    (tmp_path / "a" / "b" / "deep").write_text("1")
    seen.append(stamp([tmp_path / "a", tmp_path / "one"]))
    (tmp_path / "one").write_text("1")
    seen.append(stamp([tmp_path / "a", tmp_path / "one"]))
    (tmp_path / "one").write_text("2")
    seen.append(stamp([tmp_path / "a", tmp_path / "one"]))
    (tmp_path / "a" / "b" / "deep").unlink()
    seen.append(stamp([tmp_path / "a", tmp_path / "one"]))
    assert len(set(seen)) == len(seen)
    assert seen[0] == ()


@pytest.mark.slow
@pytest.mark.skipif(not forks.supported(), reason="processes cannot be forked here")
@pytest.mark.parametrize("broken", [False, True])
def test_the_server_has_read_it_and_still_has_one_thread(broken: bool, place: Workspace, tmp_path: Path) -> None:
    script, told = tmp_path / "look.py", tmp_path / "told.json"
    period = PERIOD.previous() if broken else PERIOD
    script.write_text(
        "import json, os, pathlib\nfrom soko.notes import data\nfrom soko.periods import Period\n"
        "from soko.workspace import Workspace\n"
        f"place, period = Workspace.open({str(place.root)!r}), Period.parse({period.id!r})\n"
        "data.read(place, period)\n"
        "threads = len(os.listdir(f'/proc/{os.getppid()}/task'))\n"
        f"pathlib.Path({str(told)!r}).write_text(json.dumps([data._known.cache_info().hits, threads]))\n"
    )
    root = str(tmp_path / "nowhere" if broken else place.root)
    asked = {"call": "runpy:run_path", "arguments": {"path_name": str(script)}, "env": dict(os.environ), "cwd": "/"}
    asked["prepare"] = {
        "call": "soko.notes.prepared:prepare",
        "arguments": {"workspace": root, "period": period.id},
    }
    forks.fork("notes", asked).wait(timeout=60)
    hits, threads = json.loads(told.read_text())
    assert threads == 1
    assert (hits == 0) == broken  # it was there when the child asked


@pytest.mark.parametrize("title", ["История", "Основы духовно-нравственной культуры народов России " * 2])
def test_nothing_of_a_chart_is_cut_off(title: str, place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    from soko.publish import pdf

    note = data.read(place, PERIOD)
    monkeypatch.setattr(bar_charts, "wrapped", lambda name: title[:38] if name == "История" else name)
    for chart in (charts.quality_by_class, charts.subjects_quality, charts.marks_by_grade):
        drawn = chart(note)
        assert drawn is not None
        seen = np.asarray(Image.open(io.BytesIO(pdf.picture(drawn.svg, ppi=72))).convert("L"))
        edges = [seen[0], seen[-1], seen[:, 0], seen[:, -1]]
        assert all((edge > 250).all() for edge in edges)
        inked = np.flatnonzero((seen < 200).any(axis=0))
        assert inked[0] < 12  # and no room is wasted
        assert inked[-1] > seen.shape[1] - 12
