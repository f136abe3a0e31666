"""What stands in the way of the report: what forbids it, what keeps it a draft, what has to be confirmed.

*Refused* (DataError, nothing is written): the self-assessment was not ordered, lines of the table contradict each
other. *Draft* («ПРОЕКТ»): a required text is not written, a line has no value, a number in a text cannot be checked,
something is as a year ago or looks doubtful and nobody has confirmed it. *Release*: what only the public edition waits
for, that is, the approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from soko import russian
from soko.errors import DataError
from soko.order1324 import Order1324
from soko.periods import Period
from soko.publish.blocks import Table
from soko.reports import numbers
from soko.self_assessment import carried, consistency, texts
from soko.self_assessment.lines import NO_VALUE, Line, entries
from soko.self_assessment.own import Confirmation
from soko.self_assessment.references import Filled
from soko.self_assessment.settings import Files

Holds = Literal["", "draft", "release"]
_SHOWN = 12


@dataclass(frozen=True)
class Remark:
    """A finding about the report. ``what`` and ``value`` are its names in confirmed.yaml, where it can be confirmed.

    ``place`` is a file with its line, or a code of the table; ``holds`` what it keeps back; ``confirmed`` by whom.
    """

    kind: str
    place: str
    message: str
    holds: Holds = ""
    what: str = ""
    value: str = ""
    confirmed: str = ""

    @property
    def told(self) -> str:
        """Place and message; a line of the table names itself."""
        return self.message if self.message.startswith(f"{self.place}: ") else f"{self.place}: {self.message}"


def refuse_unordered(files: Files, period: Period) -> None:
    """DataError when no order says that the self-assessment is held: dates and people are the school's decision."""
    if period.kind != "calendar":
        return
    if files.year(period.year).ordered is None:
        raise DataError(
            f"проведение самообследования за {period.year} год не утверждено: нет приказа о его сроках и комиссии "
            "(приказ № 462, пп. 4–5)",
            where=files.where("years", period.year),
            todo=f"впишите приказ: years, {period.year}, ordered: {{number: …, date: …}}",
        )


def refuse_settings(files: Files, year: int) -> None:
    """ConfigError for whatever the settings and the texts of the year name that does not exist."""
    from soko.indicators import load_catalogue
    from soko.self_assessment import references

    files.settings.basis_on(date(year, 12, 31))
    _ = files.confirmed
    catalogue = load_catalogue(files.workspace, bind=False)
    for text in texts.every(files, year).values():
        references.check(catalogue, files, text)


def refuse_broken(order: Order1324, found: list[Line]) -> None:
    """DataError that names every pair of lines which cannot be true together, and what was expected."""
    broken = [item for item in _checked(order, found) if not item.doubt and item.rule != "unfilled"]
    if not broken:
        return
    listed = "; ".join(item.message for item in broken[:_SHOWN])
    more = f"; и ещё {len(broken) - _SHOWN}" if len(broken) > _SHOWN else ""
    raise DataError(
        f"таблица показателей (приказ № 1324) противоречит себе: {listed}{more}",
        where=", ".join(dict.fromkeys(code for item in broken for code in item.codes)),
        todo="исправьте названные сведения в файлах периода (откуда взята строка – sources.csv, soko explain) и "
        "повторите команду; прежний отчёт не изменён",
    )


def of_settings(files: Files, year: int) -> list[Remark]:
    """What can be said without the figures: texts to be written, files that nobody reads, the approval and its date."""
    found = [
        Remark(
            "text_missing",
            text.place,
            f"раздел «{section.title}» не написан" + (f": {section.about}" if section.about else ""),
            "draft" if section.text == "required" else "",
        )
        for section, text in texts.to_write(files, year)
    ]
    found += [Remark("text_stray", place, "такого раздела в отчёте нет", "draft") for place in texts.stray(files, year)]
    decided, due = files.year(year), files.due(year)
    where = files.where("years", year)
    if decided.approved is None:
        message = f"отчёт за {year} год не утверждён (срок – {due:%d.%m.%Y})"
        found.append(Remark("not_approved", where, message, "release"))
    elif decided.approved.date > due:
        message = f"отчёт утверждён {decided.approved.date:%d.%m.%Y}, позже срока {due:%d.%m.%Y}"
        found.append(Remark("late", where, message))
    if not decided.considered:
        found.append(Remark("not_considered", where, "отчёт не рассмотрен органом управления", "release"))
    return found


