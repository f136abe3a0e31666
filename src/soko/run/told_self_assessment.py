"""What the command line says of the self-assessment report: what it left, what keeps it a draft, what is to be done."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape

from soko import russian
from soko.errors import ConfigError
from soko.periods import Period
from soko.run import self_assessment as run
from soko.run.console import out, shown_path
from soko.self_assessment import verdict
from soko.self_assessment.settings import Files
from soko.self_assessment.verdict import Remark
from soko.workspace import Workspace

_SHOWN = 15


def published(workspace: Workspace, period: Period, outcome: run.Outcome) -> None:
    """After ``soko self-assessment``."""
    found = run.remarks(workspace, period)
    what = f"Отчёт о самообследовании за {period.year} год"
    if outcome.unchanged:
        out.print(f"Изменений нет: {russian.lower_first(what)} актуален.")
    else:
        out.print(f"{what} выпущен.")
    if verdict.is_draft(found):
        out.print("Это ПРОЕКТ: утверждать и публиковать его рано.")
    _remarks(found)
    out.print(f"Открыть: {shown_path(outcome.reports / 'self_assessment.html')}")
    for name, about in (
        ("self_assessment.pdf", "печать"),
        ("self_assessment.docx", "правка и подпись"),
        ("order_1324.xlsx", "показатели приказа № 1324"),
        ("remarks.csv", "все замечания к отчёту"),
    ):
        out.print(f"  {about}: {shown_path(outcome.reports / name)}")


def status(workspace: Workspace, period: Period) -> None:
    """In ``soko status 2025``: the deadline, texts to be written, what has to be confirmed, the approval."""
    files = Files(workspace)
    try:
        due = files.due(period.year)
    except ConfigError as error:
        out.print(escape(str(error)))
        return
    out.print(f"\nОтчёт о самообследовании за {period.year} год, срок {due:%d.%m.%Y}:")
    if files.year(period.year).ordered is None:
        where = files.where("years", period.year)
        out.print(escape(f"  Проведение не утверждено: впишите приказ в {where} (years, {period.year}, ordered)."))
    now = verdict.of_settings(files, period.year)
    # What a publication has found is told of as it was then; what follows from the settings, as it is now.
    kinds = {remark.kind for remark in now} | {"text_missing", "text_stray", "not_approved", "not_considered", "late"}
    _remarks([*now, *(item for item in run.remarks(workspace, period) if item.kind not in kinds)])


def _remarks(found: Iterable[Remark]) -> None:
    groups: dict[str, list[Remark]] = {title: [] for title, _ in _GROUPS}
    for remark in found:
        title = next((title for title, kinds in _GROUPS if remark.kind in kinds), _GROUPS[-1][0])
        if not remark.confirmed:
            groups[title].append(remark)
    for title, remarks in groups.items():
        if remarks:
            out.print(f"  {title}:")
            for remark in remarks[:_SHOWN]:
                out.print(escape(f"    {_line(remark)}"))
            if len(remarks) > _SHOWN:
                out.print(f"    … и ещё {len(remarks) - _SHOWN}")


def _line(remark: Remark) -> str:
    optional = " (необязательный)" if remark.kind == "text_missing" and not remark.holds else ""
    return remark.told + optional


_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Написать", ("text_missing", "text_stray")),
    ("Исправить в текстах", ("own_number", "no_value")),
    ("Нет значения", ("line_missing",)),
    ("Подтвердить (params/reports/self_assessment/confirmed.yaml) или исправить", ("unchanged", "doubt")),
    ("Утверждение", ("not_approved", "not_considered", "late")),
    ("Прочее", ("idle_confirmation",)),
)
