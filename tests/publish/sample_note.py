"""A note such as a school writes, made of blocks: invented names, invented numbers, real matplotlib figures."""

from __future__ import annotations

import io
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from soko.publish.blocks import (
    MIME,
    Block,
    Callout,
    Contents,
    Figure,
    Head,
    Meta,
    PageBreak,
    Prose,
    Row,
    Signature,
    Signatures,
    Table,
    Title,
)

SUBJECTS = ("Русский язык", "Литература", "Математика", "Иностранный язык (английский)", "Физика", "История")


def figure_svg(values: list[float], name: str) -> str:
    """A bar chart as the notes draw it: paths instead of fonts, labels on the bars."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "soko", "font.family": "DejaVu Serif"}):
        canvas = Canvas(figsize=(6.2, 2.8), layout="constrained")
        axes = canvas.subplots()
        bars = axes.bar([f"{i + 5} кл." for i in range(len(values))], values, color="#4a6fa5", edgecolor="#222")
        axes.bar_label(bars, labels=[f"{value:.1f}".replace(".", ",") for value in values])
        axes.set_ylabel(name)
        axes.set_ylim(0, 100)
        axes.spines[["top", "right"]].set_visible(False)
        out = io.StringIO()
        canvas.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def classes_table() -> Table:
    """Results by class: groups of columns, totals, decimals of different length."""
    rows = []
    for grade in range(5, 10):
        rows.append(Row(cells=[f"{grade}-е классы"], kind="section"))
        for letter in "АБВ":
            shown = grade * 7 % 30 + ord(letter) % 9
            rows.append(
                Row(
                    cells=[
                        f"{grade}{letter}",
                        str(20 + grade),
                        str(shown // 9),
                        str(shown // 4),
                        f"{90 + shown / 5:.1f}".replace(".", ","),
                        f"{40 + shown:.0f},{grade}",
                        f"−{grade},{shown % 10}",
                    ]
                )
            )
        rows.append(Row(cells=[f"Всего в {grade}-х", "72", "6", "21", "98,6", "51,4", "+1,2"], kind="total"))
    return Table(
        caption="Результаты II четверти по классам",
        columns=[
            Head(title="Класс", group=""),
            Head(title="Обучающихся", unit="чел.", align="decimal"),
            Head(title="на «5»", unit="чел.", align="decimal", group="Учатся"),
            Head(title="на «4» и «5»", unit="чел.", align="decimal", group="Учатся"),
            Head(title="Успеваемость", unit="%", align="decimal"),
            Head(title="Качество знаний", unit="%", align="decimal"),
            Head(title="К прошлой четверти", unit="п.п.", align="decimal"),
        ],
        rows=rows,
        notes=["База: обучающиеся на конец периода, имеющие хотя бы одну отметку или «н/а».", "«–» – нет данных."],
        label="classes",
    )


def wide_table() -> Table:
    """A table that needs a landscape page: 16 columns."""
    columns = [Head(title="Предмет")] + [
        Head(title=f"{grade}{letter}", align="decimal") for grade in range(5, 10) for letter in "АБВ"
    ]
    rows = [
        Row(cells=[subject] + [f"{30 + (at * 7 + i * 11) % 70},{i % 10}" for i in range(15)])
        for at, subject in enumerate(SUBJECTS)
    ]
    return Table(caption="Качество знаний по предметам и классам, %", columns=columns, rows=rows, label="wide")


def blocks() -> list[Any]:
    """The whole note."""
    summary = Table(
        caption="",
        numbered=False,
        columns=[
            Head(title="Показатель", width=3),
            Head(title="Значение", align="decimal", width=1.2),
            Head(title="Цель", align="decimal", width=1),
            Head(title="Изменение", unit="п.п.", align="decimal", width=1.4),
            Head(title="Оценка", width=2.4),
        ],
        rows=[
            Row(cells=["Успеваемость, %", "97,3", "99", "−0,8", "▼ ниже цели"]),
            Row(cells=["Качество знаний, %", "51,46", "50", "+2,1", "● цель достигнута"]),
            Row(cells=["Не аттестованы, чел.", "3 из 8", "0", "–", "■ требует решения"]),
        ],
    )
    quality = [61.5, 54.2, 33.6, 41.0, 47.9]
    return [
        Meta(
            title="Аналитическая справка по итогам II четверти 2025/26 учебного года",
            running_head="Справка по итогам II четверти 2025/26 учебного года",
            date="2026-01-12",
            author="МБОУ «СОШ № 7»",
        ),
        Title(
            school="Муниципальное бюджетное общеобразовательное учреждение\n«Средняя общеобразовательная школа № 7»",
            approve=Signature(post="Директор МБОУ «СОШ № 7»", name="А.А. Образцова"),
            considered="на заседании педагогического совета\nпротокол от 12.01.2026 № 4",
            title="АНАЛИТИЧЕСКАЯ СПРАВКА\nпо итогам II четверти 2025/26 учебного года",
            subtitle="(10 ноября – 28 декабря 2025 г.)",
            mark="Для служебного пользования",
        ),
        Prose(
            markdown="## Главное на одной странице\n\n"
            "Успеваемость **ниже цели** в трёх классах (таблица {{table:classes}})."
        ),
        summary,
        Callout(
            kind="concern",
            title="7-е классы",
            markdown="Качество знаний – 33,6 % (37 из 110); на 2,1 п.п. ниже, чем в I четверти.\n\n"
            "- решить, кто отвечает;\n- назначить срок.",
        ),
        Callout(kind="warning", markdown="В 8Б нет отметок по физике: проверьте журнал."),
        Callout(kind="neutral", markdown="Сравнение групп меньше 10 человек осторожно."),
        Callout(kind="strength", title="9А", markdown="Третью четверть подряд выше цели."),
        PageBreak(),
        Contents(),
        Prose(
            markdown="## 1. Цель и методы\n\n"
            "Цель – проанализировать результаты; методы: изучение журналов, *сопоставление* "
            "с прошлым периодом. Подробнее: [положение](https://example.org/vsoko).\n\n1. Первый шаг.\n2. Второй шаг:\n"
            "   - вложенный пункт;\n   - ещё один.\n\n> Цитата из приказа.\n\n### 1.1. Контингент\n\n"
            "| Показатель | Человек |\n|:--|--:|\n| На начало | 478 |\n| Прибыли | 3 |\n"
        ),
        Prose(
            markdown="## 2. Успеваемость и качество\n\n"
            "Как видно на рисунке {{figure:quality}}, слабее всего 7-е классы. "
            + "Длинный абзац показывает переносы слов и выравнивание по ширине в официальном документе. "
            * 5
        ),
        Figure(
            caption="Качество знаний по параллелям, %",
            svg=figure_svg(quality, "%"),
            alt="Столбики: в 7-х классах качество наименьшее, 33,6 %.",
            label="quality",
            source="Источник: журнал; база – в таблице {{table:classes}}.",
        ),
        classes_table(),
        Figure(
            caption="Успеваемость по параллелям, %",
            svg=figure_svg([98.0, 97.1, 92.4, 96.0, 99.9], "%"),
            alt="Столбики: в 7-х классах успеваемость наименьшая, 92,4 %.",
        ),
        wide_table(),
        Prose(
            markdown="## 3. Выводы и рекомендации\n\n"
            "1. Классным руководителям 7-х классов – до 1 февраля провести беседы.\n2. Вывод."
        ),
        Signatures(
            lines=[
                Signature(
                    post="Справку составила заместитель директора по учебно-воспитательной работе",
                    name="Б.Б. Примерова",
                ),
                Signature(post="Руководитель методического объединения", name="В.В. Условный"),
            ],
            acquainted=3,
        ),
    ]


def notebook(parts: list[Any], *, prose_as_cells: bool = True) -> nbformat.NotebookNode:
    """An executed notebook that displays ``parts``; prose stands in Markdown cells, as in the real notes."""
    cells = [new_code_cell("период = '2025-2026/q2'", metadata={"tags": ["parameters"]})]
    for part in parts:
        if isinstance(part, Prose) and prose_as_cells:
            cells.append(new_markdown_cell(part.markdown))
        elif isinstance(part, Block):
            data = {"text/plain": part.plain(), MIME: part.model_dump(mode="json")}
            cells.append(new_code_cell("display(...)", outputs=[new_output("display_data", data)]))
        else:
            cells.append(part)
    for at, cell in enumerate(cells):
        cell["id"] = f"c{at}"
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