def of_texts(filled: Mapping[str, Filled], given: Mapping[str, texts.Text], held: set[str]) -> list[Remark]:
    """Numbers that nobody can check, and references that have no figure, with file and line."""
    found = []
    for name, text in given.items():
        for line, number in numbers.own(text, held):
            message = f"{numbers.message(number)}; сошлитесь на показатель: {{код}}"
            found.append(Remark("own_number", f"{text.place}, строка {line}", message, "draft"))
        for line, reference in filled[name].empty if name in filled else ():
            message = f"у показателя {reference} за год нет значения"
            found.append(Remark("no_value", f"{text.place}, строка {line}", message, "draft"))
    return found


def of_lines(order: Order1324, found: list[Line], files: Files, year: int, before: carried.Last | None) -> list[Remark]:
    """Lines without a value, doubts about them, lines that are as a year ago."""
    remarks = [
        Remark("line_missing", line.code.code, f"{line.code.code}: {line.text}", "draft")
        for line in found
        if line.first and not line.known and not line.hidden and line.text == NO_VALUE
    ]
    texts_of = texts_by_code(found)
    for item in _checked(order, found):
        if item.doubt and item.rule != "unfilled":
            value = " | ".join(texts_of.get(code, "") for code in item.codes)
            what = f"{item.rule}:{'+'.join(item.codes)}"
            remarks.append(Remark("doubt", ", ".join(item.codes), item.message, "draft", what, value))
    if before is not None:
        for same in carried.unchanged(order, texts_of, before, files.settings.carried):
            block = same.what.startswith("block:")
            # The lines of a block are confirmed one by one; the block itself is only told.
            remarks.append(Remark("unchanged", same.what.removeprefix("block:"), same.message,
                                  "" if block else "draft", "" if block else same.what, same.value))  # fmt: skip
    return [_confirmed(remark, files.confirmed.years.get(year, [])) for remark in remarks]


def of_carried(files: Files, year: int, tables: Iterable[Table], before: carried.Last | None) -> list[Remark]:
    """Texts and tables that are those of a year ago."""
    same = carried.same_texts(files, year, files.settings.carried)
    same += carried.same_tables(tables, before) if before is not None else []
    remarks = [Remark("unchanged", one.what, one.message, "draft", one.what, one.value) for one in same]
    return [_confirmed(remark, files.confirmed.years.get(year, [])) for remark in remarks]


def idle(files: Files, year: int, remarks: Iterable[Remark]) -> list[Remark]:
    """Confirmations that confirm nothing: their value has changed, or there is nothing any more."""
    known = {_key(remark) for remark in remarks if remark.what}
    where = files.workspace.relative(files.folder / "confirmed.yaml")
    message = "подтверждение «{}» ({}) ни к чему не относится: значение другое или подтверждать нечего"
    return [
        Remark("idle_confirmation", where, message.format(item.what, item.value or "без значения"))
        for item in files.confirmed.years.get(year, [])
        if _key(item) not in known
    ]


def texts_by_code(found: list[Line]) -> dict[str, str]:
    """Code → value as printed, of the lines that the order means; what has no value has no entry."""
    return {line.code.code: line.text for line in found if line.first and line.known}


def is_draft(remarks: Iterable[Remark]) -> bool:
    """Whether the report goes out as a draft."""
    return any(remark.holds == "draft" and not remark.confirmed for remark in remarks)


def open_remarks(remarks: Iterable[Remark], *holds: Holds) -> list[Remark]:
    """Remarks that nobody has confirmed and that hold back one of ``holds``."""
    return [remark for remark in remarks if remark.holds in holds and not remark.confirmed]


def _checked(order: Order1324, found: list[Line]) -> list[consistency.Broken]:
    return consistency.check(order, entries(found))


def _confirmed(remark: Remark, known: list[Confirmation]) -> Remark:
    for item in known:
        if remark.what and _key(item) == _key(remark):
            by = f"{item.by}, {item.date:%d.%m.%Y}" + (f": {item.reason}" if item.reason else "")
            return Remark(**{**remark.__dict__, "confirmed": russian.bound(by)})
    return remark


def _key(item: Remark | Confirmation) -> tuple[str, str]:
    """What is confirmed with which value; spaces that do not break are typed as usual ones."""
    return item.what.strip(), " ".join(item.value.replace(russian.NBSP, " ").split())
