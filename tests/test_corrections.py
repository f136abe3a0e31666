"""The ledger of corrections: what it refuses, what it changes, what it reports, and that a change makes a rerun."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings, strategies as st
from intake_school import PERIOD, PUPILS, gradebook, incoming, read, workspace, write_book, write_list

from soko import scaffold
from soko.corrections import load_corrections
from soko.errors import ConfigError
from soko.intake.private import private_key, pseudonym
from soko.notes import checked
from soko.periods import Period
from soko.run import keys, manifest, memory
from soko.validation import validate
from soko.validation.corrected import correct
from soko.validation.protocol import Protocol
from soko.workspace import Workspace

Q2 = Period.parse(PERIOD)
SUBJECTS = ["Математика", "История"]
MARKS: dict[str, list[Any]] = {
    "Абрамов Илья Петрович": [4, 5],
    "Белова Анна Сергеевна": [3, 4],
    "Волков Пётр Ильич": [5, 3],
}
ENTRY: dict[str, Any] = {
    "table": "marks",
    "key": {"pupil_id": "К-2", "subject": "Математика"},
    "column": "mark",
    "expected": "3",
    "value": "4",
    "reason": "опечатка в ведомости",
    "who": "заместитель директора",
    "date": date(2026, 1, 12),
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A list of pupils and one gradebook; «Белова» has a wrong mark in C9."""
    made = workspace(tmp_path)
    write_list(incoming(made) / "pupils.csv", PUPILS)
    write_book(incoming(made) / "5А.xlsx", {"5А": gradebook(MARKS, SUBJECTS)})
    return made


def ledger(space: Workspace, *entries: dict[str, Any]) -> None:
    text = yaml.safe_dump({"corrections": list(entries)}, allow_unicode=True, sort_keys=False)
    space.corrections.write_text(text, encoding="utf-8")


def entry(**changed: Any) -> dict[str, Any]:
    return {**ENTRY, **changed}


def corrected(space: Workspace) -> Any:
    return correct(space, Q2, read(space))


def mark_of(intake: Any, space: Workspace, code: str, subject: str) -> Any:
    frame = intake.tables["marks"].frame
    own = frame["pupil_id"] == pseudonym(private_key(space), "p_", f"id:{code}")
    return frame.loc[own & (frame["subject"] == subject), "mark"].item()


def ledger_rules(intake: Any) -> list[tuple[str, str]]:
    return [(f.severity, f.rule) for f in intake.findings if f.rule.startswith("correction_")]


# --- what is applied --------------------------------------------------------------------------------------------------


def test_a_correction_changes_one_value_and_is_logged(space: Workspace) -> None:
    before = read(space)
    ledger(space, ENTRY)
    after = corrected(space)
    assert mark_of(before, space, "К-2", "Математика") == "3"
    assert mark_of(after, space, "К-2", "Математика") == "4"
    assert after.corrections.to_dict("records") == [
        {"table": "marks", "file": f"{PERIOD}/5А.xlsx", "sheet": "5А", "cell": "C9", "row": 9, "column": "mark",
         "was": "3", "became": "4", "reason": "опечатка в ведомости", "who": "заместитель директора",
         "date": "2026-01-12"}
    ]  # fmt: skip
    changed = before.tables["marks"].frame["mark"] != after.tables["marks"].frame["mark"]
    assert changed.sum() == 1
    assert ledger_rules(after) == []


def test_the_intake_that_was_read_stays_as_it_is(space: Workspace) -> None:
    ledger(space, ENTRY)
    before = read(space)
    copy = before.tables["marks"].frame.copy()
    correct(space, Q2, before)
    pd.testing.assert_frame_equal(before.tables["marks"].frame, copy)


def test_a_pseudonym_in_the_key_means_the_same_pupil(space: Workspace) -> None:
    code = pseudonym(private_key(space), "p_", "id:К-2")
    ledger(space, entry(key={"pupil_id": code, "subject": "математика"}))
    assert mark_of(corrected(space), space, "К-2", "Математика") == "4"


