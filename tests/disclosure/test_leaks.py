"""Every planted leak is found, in every format and spelling; nothing innocent is; nothing found is repeated."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from leak_school import CODE, PASSPORT, PHONE, PHRASE, PUPIL, SNILS, make
from planted_files import CASES, CLEAN, OPAQUE

from soko.disclosure import leaks, told
from soko.disclosure.needles import Needles
from soko.disclosure.spellings import plain
from soko.errors import DataError, UsageError
from soko.workspace import Workspace

LAST, FIRST, THIRD = PUPIL.split()


@pytest.fixture(scope="module")
def needles(tmp_path_factory: pytest.TempPathFactory) -> Needles:
    return leaks.personal(Workspace(make(tmp_path_factory.mktemp("leaks") / "school")), [PHRASE])


@pytest.fixture(scope="module")
def planted(needles: Needles, tmp_path_factory: pytest.TempPathFactory) -> list[leaks.Leak]:
    """What is found in a folder that has a subfolder for every case, and for its like without anything planted."""
    folder = tmp_path_factory.mktemp("planted")
    for group, cases in (("bad", CASES), ("good", CLEAN)):
        for number, (name, content) in enumerate(cases.values()):
            path = folder / f"{group}{number}" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
    return leaks.search(folder, needles)


@pytest.mark.parametrize("case", CASES)
def test_a_planted_leak_is_found(case: str, planted: list[leaks.Leak]) -> None:
    folder = f"bad{list(CASES).index(case)}/"
    own = {leak.kind for leak in planted if leak.file.startswith(folder)}
    assert own, "nothing was found"
    assert any(kind.startswith(leaks.CLOSED) for kind in own) == (case in OPAQUE), own


def test_the_same_files_without_it_are_clean(planted: list[leaks.Leak]) -> None:
    assert not [leak for leak in planted if leak.file.startswith("good")]


def test_nothing_of_what_was_found_is_repeated(planted: list[leaks.Leak], needles: Needles) -> None:
    shown = plain("\n".join(told.lines(planted, needles, 2)) + repr(planted))
    assert not any(part in shown for part in (plain(LAST), plain(FIRST), "khabib", "snezh"))


@pytest.mark.parametrize(
    "text",
    [
        PUPIL, PUPIL.upper(), f"{FIRST} {LAST}", f"{LAST} {FIRST[0]}.{THIRD[0]}.", f"{FIRST[0]}. {THIRD[0]}. {LAST}",
        f"{LAST} {FIRST[0]}.", "беседа с Хабибуллиной Снежаной", "родителям Хабибуллиной", "у Снежаны Хабибуллиной",
        LAST, f"{LAST[:5]}\u00ad{LAST[5:]}", f"{LAST}\u00a0{FIRST}", f"{LAST[:6]}-\n{LAST[6:]} {FIRST}",
        " ".join(LAST) + "  " + " ".join(FIRST), f"{LAST.replace('а', 'a')} {FIRST}",
        unicodedata.normalize("NFD", PUPIL),
        "Khabibullina Snezhana", "snezhana.habibullina@example.org", "Волков Глеб", "Глебу Волкову", "Волков Г. И.",
        "Белых Л.О.", "Льву Белых", "Ким Павел", "Павлом Кимом", "Щербаков-Юсупов Дмитрий", "Щербаковым-Юсуповым Д.С.",
        "Shcherbakov-Yusupov Dmitriy", "Ярошенко Таисия", "Верещагина Нина Павловна", "Гагарин Юрий",
        "14.03.2013", "14/3/2013", "14 марта 2013 г.", "2013-03-14T00:00:00", "14-03-2013", "родилась 29.12.2012",
        "02.10.2016", CODE, CODE.upper(), "t_0123456789ab", "p_ffffffffffff", SNILS, SNILS.replace("-", " "),
        "11223344595",
        PHONE, "+79123456789", " ".join(PASSPORT), "45 08 № 654321", PHRASE, PHRASE.upper().replace(" ", "\u00a0"),
    ],
)  # fmt: skip
def test_spellings_of_what_identifies(text: str, needles: Needles) -> None:
    assert needles.touches(f"Итоги: {text}; далее")


@pytest.mark.parametrize(
    "text",
    [
        "Верещагина Н.П.", "Н. П. Верещагина", "Директор Н. П. Верещагиной доложено", "Заместитель Е. С. Лаптева",
        "Лаптева Е.С.", "волков бояться – в лес не ходить", "Волков в сказках много", "Белых пятен и иных нет",
        "улица Гагарина, д. 5", "имени Ю. А. Гагарина", "Федеральный закон от 29.12.2012 № 273-ФЗ", "кимоно, Ким",
        "Снежана", "Глеб Ильич", "13.03.2013", "112-233-445 96", "8 (3452) 11-22-33", "4508 111111", "p_value", "лев",
        "9Б класс: обучающийся", "14.03.13.2", "Хабаровск", "Павел Первый", "2013", "Дмитрий, Сергей и Юрий",
    ],
)  # fmt: skip
def test_nothing_innocent_is_a_leak(text: str, needles: Needles) -> None:
    assert list(needles.find(f"Итоги: {text}; далее")) == []


def test_a_namesake_of_the_director_is_counted(needles: Needles) -> None:
    assert needles.shared == 2  # a pupil Верещагина Н. П., and the deputy of the staff list
    assert "Верещагина" not in repr(needles)
    assert any("не отличить" in line for line in told.lines([], needles, 1))


def test_a_consent_lets_a_name_through_until_it_ends(tmp_path: Path) -> None:
    from datetime import date

    workspace = Workspace(make(tmp_path / "school"))
    folder = workspace.params / "reports"
    folder.mkdir(exist_ok=True)
    (folder / "allowed_names.yaml").write_text(
        f"names:\n  - {{name: {PUPIL}, ground: согласие от 01.02.2026 № 7, from: 2026-02-01, until: 2026-12-31}}\n",
        encoding="utf-8",
    )
    assert not leaks.personal(workspace, on=date(2026, 6, 1)).touches(f"Победитель – {LAST} {FIRST}")
    assert leaks.personal(workspace, on=date(2027, 1, 1)).touches(f"Победитель – {LAST} {FIRST}")
    assert leaks.personal(workspace).touches(f"Победитель – {LAST} {FIRST}")


def test_what_was_found_stops_a_publication(needles: Needles, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PUPIL, encoding="utf-8")
    with pytest.raises(DataError) as stopped:
        told.refuse(leaks.search(tmp_path, needles), "папка для сайта")
    assert LAST not in str(stopped.value)
    told.refuse([], "папка для сайта")


def test_what_was_not_looked_for_is_told(tmp_path: Path) -> None:
    assert any("имена не искали" in line for line in told.lines([], Needles(), 1))
    workspace = Workspace(make(tmp_path / "school"))
    (workspace.root / "data" / "incoming" / "2026-2027" / "q1" / "Закрытая.xlsx").write_bytes(b"PK\x03\x04" + b"0" * 9)
    lines = told.lines([], leaks.personal(workspace), 1)
    assert any("не прочитано: 1\u00a0файл" in line for line in lines)


def test_an_empty_or_missing_folder_is_no_clean_one(needles: Needles, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError):
            leaks.search(folder, needles)
