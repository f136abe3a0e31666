"""Free text: every planted thing is found, the school's own texts are not, СНИЛС by its check digits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, strategies as st
from leak_school import make

from soko.disclosure import freetext, identifiers, typed
from soko.disclosure.allowed import allowed
from soko.errors import ConfigError, DataError
from soko.periods import Period
from soko.russian import MONTHS
from soko.workspace import Workspace

ON = date(2026, 5, 31)


def kinds(text: str) -> set[str]:
    return {found.kind for found in freetext.scan(text, on=ON)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Не сдал Иванов Иван Иванович.", freetext.NAME),
        ("Беседа с Анной Сергеевной", freetext.NAME),
        ("с Петровым Иваном Сергеевичем", freetext.NAME),
        ("Мамедов Али Гасан оглы прибыл", freetext.NAME),
        ("Петрова М. И. не успевает", freetext.NAME),
        ("не успевает М.И. Петрова", freetext.NAME),
        ("Смирнов К. часто болеет", freetext.NAME),
        ("Смирнову Кириллу нужна помощь", freetext.NAME),
        ("Кирилл Смирнов", freetext.NAME),
        ("обучающаяся 7Б класса Кораблёва", freetext.NAME),
        ("ученик Хабибуллин", freetext.NAME),
        ("мама 8 (912) 345-67-89", freetext.PHONE),
        ("+79123456789", freetext.PHONE),
        ("8 (3452) 11-22-33", freetext.PHONE),
        ("тел. 45-67-89", freetext.PHONE),
        ("пишите на mama.7b@mail.ru", freetext.EMAIL),
        ("14.03.2013", freetext.BIRTH),
        ("2009 год: 14.03.1979 г.р.", freetext.BIRTH),
        ("род. 14 марта 2013 г.", freetext.BIRTH),
        ("дата рождения: 1.2.13", freetext.BIRTH),
        ("112-233-445 95", freetext.SNILS),
        ("СНИЛС 112-233-445 96", freetext.SNILS),
        ("паспорт 4508 654321", freetext.PASSPORT),
        ("45 08 № 654321", freetext.PASSPORT),
        ("свидетельство II-МЮ № 123456", freetext.CERTIFICATE),
        ("І-АК 654321", freetext.CERTIFICATE),
        ("ул. Мира, д. 5, кв. 12", freetext.ADDRESS),
        ("проживает на улице Зелёной, 7", freetext.ADDRESS),
        ("переведён в школу 8 вида", freetext.HEALTH),
        ("VIII вид", freetext.HEALTH),
        ("диагноз F70.0", freetext.HEALTH),
        ("Один обучающийся с эпилепсией на домашнем обучении", freetext.HEALTH),
        ("у девочки задержка психического развития", freetext.HEALTH),
    ],
)
def test_what_tells_of_a_person_is_found(text: str, kind: str) -> None:
    assert kind in kinds(f"Итоги периода. {text}")


@pytest.mark.parametrize(
    "text",
    [
        "приказ от 17.12.2010 № 1897, редакция от 12.08.2022", "Федеральный закон от 29.12.2012 № 273-ФЗ",
        "программы для 12 обучающихся с ЗПР", "8 видов спорта, 3 вида работ", "112-233-445 96", "100–200, 4508",
        "школа на ул. Мира, д. 5", "школа имени Юрия Гагарина", "опросник Н. Г. Лускановой", "в 7 А. Б классах нет",
        "Приложение А. Русский язык", "Пётр Первый в программе истории", "итоги на 26.05.2026", "12 345 678 рублей",
        "Северный район, Кавказская улица", "качество – 45,08 % (654 321 урок)", "обучающиеся Москвы и Казани",
    ],
)  # fmt: skip
def test_what_tells_of_nobody_is_let_through(text: str) -> None:
    assert kinds(f"Итоги периода. {text}.") == set()


def test_texts_of_the_school_itself_have_no_hits() -> None:
    free = allowed(Workspace(ROOT))
    files = [*(ROOT / "tests" / "golden").rglob("*.txt"), *(ROOT / "params" / "periods").rglob("*.yaml")]
    assert len(files) > 30
    for path in files:
        text = path.read_text(encoding="utf-8")
        shown = freetext.normal(text)
        assert [(f.kind, shown[f.at : f.at + 40]) for f in freetext.scan(text, on=ON, allowed=free)] == [], path
    golden = (ROOT / "tests" / "golden" / "academic_results.txt").read_text(encoding="utf-8")
    assert freetext.NAME in kinds(golden)  # its signatories, who are allowed by params/school.yaml alone


def control(nine: int) -> int:
    """The check number as the Fund's text says it, step by step."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(f"{nine:09}"))
    while total > 101:
        total %= 101
    return 0 if total in (100, 101) else total


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 99))
def test_a_number_is_a_snils_by_its_check_digits_alone(nine: int, two: int) -> None:
    holds = two == control(nine)
    text = f"{nine:09}"
    assert identifiers.snils_holds(f"{text}{two:02}") == holds
    written = f"{text[:3]}-{text[3:6]}-{text[6:]} {two:02}"
    repeated = len(set(f"{text}{two:02}")) <= 2
    assert bool(list(identifiers.snils(written))) == (holds and not repeated)
    assert list(identifiers.snils(f"СНИЛС: {written}"))


