"""The reference document that a school starts from: our own look, with a word in every style that documents use."""

from __future__ import annotations

import io
from pathlib import Path

import docx

from soko.errors import UsageError
from soko.publish import document, whole, word, word_package
from soko.publish.blocks import Block, Callout, Head, Meta, Prose, Row, Signature, Signatures, Table, Title

NAME = "reference.docx"
_TEXT = """## Заголовок первого уровня

Основной текст. Измените стили этого файла: на вкладке «Главная» щёлкните по стилю правой кнопкой и выберите «Изменить».
Текст образца в справки не попадает; из него берутся стили, поля страницы, колонтитулы и бланк.

### Заголовок второго уровня

1. Пункт нумерованного списка.
2. Второй пункт.

- Пункт перечня."""


def write_reference(folder: Path, school: str) -> Path:
    """Write the sample into ``folder``; UsageError where the school has one already."""
    path = folder / NAME
    if path.exists():
        raise UsageError(
            "образец оформления уже есть", where=str(path), todo="измените его в Word или сначала переименуйте"
        )
    folder.mkdir(parents=True, exist_ok=True)
    whole.write(path, sample(school))
    return path


def sample(school: str) -> bytes:
    """The sample as bytes, the same every time. Headers and footers are left to the school: ours come by themselves."""
    blocks: list[Block] = [
        Meta(title="Образец оформления", author=school),
        Title(
            school=school,
            approve=Signature(post="Должность", name="И. О. Фамилия"),
            title="Название документа",
            subtitle="подзаголовок",
        ),
        Prose(markdown=_TEXT),
        Table(
            caption="Название таблицы",
            columns=[Head(title="Столбец"), Head(title="Число", align="decimal")],
            rows=[Row(cells=["Текст таблицы", "10,5"]), Row(cells=["Всего", "12"], kind="total")],
            notes=["Примечание к таблице."],
        ),
        Callout(title="Вывод", markdown="Текст без отступа."),
        Signatures(lines=[Signature(post="Должность", name="И. О. Фамилия")]),
    ]
    made = docx.Document(io.BytesIO(word.build(document.build(blocks, "reference"))))
    first = made.sections[0]
    for part in (first.header, first.footer, first.first_page_footer):  # the running head is another in every note
        for paragraph in part.paragraphs:
            for child in list(paragraph._p):
                paragraph._p.remove(child)
    return word_package.save(made)
