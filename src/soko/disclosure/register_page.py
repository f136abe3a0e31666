"""data/releases/index.html: all releases of the school on one page, the newest first, with a way to what each hides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from soko.disclosure.audit_page import MARK, NAME as AUDIT_PAGE
from soko.publish.blocks import Meta, Prose, Title
from soko.publish.whole import write as write_whole
from soko.russian import count, day
from soko.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from soko.disclosure.register import Entry

NAME = "index.html"
_TITLE = "Журнал выпусков"


def write(workspace: Workspace, entries: Iterable[Entry], school: str) -> None:
    """Write the page of the register's releases."""
    from soko.publish.standalone import render

    listed = sorted(entries, key=lambda entry: (entry.record.get("on", ""), entry.period, entry.number), reverse=True)
    about = (
        "Что школа опубликовала, когда и кто это подтвердил. По этому журналу программа проверяет, что скрытые числа "
        "нельзя вычислить из прежних выпусков: храните его копию и не меняйте файлы. Здесь выпуски пронумерованы по "
        "каждому периоду; на самом сайте номер – по порядку выкладок в его папку."
    )
    lines = "\n".join(_line(workspace, entry) for entry in listed)
    page = render(
        [
            Meta(title=f"{_TITLE}: {school}", mark=MARK),
            Title(school=school, title=_TITLE, mark=MARK),
            Prose(markdown=f"{about}\n\n{lines}"),
        ]
    )
    write_whole(workspace.releases / NAME, page.encode())


def _line(workspace: Workspace, entry: Entry) -> str:
    record, page = entry.record, entry.folder / AUDIT_PAGE
    name = f"{entry.period.title()}, выпуск № {entry.number}"
    if page.is_file():
        name = f"[{name}](./{quote(page.relative_to(workspace.releases).as_posix())})"
    facts = [day(date.fromisoformat(record["on"]))] if record.get("on") else []
    facts += [f"подтверждает: {record['confirmed_by']}", f"папка сайта: `{record['to']}`"]
    facts += [count(len(record["published"]), "файл")]
    if figures := record.get("figures"):
        facts += [f"скрыто: {count(figures['hidden'], 'число')} из {figures['hidden'] + figures['shown']}"]
    return f"- {name} – {'; '.join(facts)}."
