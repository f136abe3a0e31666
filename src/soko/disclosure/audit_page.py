"""The audit of a release as a page for the head teacher: what is hidden and why, the files, who confirmed them.

It is made of the audit's plain data alone, before a release leaves (``outputs/<period>/disclosure``) and once more in
the register, where it also says when and whither the release went. It says more than the signs do: for the school only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from soko.disclosure.audit import FOLLOWS
from soko.disclosure.settings import Thresholds
from soko.indicators.reasons import public
from soko.periods import Period
from soko.publish.blocks import Head, Meta, Prose, Row, Table, Title
from soko.publish.whole import write as write_whole
from soko.russian import count, day, upper_first

NAME = "audit.html"
MARK = "Для служебного пользования"
_TITLE = "Что скрыто в публичных документах и почему"
# A hidden figure by indicator, school (where there are several), place and time. What is told of it is its record.
_Figure = tuple[str, str, str, str]


def write(path: Path, record: dict[str, Any], school: str) -> None:
    """Write the page of ``record`` (audit.json, or the register's release.json)."""
    from soko.publish.standalone import render

    write_whole(path, render(blocks(record, school)).encode())


def blocks(record: dict[str, Any], school: str) -> list[Any]:
    """The page as blocks: the account, reasons, indicators, every hidden figure, files."""
    period = Period.parse(record["period"])
    hidden = _once(record["hidden"])
    limits = Thresholds(**record["thresholds"]["value"])
    return [
        Meta(title=f"{_TITLE}: {period.title()}", mark=MARK),
        Title(school=school, title=_TITLE, subtitle=period.title(), mark=MARK),
        Prose(markdown=_account(record, hidden, limits)),
        *_tables(hidden, limits),
        Prose(markdown="## Файлы"),
        _sums("Что опубликовано", "Файл на сайте", record.get("published") or {}),
        _sums("Из чего сделано", "Файл рабочей папки", record["inputs"]),
    ]


def _once(hidden: list[dict[str, str]]) -> dict[_Figure, dict[str, str]]:
    """Each figure once: the only school of a workspace stands in the table as all schools together too."""
    several = len({one["school"] for one in hidden} - {""}) > 1
    found: dict[_Figure, dict[str, str]] = {}
    for one in hidden:
        found.setdefault((one["indicator"], one["school"] if several else "", one["place"], one["when"]), one)
    return found


def _account(record: dict[str, Any], hidden: dict[_Figure, Any], limits: Thresholds) -> str:
    source, since = record["thresholds"]["source"], date.fromisoformat(record["thresholds"]["since"])
    figures = record["figures"]
    lines = [
        "## Коротко",
        f"Скрыто: {count(figures['hidden'], 'число')}; показано: {count(figures['shown'], 'число')}. Так во всех "
        "документах периода: таблицы, графики и предложения берутся из одной таблицы.",
        f"Пороги: не показываются группы меньше {limits.group} и числа от 1 до {limits.cell - 1}, а также числа, из "
        f"которых их можно вычислить. Основание: {source}. Действуют с {day(since)}",
    ]
    if "confirmed_by" in record:
        on = f" от {day(date.fromisoformat(record['on']))}" if record.get("on") else ""
        lines.append(
            f"Выпуск № {record['number']}{on}; подтверждает: {record['confirmed_by']}; папка сайта: `{record['to']}`."
        )
    else:
        lines.append("Ещё не опубликовано: страница сделана для проверки перед публикацией.")
    earlier = record["earlier"]
    lines.append(
        f"Проверено вместе с прежними выпусками: {'; '.join(earlier)}."
        if earlier
        else "Прежних выпусков, с которыми эти числа можно сопоставить, нет."
    )
    for told in record.get("already_told", []):
        lines.append(f"Вычисляется уже из прежних выпусков: {told}.")
    return "\n\n".join(lines)


def _tables(hidden: dict[_Figure, Any], limits: Thresholds) -> list[Any]:
    if not hidden:
        return []
    signs = public(limits.group, limits.cell)
    reasons = Counter((signs[one["code"]].sign, _short(one["why"])) for one in hidden.values())
    by_name: dict[str, Counter[str]] = defaultdict(Counter)
    for one in hidden.values():
        by_name[one["name"]][one["code"]] += 1
    codes = [code for code in signs if any(found[code] for found in by_name.values())]
    number = Head(title="Скрыто", unit="чисел", align="right")
    return [
        Prose(markdown="## Причины"),
        Table(
            caption="Почему скрыто",
            columns=[Head(title="Знак", align="center", width=1), Head(title="Причина", width=5), number],
            rows=[
                *(Row(cells=[sign, upper_first(why), str(n)]) for (sign, why), n in _ranked(reasons)),
                Row(cells=["", "Всего", str(len(hidden))], kind="total"),
            ],
            notes=[f"«{signs[code].sign}» – {signs[code].text}." for code in codes],
        ),
        Table(
            caption="По показателям",
            columns=[
                Head(title="Показатель", width=4),
                number,
                *(Head(title=signs[code].sign, align="right", group="из них со знаком") for code in codes),
            ],
            rows=[
                Row(cells=[name, str(found.total()), *(str(found[code] or "–") for code in codes)])
                for name, found in sorted(by_name.items(), key=lambda item: (-item[1].total(), item[0]))
            ],
        ),
        Prose(markdown="## Каждое скрытое число"),
        Table(
            caption="Что скрыто, где и почему",
            columns=[Head(title="Где", width=3), Head(title="Период", width=1.8), Head(title="Почему", width=5)],
            rows=_listed(hidden),
            small=True,
        ),
    ]


def _listed(hidden: dict[_Figure, Any]) -> list[Row]:
    """Figures below the name of their indicator, indicators by the alphabet, figures in the order of the table."""
    rows: list[Row] = []
    named: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for (_, school, _, _), one in hidden.items():
        named[one["name"]].append((school, one))
    for name, figures in sorted(named.items()):
        rows.append(Row(cells=[name], kind="section"))
        for school, one in figures:
            where = f"{school}: {one['place']}" if school else upper_first(one["place"])
            rows.append(Row(cells=[where, one["when"].replace(" ", "\u00a0"), upper_first(one["why"])]))
    return rows


def _short(why: str) -> str:
    return "иначе вычисляется соседнее число" if why.startswith(FOLLOWS) else why


def _ranked(found: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _sums(caption: str, head: str, files: dict[str, str]) -> Any:
    if not files:
        return Prose(markdown=f"{caption}: пока ничего.")
    return Table(
        caption=caption,
        columns=[Head(title=head, width=3), Head(title="Контрольная сумма SHA-256", width=4)],
        rows=[Row(cells=[name, digest]) for name, digest in sorted(files.items())],
        small=True,
    )
