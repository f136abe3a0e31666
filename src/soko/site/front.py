"""The first page of the site: documents by year and period, newest first, and the search over all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from soko.periods import Period
from soko.publish.html_text import esc
from soko.publish.index import size
from soko.russian import NBSP, bound, day, upper_first
from soko.school import School
from soko.site import look, release, search
from soko.site.gather import DATA, FORMATS, Document, Found
from soko.site.settings import Site

_ORDINAL = re.compile(r"(?<=\d)-(?=[а-я])")


@dataclass(frozen=True)
class Shelf:
    """A period of the site with what was found in its folder. ``end`` is its last day."""

    period: Period
    end: date
    approved_on: date | None
    found: Found


def html(school: School, site: Site, shelves: Sequence[Shelf], index: str) -> str:
    """The page. ``index`` is the index of the search (``soko.site.search``)."""
    years = [(year, list(of)) for year, of in groupby(in_order(shelves), key=lambda shelf: shelf.period.school_year)]
    links = "".join(f'<li><a href="#{_anchor(year)}">{_year(of[0].period)}</a></li>' for year, of in years)
    chosen = f'<nav class="years" aria-label="Годы"><ul>{links}</ul></nav>' if len(years) > 1 else ""
    content = (
        f'<main id="text" class="front"><div class="lead"><p class="owner">{esc(bound(school.name_full))}</p>'
        f"<h1>{esc(site.title)}</h1><p>{esc(site.about)}</p></div>{_search()}{chosen}"
        f"{''.join(_year_part(site, of, at == 0) for at, (_, of) in enumerate(years))}</main>"
    )
    frame = look.Frame(title=f"{site.title} – {school.name_short}", school=school.name_short, foot=_foot(school))
    return look.page(frame, content, ("search.js",), index)


def in_order(shelves: Sequence[Shelf]) -> list[Shelf]:
    """Years by their last day and periods within a year, the newest first; a year as a whole before its parts."""
    last: dict[str, date] = {}
    for shelf in shelves:
        year = shelf.period.school_year
        last[year] = max(last.get(year, shelf.end), shelf.end)
    return sorted(
        shelves,
        key=lambda shelf: (last[shelf.period.school_year], shelf.period.school_year, shelf.end, _span(shelf.period)),
        reverse=True,
    )


def sources(shelves: Sequence[Shelf]) -> list[search.Source]:
    """What the search looks through, in the order of the page."""
    return [
        search.Source(item.page, quote(f"{shelf.period.id}/{item.name}.html"), called(shelf.period))
        for shelf in in_order(shelves)
        for item in shelf.found.documents
    ]


def called(period: Period) -> str:
    """The period as pages name it: «2-я четверть 2025/2026 учебного года», «2025 календарный год»."""
    return _ORDINAL.sub("\u2011", upper_first(period.title("ordinal")))


def link_to_period(period: Period) -> str:
    """Anchor of a period on the first page."""
    return _anchor(period.id)


def _search() -> str:
    return (
        '<form role="search" id="search" aria-label="Поиск по документам" hidden>'
        '<label for="query">Поиск по документам</label><div class="ask">'
        '<input type="search" id="query" autocomplete="off" spellcheck="false">'
        '<button type="submit">Найти</button></div>'
        '<p id="told" role="status" aria-live="polite"></p><ol id="results" class="results"></ol></form>'
    )


def _year_part(site: Site, shelves: list[Shelf], open_: bool) -> str:
    period, parts = shelves[0].period, "".join(_period_part(site, shelf) for shelf in shelves)
    return (
        f'<details class="year" id="{_anchor(period.school_year)}"{" open" if open_ else ""}>'
        f"<summary><h2>{_year(period)}</h2></summary>{parts}</details>"
    )


def _period_part(site: Site, shelf: Shelf) -> str:
    name = _ORDINAL.sub("\u2011", upper_first(_name(shelf.period)))
    approved = f'<p class="about">Утверждено {esc(day(shelf.approved_on))}</p>' if shelf.approved_on else ""
    cards = "".join(_card(site, shelf, item) for item in shelf.found.documents)
    return (
        f'<section class="period" aria-labelledby="{_anchor(shelf.period.id)}">'
        f'<h3 id="{_anchor(shelf.period.id)}">{esc(name)}</h3>{approved}'
        f'<ul class="cards">{cards}</ul>{_data(site, shelf)}</section>'
    )


def _card(site: Site, shelf: Shelf, item: Document) -> str:
    prop = site.itemprop(item.name, shelf.end)
    title = _ORDINAL.sub("\u2011", item.page.title)
    head = f'<a href="{_href(shelf, f"{item.name}.html")}">{esc(title)}</a>'
    links = _links(shelf, item, lambda suffix: prop if suffix == _signed(item) else "")
    return f'<li class="card"><h4>{head}</h4><ul class="files">{links}</ul></li>'


def _signed(item: Document) -> str:
    """The format that the rules of school sites mean: PDF with text, the page where there is none."""
    return ".pdf" if ".pdf" in item.files else ".html"


def _links(shelf: Shelf, item: Document, prop: Callable[[str], str]) -> str:
    parts = []
    for suffix, path in item.files.items():
        marked = f' itemprop="{esc(prop(suffix))}"' if prop(suffix) else ""
        parts.append(f"<li>{_file(shelf, path, item.page.title, FORMATS[suffix], marked)}</li>")
    return "".join(parts)


def _file(shelf: Shelf, path: Path, title: str, word: str, marked: str = "") -> str:
    """A link to a file; who hears it, hears what it is of."""
    large = size(path.stat().st_size)
    return (
        f'<a href="{_href(shelf, path.name)}"{marked} aria-label="{esc(f"{title}, {word} {large}")}">'
        f"{word} <span>{large}</span></a>"
    )


def _data(site: Site, shelf: Shelf) -> str:
    """Data files: one line a table, its formats beside each other."""
    stems: dict[str, list[str]] = {}
    for path in shelf.found.data:
        link = _file(shelf, path, site.data.get(path.stem, path.stem), DATA[path.suffix])
        stems.setdefault(path.stem, []).append(link)
    rows = "".join(
        f"<li>{esc(site.data.get(stem, stem))}: {', '.join(links)}</li>" for stem, links in sorted(stems.items())
    )
    return f'<div class="data"><h4>Данные для таблиц и программ</h4><ul>{rows}</ul></div>' if rows else ""


def _foot(school: School) -> str:
    place = f", {esc(school.place.replace('г. ', f'г.{NBSP}'))}" if school.place else ""
    return (
        f"<p>{esc(bound(school.name_short))}{place}</p>"
        "<p>Страницы работают без сети и ничего не загружают с других сайтов. "
        f'<a href="{release.NAME}">Опись файлов с контрольными суммами</a></p>'
    )


def _href(shelf: Shelf, name: str) -> str:
    return quote(f"{shelf.period.id}/{name}")


def _anchor(text: str) -> str:
    return f"p-{text.replace('/', '-')}"


def _year(period: Period) -> str:
    return period.title() if period.kind == "calendar" else f"{period.school_year.replace('-', '/')} учебный год"


def _name(period: Period) -> str:
    """The period within its year: «4-я четверть», «год в целом»."""
    if period.kind in ("calendar", "year"):
        return "год в целом"
    return period.title("ordinal").split(" 20")[0]


def _span(period: Period) -> int:
    return {"quarter": 0, "trimester": 0, "half": 1, "year": 2, "calendar": 2}[period.kind]
