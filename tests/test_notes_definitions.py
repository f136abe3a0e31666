"""The annex of definitions says what the catalogue says, once, and nothing that it does not know."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from note_school import PERIOD, workspace

from soko.errors import UsageError
from soko.indicators import load_catalogue
from soko.notes.definitions import LABEL, annex
from soko.publish.blocks import parse
from soko.russian import NBSP


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    place = workspace(tmp_path_factory.mktemp("definitions") / "school")
    return SimpleNamespace(catalogue=load_catalogue(place), period=PERIOD, public=False)


def test_every_indicator_of_the_catalogue(data):
    ids = [item.id for item in data.catalogue]
    table = annex(data, ids)
    assert table.label == LABEL
    assert parse(table.model_dump(mode="json")) == table
    assert len(table.rows) == len(ids)
    for name, row in zip(ids, table.rows, strict=True):
        item = data.catalogue[name]
        assert row.cells[0] == f"{item.name} ({name})"
        assert row.cells[1].replace(NBSP, " ").lower().startswith(item.formula[:20].replace(NBSP, " ").lower())
        assert row.cells[3] == (item.clause or "решение школы")
        assert all(row.cells)
    letters = [row.cells[2] for row in table.rows]
    bases = {(data.catalogue.base(name), tuple(data.catalogue.tables_of(name))) for name in ids}
    assert len(set(letters)) == len(bases)
    assert sorted(note.split(" – ")[0] for note in table.notes[1:-1]) == sorted(set(letters))


def test_a_base_is_told_once(data):
    table = annex(data, ["outcomes.quality", "outcomes.success", "subjects.quality", "outcomes.quality"])
    assert len(table.rows) == 3
    assert [row.cells[2] for row in table.rows] == ["А", "А", "Б"]
    assert table.notes[1].startswith("А – обучающиеся отметочных классов")
    assert table.notes[2].startswith("Б – отметки")
    assert all("(«Отметки за период» и\u00a0«Список обучающихся»)." in note for note in table.notes[1:3])
    assert "soko explain" in table.notes[3]


def test_nothing_asked_nothing_shown_and_unknown_refused(data):
    assert annex(data, []) is None
    with pytest.raises(UsageError, match=r"возможно, имелось в виду «outcomes\.quality»"):
        annex(data, ["outcomes.qualty"])
