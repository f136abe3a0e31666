"""Documents in the frame of the site: the way back, the other formats, the version for the visually impaired."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from soko.publish.html_text import esc
from soko.publish.index import size
from soko.publish.whole import write
from soko.school import School
from soko.site import look
from soko.site.front import Shelf, called, link_to_period
from soko.site.gather import FORMATS, Document


def write_all(folder: Path, school: School, shelves: list[Shelf]) -> None:
    """Put every document's page below ``folder`` into the frame, anew where it is in one already."""
    for shelf in shelves:
        for item in shelf.found.documents:
            write(folder / shelf.period.id / f"{item.name}.html", html(school, shelf, item).encode())


def html(school: School, shelf: Shelf, item: Document) -> str:
    """A document's page."""
    root = "../" * (shelf.period.id.count("/") + 1)
    where = esc(called(shelf.period))
    crumbs = (
        '<nav class="crumbs" aria-label="Где эта страница"><div class="inner">'
        f'<a href="{root}index.html">Все документы</a> <span aria-hidden="true">›</span> '
        f'<a href="{root}index.html#{link_to_period(shelf.period)}">{where}</a></div></nav>\n'
    )
    frame = look.Frame(
        title=item.page.title,
        school=school.name_short,
        root=root,
        date=item.page.date,
        crumbs=crumbs,
        foot=_foot(item),
        public=True,
    )
    return look.page(frame, f'<main id="text" class="soko">\n{item.page.body}\n</main>')


def _foot(item: Document) -> str:
    links = ", ".join(
        f'<a href="{quote(path.name)}">{FORMATS[suffix]}</a> ({size(path.stat().st_size)})'
        for suffix, path in item.files.items()
        if suffix != ".html"
    )
    return f"<p>Этот документ для печати и правки: {links}</p>" if links else ""
