"""The templates that come with the program: ``python -m soko.orders.defaults params/templates`` writes them.

They are ordinary Word files. A school changes them in Word, this module only makes the first ones; the order of the
requisites follows ГОСТ Р 7.0.97-2016. Number and date are fields to fill in: an order gets them when it is signed.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml

from soko.publish import word_package, word_tables
from soko.publish.blocks import Meta
from soko.publish.word_look import Page
from soko.publish.word_xml import NS, field, p, run

_DAY = "«____» ______________ 20___ г."
_NUMBER = "№ ________"
_CENTER, _RIGHT, _LEFT = ('<w:jc w:val="center"/>', '<w:jc w:val="right"/>', '<w:jc w:val="left"/>')


def order() -> bytes:
    """The order «Об итогах …»: what was found, what has to be done by whom and when, who has to be told."""
    document = word_package.plain()
    number = word_package.list_number(document, ordered=True, start=1)
    body = [
        *_remarks(),
        *_head("ПРИКАЗ"),
        _requisites(),
        p(
            run("{{ heading }}", bold=True),
            "SokoPlain",
            '<w:spacing w:before="240" w:after="240"/><w:ind w:right="3402"/>',
        ),
        _text("По результатам мониторинга качества образования ({{ note }}) установлено следующее."),
        *_loop("text in conclusions", _text("{{ text }}")),
        p(run("{%p if not conclusions %}"), "SokoPlain"),
        _text("Существенных изменений по правилам справки не обнаружено."),
        p(run("{%p endif %}"), "SokoPlain"),
        p(run("На основании изложенного ") + run("ПРИКАЗЫВАЮ:", bold=True), "BodyText", f"<w:keepNext/>{_LEFT}"),
        _point("Результаты мониторинга принять к сведению, справку приложить к приказу.", number),
        *_loop("item in items", _point(_ITEM, number)),
        _point("Контроль за исполнением приказа оставляю за собой.", number),
        p(run("Основание: {{ basis }}."), "SokoPlain", f'<w:spacing w:before="120" w:after="120"/>{_LEFT}'),
        p(run("Приложение: {{ note }}, на ____ л."), "SokoPlain", f'<w:spacing w:after="360"/>{_LEFT}'),
        word_tables.grid(
            [[_cell("{{ director.post }}"), _cell(""), _cell("{{ director.name }}")]], [8.0, 4.0, 4.5], _LINE
        ),
        p(run("С приказом ознакомлены:"), "SokoPlain", '<w:keepNext/><w:spacing w:before="360" w:after="60"/>'),
        _acquainted(),
        p("", "SokoPlain"),
    ]
    return _saved(document, body, "Приказ об итогах мониторинга (шаблон)")


def extract() -> bytes:
    """The extract of the minutes: what was heard, what was decided, votes, signatures."""
    document = word_package.plain()
    number = word_package.list_number(document, ordered=True, start=1)
    signatures = [
        [_cell("Председатель"), _cell(""), _cell("")],
        [_cell("Секретарь"), _cell(""), _cell("")],
    ]
    body = [
        *_remarks(),
        *_head("ВЫПИСКА ИЗ ПРОТОКОЛА"),
        p(run("{%p if considered_by %}"), "SokoPlain"),
        p(run("Вопрос рассмотрен {{ considered_by }}"), "SokoPlain", f'<w:spacing w:after="240"/>{_CENTER}'),
        p(run("{%p endif %}"), "SokoPlain"),
        _requisites(),
        p(
            _control("Присутствовали", "present", "Присутствовали: ____ чел."),
            "SokoPlain",
            '<w:spacing w:before="240"/>',
        ),
        p(run("СЛУШАЛИ:", bold=True), "SokoPlain", '<w:keepNext/><w:spacing w:before="240" w:after="60"/>'),
        _text("{{ heading }}. Докладчик – {{ author.post }} {{ author.name }}."),
        p(run("{%p if conclusions %}"), "SokoPlain"),
        p(run("ОТМЕТИЛИ:", bold=True), "SokoPlain", '<w:keepNext/><w:spacing w:before="120" w:after="60"/>'),
        *_loop("text in conclusions", _text("{{ text }}")),
        p(run("{%p endif %}"), "SokoPlain"),
        p(run("РЕШИЛИ:", bold=True), "SokoPlain", '<w:keepNext/><w:spacing w:before="120" w:after="60"/>'),
        _point("Информацию о результатах мониторинга принять к сведению.", number),
        *_loop("item in items", _point(_ITEM, number)),
        p(
            _control("Голосование", "votes", "Голосовали: «за» – ____, «против» – ____, «воздержались» – ____."),
            "SokoPlain",
            '<w:spacing w:before="120" w:after="240"/>',
        ),
        "".join(word_tables.grid([row], [5.0, 4.5, 7.0], frozenset({1, 2})) + p("", "SokoPlain") for row in signatures),
        p(run("Выписка верна"), "SokoPlain", '<w:keepNext/><w:spacing w:before="240" w:after="120"/>'),
        word_tables.grid(
            [[_cell("{{ director.post }}"), _cell(""), _cell("{{ director.name }}")]], [8.0, 4.0, 4.5], _LINE
        ),
        p(_day("Дата выписки", "copied"), "SokoPlain", '<w:spacing w:before="240"/>'),
    ]
    return _saved(document, body, "Выписка из протокола (шаблон)")


_ITEM = "{{ item.what }} Ответственный – {{ item.who }}. Срок – до\xa0{{ item.due }}"
_LINE = frozenset({1})


def _head(title: str) -> list[str]:
    line = '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="auto"/></w:pBdr>'
    return [
        p(run("{{ school.name_full }}", bold=True), "SokoPlain", f'{line}<w:spacing w:after="360"/>{_CENTER}'),
        p(run(title), "Title", '<w:spacing w:before="0" w:after="240"/>'),
    ]


def _remarks() -> list[str]:
    """What has to be put right before anybody signs; the clerk deletes it."""
    box = "".join(
        f'<w:{side} w:val="dashed" w:sz="8" w:space="4" w:color="8A5A00"/>'
        for side in ("top", "left", "bottom", "right")
    )
    border = f"<w:pBdr>{box}</w:pBdr>"
    first = p(
        run("До подписания проверьте (рамку затем удалите):", bold=True), "SokoTableNote", f"<w:keepNext/>{border}"
    )
    return [
        p(run("{%p if remarks %}"), "SokoPlain"),
        first,
        *_loop("text in remarks", p(run("{{ text }}"), "SokoTableNote", border)),
        p("", "SokoPlain"),
        p(run("{%p endif %}"), "SokoPlain"),
    ]


def _requisites() -> str:
    cells = [
        p(_day("Дата", "date"), "SokoPlain"),
        p(run("{{ school.place }}"), "SokoPlain", _CENTER),
        p(_control("Номер", "number", _NUMBER), "SokoPlain", _RIGHT),
    ]
    return word_tables.grid([cells], [6.5, 5.0, 5.0])


def _acquainted() -> str:
    rows = [
        [_cell("{%tr for person in people %}"), _cell(""), _cell("")],
        [
            _cell("{{ person }}"),
            _cell(""),
            p(run("«___»\xa0__________\xa020__\xa0г."), "SokoPlain", f'<w:spacing w:before="120"/>{_RIGHT}'),
        ],
        [_cell("{%tr endfor %}"), _cell(""), _cell("")],
    ]
    return word_tables.grid(rows, [8.0, 3.0, 5.5], _LINE)


def _loop(over: str, content: str) -> list[str]:
    return [p(run(f"{{%p for {over} %}}"), "SokoPlain"), content, p(run("{%p endfor %}"), "SokoPlain")]


def _text(text: str) -> str:
    return p(run(text), "BodyText", _LEFT)


def _point(text: str, number: int) -> str:
    place = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    return p(run(text), "SokoList", f'{place}<w:spacing w:after="80"/><w:ind w:left="709" w:hanging="482"/>{_LEFT}')


def _cell(text: str) -> str:
    return p(run(text), "SokoPlain", '<w:spacing w:before="120"/>')


def _day(title: str, tag: str) -> str:
    return _control(
        title, tag, _DAY, '<w:date><w:dateFormat w:val="«dd» MMMM yyyy г."/><w:lid w:val="ru-RU"/></w:date>'
    )


def _control(title: str, tag: str, shown: str, form: str = "<w:text/>") -> str:
    """A field of the form: one click chooses all of it, and what is typed takes its place."""
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(title)}"/><w:tag w:val="{tag}"/><w:showingPlcHdr/>{form}</w:sdtPr>'
        f"<w:sdtContent>{run(shown)}</w:sdtContent></w:sdt>"
    )


def _saved(document: Any, body: list[str], title: str) -> bytes:
    """The file: page numbers from the second page on, as orders have them."""
    first = document.sections[0]
    first.different_first_page_header_footer = True
    first.header.is_linked_to_previous = False
    first.first_page_header.is_linked_to_previous = False
    element = first.header._element
    for child in list(element):
        element.remove(child)
    element.append(parse_xml(p(field("PAGE", "2"), "Normal", _CENTER).replace("<w:p>", f"<w:p {NS}>", 1)))
    last = Page().section(word_package.references(document), landscape=False, first=True)
    made = parse_xml(f"<w:body {NS}>{''.join(body)}{last}</w:body>")
    document.element.replace(document.element.body, made)
    word_package.properties(document, Meta(title=title, author="СОКО"), title)
    return word_package.save(document)


def main(folder: Path) -> None:
    """Write both templates into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "order_results.docx").write_bytes(order())
    (folder / "extract.docx").write_bytes(extract())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