@given(
    st.sampled_from(["+7", "8", "+7 "]),
    st.tuples(st.sampled_from("3489"), st.text("0123456789", min_size=9, max_size=9)),
    st.sampled_from(["{}{}{}{}", " {} {} {} {}", "({}){}-{}-{}", " ({}) {}-{}-{}", "-{}-{}-{}-{}", " {} {}{}{}"]),
)
def test_phones_in_all_notations(lead: str, number: tuple[str, str], shape: str) -> None:
    ten = "".join(number)
    written = lead + shape.format(ten[:3], ten[3:6], ten[6:8], ten[8:])
    assert [found for _, found in identifiers.phones(f"тел.: {written}, утром")] == [ten]


@given(st.dates(date(2008, 1, 1), date(2019, 12, 31)), st.integers(0, 3))
def test_birth_dates_of_children_in_all_notations(day: date, shape: int) -> None:
    written = [
        f"{day:%d.%m.%Y}",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    ]
    assert [found for *_, found in identifiers.dates(f"дата {written[shape]} г.")] == [day]


def test_texts_of_a_period_stop_with_file_and_line(tmp_path: Path) -> None:
    workspace = Workspace(make(tmp_path / "school"))
    when = Period.parse("2025-2026/q4")
    typed.check(workspace, when)
    path = workspace.params / "periods" / "2025-2026" / "q4.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("- с родителями неуспевающих", "- с мамой Кирилла Смирнова и родителями")
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    report = workspace.params / "reports" / "self_assessment" / "general.md"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text("# Общее\n\nШкола работает.\nТелефон мамы: 8 912 345-67-89\n", encoding="utf-8")
    lines = {(place.file, place.line, place.kind) for place in typed.places(workspace, when)}
    number = next(n for n, line in enumerate(changed.splitlines(), 1) if "Кирилла" in line)
    assert lines == {
        ("params/periods/2025-2026/q4.yaml", number, freetext.NAME),
        ("params/reports/self_assessment/general.md", 4, freetext.PHONE),
    }
    with pytest.raises(DataError) as stopped:
        typed.check(workspace, when)
    assert "Смирнов" not in str(stopped.value)
    assert "912" not in str(stopped.value)
    assert f"строка {number}" in str(stopped.value)


def test_telephone_and_mail_of_the_school_itself_may_be_printed(tmp_path: Path) -> None:
    """The public report asks for them; those of anybody else stop it as before, beside them too."""
    workspace, when = Workspace(make(tmp_path / "school")), Period.parse("2025-2026/year")
    reports = workspace.params / "reports"
    text, own = reports / "public_report" / "contacts.md", reports / "self_assessment" / "school.yaml"
    for path in (text, own):
        path.parent.mkdir(parents=True, exist_ok=True)
    text.write_text(
        "Телефон школы: 8 (343) 765-12-34, School@mail.example.\nЗвоните: 8 912 345-67-89\n", encoding="utf-8"
    )
    found = lambda: {(place.line, place.kind) for place in typed.places(workspace, when)}  # noqa: E731
    own.write_text("requisites: []\n", encoding="utf-8")
    others = {(2, freetext.PHONE)}
    assert found() == others | {(1, freetext.PHONE), (1, freetext.EMAIL)}
    own.write_text(
        'requisites:\n  - {title: Телефон, value: "+7 343 765-12-34, school@mail.example"}\n', encoding="utf-8"
    )
    assert found() == others
    own.unlink()
    listed = '{value: "83437651234", ground: приёмная}, {value: school@mail.example, ground: почта школы}'
    (reports / "allowed_names.yaml").write_text(f"contacts: [{listed}]\n", encoding="utf-8")
    assert found() == others


def test_a_list_of_allowed_names_is_checked(tmp_path: Path) -> None:
    workspace = Workspace(make(tmp_path / "school"))
    path = workspace.params / "reports" / "allowed_names.yaml"
    path.parent.mkdir(exist_ok=True)
    good = "names:\n  - {name: Смирнов Кирилл, ground: согласие № 7, from: 2026-01-01}\n"
    path.write_text(good, encoding="utf-8")
    free = allowed(workspace, ON)
    assert not freetext.scan("Победил Кирилл Смирнов", on=ON, allowed=free)
    assert freetext.scan("Победил Кирилл Смирнов", on=ON)
    assert freetext.scan("Победил Кирилл Петров", on=ON, allowed=free)
    faults = ((good.replace("ground", "grounds"), "ground"), (good.replace(" Кирилл", ""), "фамилия и имя"))
    for wrong, word in faults:
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(ConfigError, match=word):
            allowed(workspace, ON)
