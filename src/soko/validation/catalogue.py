"""docs/rules.md: the list of rules, generated from validation/tables."""

from __future__ import annotations

from soko.tables import Rule, Table
from soko.validation.returned import SEVERITY_RU

_HEAD = """# Правила проверки данных

Список составлен по файлам `validation/tables/*.yaml` и `validation/common.yaml` (правила, одинаковые для нескольких
таблиц): `python -m soko.validation.catalogue > docs/rules.md`.
Правило можно изменить или добавить там же, без правки программы. Важность:

- критическое – показатель вышел бы неверным; справки не выпускаются;
- предупреждение – необычно, нужно проверить; расчёт продолжается, в справке об этом сказано;
- к сведению – менять ничего не нужно.

Кроме этих правил, чтение файлов само сообщает о том, что не открылось, не распозналось или не прочиталось.

Как записать правило: `expectation` – ожидание Great Expectations над столбцом `column` с аргументами `kwargs`, или
`check` – выражение SQL (DuckDB), которое должно быть истинным. В выражении доступны столбцы строки (`this`), таблицы
периода (`pupils`, `marks`, `exams` и так далее), таблицы предыдущего периода (`previous_marks` и так далее) и того же
периода год назад (`year_ago_marks`), показатели приказа № 1324 (`order_1324`), `curriculum(subject, grade)`,
`exam_scales` (минимальные баллы и шкалы экзаменов из `params/exams.yaml`) и `params` (пороги и даты периода). `rows`
берёт строки представления вместо строк таблицы, `limits` – числа правила (`$имя`), `show` – значения для сообщения,
`needs` – таблицы, без которых правило не применяется.
"""


def render(tables: dict[str, Table]) -> str:
    """The page in Markdown."""
    parts = [_HEAD]
    for table in tables.values():
        parts += [
            f"## {table.title} (`{table.table}.yaml`)\n",
            "| Правило | Что обнаруживает | Важность | Чем | Что нужно | Основание |",
            "|---|---|---|---|---|---|",
            *(_line(rule) for rule in table.rules),
            "",
        ]
    return "\n".join(parts)


def _line(rule: Rule) -> str:
    limits = ", ".join(f"{name} = {value}" for name, value in rule.limits.items() if name != "table")
    how = f"SQL по `{rule.rows}`" if rule.rows.isidentifier() else "SQL" if rule.check else f"`{rule.expectation}`"
    cells = [f"`{rule.id}`", rule.title, SEVERITY_RU[rule.severity], how + (f"; {limits}" if limits else "")]
    cells += [", ".join(f"`{name}`" for name in rule.needs) or "–", rule.source or "–"]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    from soko.tables import load_tables
    from soko.workspace import Workspace

    print(render(load_tables(Workspace.open())), end="")