def test_values_are_read_as_cells_are(space: Workspace) -> None:
    ledger(
        space,
        entry(expected=3, value="Н/A"),
        entry(table="pupils", key={"pupil_id": "К-4"}, column="sex", expected="женский", value="муж"),
        entry(table="pupils", key={"pupil_id": "К-3"}, column="class", expected="5 а", value="5б"),
        entry(table="pupils", key={"pupil_id": "К-1"}, column="arrived_on", expected=None, value="02.11.2025"),
    )
    after = corrected(space)
    assert mark_of(after, space, "К-2", "Математика") == "н/а"
    pupils = after.tables["pupils"].frame.set_index("_row")
    assert (pupils.at[5, "sex"], pupils.at[4, "class"], pupils.at[2, "arrived_on"]) == ("м", "5Б", date(2025, 11, 2))
    assert list(after.corrections["was"]) == ["3", "ж", "5А", "пусто"]
    assert list(after.corrections["became"]) == ["н/а", "м", "5Б", "02.11.2025"]


def test_a_value_can_be_taken_away(space: Workspace) -> None:
    ledger(space, entry(value=None))
    assert mark_of(corrected(space), space, "К-2", "Математика") is None


def test_a_mark_can_be_given_to_another_pupil(space: Workspace) -> None:
    ledger(space, entry(column="pupil_id", expected="К-2", value="К-4"))
    after = corrected(space)
    assert mark_of(after, space, "К-4", "Математика") == "3"
    assert all(value.startswith("p_") for value in [*after.corrections["was"], *after.corrections["became"]])


def test_an_unreadable_cell_is_settled_by_its_correction(space: Workspace) -> None:
    write_book(incoming(space) / "5А.xlsx", {"5А": gradebook({**MARKS, "Белова Анна Сергеевна": ["4?", 4]}, SUBJECTS)})
    assert ("critical", "mark_unknown") in [(f.severity, f.rule) for f in read(space).findings]
    ledger(space, entry(expected=None))
    after = corrected(space)
    assert mark_of(after, space, "К-2", "Математика") == "4"
    own = [f for f in after.findings if f.rule == "mark_unknown"]
    assert [f.severity for f in own] == ["info"]
    assert "по журналу исправлений" in own[0].message_ru


def test_printed_totals_of_a_corrected_column_are_not_compared(space: Workspace) -> None:
    """They were computed of the wrong mark, and would be called wrong themselves."""
    assert set(read(space).totals["subject"]) == set(SUBJECTS)
    ledger(space, ENTRY)
    assert set(corrected(space).totals["subject"]) == {"История"}


def test_two_corrections_of_a_cell_follow_each_other(space: Workspace) -> None:
    ledger(space, ENTRY, entry(expected="4", value="5"))
    after = corrected(space)
    assert mark_of(after, space, "К-2", "Математика") == "5"
    assert len(after.corrections) == 2


def test_an_entry_of_another_period_does_nothing(space: Workspace) -> None:
    ledger(space, entry(period="2025-2026/q3"))
    after = corrected(space)
    assert mark_of(after, space, "К-2", "Математика") == "3"
    assert ledger_rules(after) == []
    ledger(space, entry(period=PERIOD))
    assert mark_of(corrected(space), space, "К-2", "Математика") == "4"


# --- what no longer fits ----------------------------------------------------------------------------------------------


def test_a_stale_entry_changes_nothing_and_warns(space: Workspace) -> None:
    ledger(space, entry(expected="2"))
    after = corrected(space)
    assert mark_of(after, space, "К-2", "Математика") == "3"
    assert after.corrections.empty
    [found] = [f for f in after.findings if f.rule == "correction_stale"]
    assert (found.severity, found.file, found.cell, found.row) == ("warning", f"{PERIOD}/5А.xlsx", "C9", 9)
    assert "исправление больше не подходит: в файле теперь другое значение" in found.message_ru
    assert "data/corrections.yaml, строка 2" in found.message_ru


def test_a_repaired_source_is_told_in_its_own_words(space: Workspace) -> None:
    ledger(space, entry(expected="2", value="3"))
    [found] = [f for f in corrected(space).findings if f.rule == "correction_stale"]
    assert "уже стоит новое значение" in found.message_ru


