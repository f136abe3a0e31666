"""Files found clean are not opened again; a file or a term that has changed in any way is."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from leak_school import PUPIL, make

from soko.disclosure import leaks, outgoing, searched
from soko.disclosure.latin import LatinNames
from soko.disclosure.needles import Needles, Person
from soko.workspace import Workspace

_TEXTS = st.text("абв.:,'\"\\[]{}<>п", max_size=4)
_SETS = st.frozensets(_TEXTS, max_size=3)
_PAIRS = st.frozensets(st.tuples(_TEXTS, _TEXTS), max_size=3)
_DATES = st.frozensets(st.dates(date(2010, 1, 1), date(2010, 1, 9)), max_size=3)
_PEOPLE = st.tuples() | st.tuples(st.builds(Person, _SETS, _SETS, _TEXTS, _TEXTS))
_FIELDS = {
    "people": _PEOPLE,
    "surnames": st.dictionaries(_TEXTS, st.tuples(st.integers(0, 3)), max_size=3),
    "alone": _SETS, "allowed": _PAIRS, "allowed_full": _PAIRS,
    "latin": st.builds(LatinNames, st.dictionaries(_TEXTS, st.tuples(st.tuples(_TEXTS, _TEXTS)), max_size=2)),
    "births": _DATES, "known": _DATES, "snils": _SETS, "phones": _SETS, "emails": _SETS, "passports": _SETS,
    "phrases": st.lists(_TEXTS, max_size=3).map(tuple), "shared": st.integers(0, 3), "unread": st.integers(0, 3),
}  # fmt: skip
needles = st.builds(Needles, **_FIELDS)


def test_every_field_of_the_needles_is_among_those_tried() -> None:
    assert set(_FIELDS) == {field.name for field in dataclasses.fields(Needles) if field.init}


@settings(max_examples=100, deadline=None)
@given(one=needles, name=st.sampled_from(sorted(_FIELDS)), data=st.data())
def test_terms_that_differ_have_other_digests(one: Needles, name: str, data: st.DataObject) -> None:
    other = dataclasses.replace(one, **{name: data.draw(_FIELDS[name])})
    assert (searched.digest(one) == searched.digest(other)) == (one == other)


@settings(max_examples=100, deadline=None)
@given(
    content=st.binary(max_size=60),
    other=st.binary(max_size=60),
    terms=st.binary(max_size=3),
    changed=st.binary(max_size=3),
)
def test_no_other_bytes_and_no_other_terms_are_known(
    content: bytes, other: bytes, terms: bytes, changed: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "searched.json"
    path.unlink(missing_ok=True)
    memory = searched.Searched(path, b"key", terms)
    memory.add(content)
    memory.save()
    assert content in searched.Searched(path, b"key", terms)
    assert (other in searched.Searched(path, b"key", terms)) == (other == content)
    assert (content in searched.Searched(path, b"key", changed)) == (changed == terms)
    assert content not in searched.Searched(path, b"another key", terms)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = Workspace(make(tmp_path / "school"))
    (made.private / "key").write_text("ab" * 32 + "\n", encoding="ascii")
    return made


def opened(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Contents that are looked into from now on."""
    seen: list[bytes] = []
    real = leaks.inside

    def inside(content: bytes, *args: object) -> set[tuple[str, str]]:
        seen.append(content)
        return real(content, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(leaks, "inside", inside)
    return seen


def test_only_what_is_new_or_was_found_guilty_is_read_again(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    for name, text in (("a", "Итоги"), ("b", "Ещё итоги"), ("c", PUPIL)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    seen = opened(monkeypatch)
    first = outgoing.look(place, folder).found
    assert [leak.file for leak in first] == ["c.txt"]
    assert len(seen) == 3
    seen.clear()
    assert outgoing.look(place, folder).found == first
    assert seen == [PUPIL.encode()], "what was found guilty is never remembered"
    (folder / "b.txt").write_text(f"Ещё итоги, {PUPIL}", encoding="utf-8")
    assert {leak.file for leak in outgoing.look(place, folder).found} == {"b.txt", "c.txt"}


def test_a_new_pupil_makes_every_file_be_read_again(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.txt").write_text("Победил Остроумов Фёдор", encoding="utf-8")
    assert outgoing.look(place, folder).found == []
    incoming = place.root / "data" / "incoming" / "2026-2027" / "q1" / "Новые.csv"
    incoming.write_text("Фамилия;Имя;Отчество\nОстроумов;Фёдор;Ильич\n", encoding="utf-8")
    assert [leak.file for leak in outgoing.look(place, folder).found] == ["a.txt"]


def test_a_consent_that_has_ended_makes_every_file_be_read_again(place: Workspace, tmp_path: Path) -> None:
    folder, on = tmp_path / "site", place.params / "reports" / "allowed_names.yaml"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Победила {PUPIL}", encoding="utf-8")
    on.write_text(
        f"names:\n  - {{name: {PUPIL}, ground: согласие № 7, from: 2026-02-01, until: 2026-12-31}}\n", encoding="utf-8"
    )
    assert outgoing.look(place, folder, on=date(2026, 6, 1)).found == []
    assert outgoing.look(place, folder, on=date(2027, 1, 1)).found != []


def test_a_clean_file_under_a_telling_name_is_told(place: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.txt").write_text("Итоги", encoding="utf-8")
    assert outgoing.look(place, folder).found == []
    (folder / "a.txt").rename(folder / f"{PUPIL}.txt")
    assert outgoing.look(place, folder).found != []


def test_the_memory_says_nothing_and_a_damaged_one_is_none(place: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.txt").write_text("Итоги", encoding="utf-8")
    outgoing.look(place, folder)
    path = place.private / searched.NAME
    assert set(path.read_text(encoding="utf-8")) <= set('0123456789abcdef"[]{},: \n')
    path.write_text("{", encoding="utf-8")
    (folder / "a.txt").write_text(PUPIL, encoding="utf-8")
    assert outgoing.look(place, folder).found != []


def test_without_a_key_nothing_is_remembered_and_none_is_made(place: Workspace, tmp_path: Path) -> None:
    (place.private / "key").unlink()
    (tmp_path / "a.txt").write_text("Итоги", encoding="utf-8")
    assert outgoing.look(place, tmp_path / "a.txt").found == []
    assert sorted(path.name for path in place.private.iterdir()) == ["2025-2026"]