@pytest.mark.parametrize(("period", "severity"), [(PERIOD, "warning"), ("", "info")])
def test_a_row_that_is_not_there(space: Workspace, period: str, severity: str) -> None:
    ledger(space, entry(key={"pupil_id": "К-77", "subject": "Математика"}, period=period))
    assert ledger_rules(corrected(space)) == [(severity, "correction_not_found")]


def test_a_table_that_is_not_there(space: Workspace) -> None:
    ledger(space, entry(table="health", key={"pupil_id": "К-1"}, column="sport", expected=True, value=False))
    assert ledger_rules(corrected(space)) == [("info", "correction_not_found")]


def test_a_key_of_several_rows_is_refused(space: Workspace) -> None:
    ledger(space, entry(key={"pupil_id": "К-2"}))
    after = corrected(space)
    assert ledger_rules(after) == [("critical", "correction_ambiguous")]
    assert after.corrections.empty
    assert "Дополните key" in after.findings[-1].message_ru


def test_no_finding_holds_a_code_or_a_value(space: Workspace) -> None:
    ledger(
        space,
        entry(key={"pupil_id": "К-77", "subject": "Математика"}),
        entry(key={"pupil_id": "К-2"}),
        entry(expected="2"),
    )
    told = " ".join(f.message_ru for f in corrected(space).findings if f.rule.startswith("correction_"))
    for secret in ("К-77", "К-2", "Белова", "p_"):
        assert secret not in told


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "line", "words"),
    [
        ({"table": "mark"}, 2, "нет таблицы «mark»; возможно, имелось в виду «marks»"),
        ({"column": "marks"}, 6, "нет столбца «marks»; возможно, имелось в виду «mark»"),
        ({"column": "grade"}, 6, "нет столбца «grade»"),
        ({"key": {"pupil": "К-2"}}, 4, "нет столбца «pupil»; возможно, имелось в виду «pupil_id»"),
        ({"key": {"full_name": "Белова Анна"}}, 4, "личные данные («full_name») в журнал исправлений не пишут"),
        ({"key": {"pupil_id": "Белова А.С."}}, 4, "похоже на имя"),
        ({"key": {"pupil_id": 12}}, 4, "возьмите в кавычки"),
        ({"key": {}}, 3, "нужен хотя бы один столбец"),
        ({"value": "6?"}, 8, "не читается"),
        ({"value": "3"}, 8, "одно и то же значение"),
        ({"reason": " "}, 9, "не должно быть пусто"),
        ({"period": "2025-2026/q9"}, 12, "2025-2026/q9"),
        ({"expectd": "3"}, 12, "неизвестный ключ «expectd»; возможно, имелось в виду «expected»"),
        ({"date": "вчера"}, 11, "нужна дата"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_line(space: Workspace, changed: Any, line: int, words: str) -> None:
    ledger(space, entry(**changed))
    with pytest.raises(ConfigError) as error:
        load_corrections(space, Q2)
    assert words in error.value.message
    assert error.value.where.endswith(f"corrections.yaml, строка {line}")
    assert "Белова" not in str(error.value)


def test_a_duplicate_key_is_refused(space: Workspace) -> None:
    space.corrections.write_text(
        dedent("""\
            corrections:
              - table: marks
                table: pupils
            """),
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="ключ «table» записан дважды"):
        load_corrections(space, Q2)


def test_the_same_correction_twice_is_refused(space: Workspace) -> None:
    ledger(space, ENTRY, entry(value="5"))
    with pytest.raises(ConfigError, match="то же, что и запись в строке 2"):
        load_corrections(space, Q2)


def test_a_ledger_of_another_period_is_checked_too(space: Workspace) -> None:
    ledger(space, entry(period="2024-2025/q1", column="mrak"))
    with pytest.raises(ConfigError, match="нет столбца «mrak»"):
        load_corrections(space, Q2)


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_the_correction_reaches_clean_tables_protocol_and_note(space: Workspace) -> None:
    ledger(space, ENTRY)
    out = space.root / "out"
    result = validate(space, Q2, out / "validation")
    assert not result.is_critical
    marks = pd.read_parquet(space.clean(Q2) / "marks.parquet")
    own = marks["pupil_id"] == pseudonym(private_key(space), "p_", "id:К-2")
    assert set(marks.loc[own, "mark"]) == {"4"}
    written = pd.read_csv(out / "validation" / "corrections.csv", dtype=str)
    assert written[["was", "became", "who"]].to_numpy().tolist() == [["3", "4", "заместитель директора"]]
    [prose, table] = Protocol(result).corrections()
    assert "исправлено: 1\xa0значение" in prose.markdown or "исправлено: 1 значение" in prose.markdown
    assert table.rows[0].cells == [
        "Отметки за период", "5А.xlsx, лист «5А», ячейка C9", "Отметка", "3 → 4",
        "опечатка в ведомости (заместитель директора, 12.01.2026)",
    ]  # fmt: skip
    assert "Исправлено по журналу исправлений: Отметка" in (out / "validation/data_docs/index.html").read_text("utf-8")

    class Data:
        workspace = space
        corrections = written

    [said, small] = checked.corrections(Data())  # type: ignore[arg-type]
    assert said.markdown.replace("\xa0", " ").startswith("Исправлено по журналу исправлений: 1 значение")  # type: ignore[attr-defined]
    assert [row.cells for row in small.rows] == [["Отметки за период", "Отметка", "1"]]  # type: ignore[attr-defined]


def test_without_a_ledger_nothing_is_told(space: Workspace) -> None:
    result = validate(space, Q2, space.root / "out", docs=False, returned=False)
    assert Protocol(result).corrections() == []
    assert (space.root / "out" / "corrections.csv").read_text("utf-8").count("\n") == 1


def test_a_change_of_the_ledger_is_a_change_of_the_inputs(space: Workspace) -> None:
    def known() -> list[Any]:
        return [
            manifest.inputs(space, Q2),
            memory.validation_record(space, Q2),
            keys.history_key(space, Q2),
        ]

    none = known()
    ledger(space, ENTRY)
    first = known()
    ledger(space, entry(value="5"))
    for before, with_ledger, changed in zip(none, first, known(), strict=True):
        assert before != with_ledger != changed
    assert "data/corrections.yaml" in first[0]


def test_init_leaves_an_empty_ledger_that_explains_itself(tmp_path: Path) -> None:
    scaffold.init(tmp_path / "школа", today=date(2026, 7, 1))
    fresh = Workspace(tmp_path / "школа")
    assert load_corrections(fresh, Q2) == []
    shown = [line.removeprefix("#") for line in fresh.corrections.read_text("utf-8").splitlines()]
    example = "\n".join(line for line in shown if line.startswith("   "))
    fresh.corrections.write_text(f"corrections:\n{example}\n", encoding="utf-8")
    [found] = load_corrections(fresh, Q2)
    assert (found.entry.table, found.expected, found.value) == ("marks", "3", "4")


@pytest.mark.deep
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["2", "3", "4", "5"]), min_size=6, max_size=6), st.data())
def test_a_correction_and_its_reverse_leave_what_was(
    tmp_path_factory: pytest.TempPathFactory, marks: list[str], data: st.DataObject
) -> None:
    space = workspace(tmp_path_factory.mktemp("ledger") / "school")
    write_list(incoming(space) / "pupils.csv", PUPILS)
    given_marks = {name: marks[2 * i : 2 * i + 2] for i, name in enumerate(MARKS)}
    write_book(incoming(space) / "5А.xlsx", {"5А": gradebook(given_marks, SUBJECTS)})  # type: ignore[arg-type]
    pupil, subject = data.draw(st.integers(0, 2)), data.draw(st.integers(0, 1))
    old = marks[2 * pupil + subject]
    new = data.draw(st.sampled_from(sorted({"2", "3", "4", "5"} - {old})))
    there = entry(key={"pupil_id": f"К-{pupil + 1}", "subject": SUBJECTS[subject]}, expected=old, value=new)
    before = read(space)
    ledger(space, there)
    changed = correct(space, Q2, before).tables["marks"].frame
    assert (changed["mark"] != before.tables["marks"].frame["mark"]).sum() == 1
    ledger(space, there, {**there, "expected": new, "value": old})
    pd.testing.assert_frame_equal(correct(space, Q2, before).tables["marks"].frame, before.tables["marks"].frame)
