"""The index page of a period: what has been made, what each file is for, how large it is. Offline, Russian.

``write(outputs/<period>, …)`` looks at what lies there; nothing has to be listed by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote

from soko.cohorts import in_order
from soko.periods import Period
from soko.publish.drafts import drafts
from soko.publish.html_text import esc
from soko.publish.index_files import CHANGES, KNOWN, REPORTS
from soko.publish.styles import css, page_css
from soko.publish.whole import write as write_file

NAME = "index.html"
_FORMATS = {".html": "HTML", ".pdf": "PDF", ".docx": "DOCX"}
_FORMAT_USE = {".html": "для чтения с экрана", ".pdf": "для печати и сайта", ".docx": "для правки и подписи"}
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_PROTOCOL = "Протокол проверки данных"
_ORDINAL = re.compile(r"(?<=\d)-(?=[а-я])")  # «4-ю» is not torn
_DOCS = re.compile(r"validation/data_docs/")
_SIZES = (("МБ", 1024 * 1024), ("КБ", 1024))


Link = tuple[str, str, int | None]


@dataclass(frozen=True)
class Entry:
    """A line of the index: name, what it is, its files as (path below the folder, word of the link, size in bytes).

    Documents of one note about several classes or subjects are one line, with the files of each in ``several``.
    """

    name: str
    about: str
    links: list[Link]
    several: list[tuple[str, list[Link]]] = field(default_factory=list)

    @property
    def every(self) -> list[Link]:
        """All its files."""
        return self.links + [link for _, links in self.several for link in links]


def write(
    folder: Path,
    *,
    period: Period | str,
    school: str = "",
    date: str = "",
    lines: tuple[str, ...] = (),
    changed: tuple[str, ...] = (),
    of: Mapping[str, tuple[str, str]] | None = None,
    order: Sequence[str] = (),
) -> Path:
    """Write ``folder``/index.html and return its path.

    ``period`` may also be given in words («самообследование за 2025 год»), ``date`` an ISO date or text to print,
    ``lines`` remarks printed under the heading (a banner of warnings), ``changed`` what has changed since the last
    publication: an account and the largest changes. ``of`` says which files of notes/ (names without suffix) are one of
    several: (what the note is called, its class or subject). ``order`` are the notes as they are to stand. The manifest
    is linked although it is written after the index; its size is left out for the same reason.
    """
    sections = [("Документы", _documents(folder / "notes", folder, of or {}, order))]
    sections.append(("Публичные экземпляры", _documents(folder / "public", folder, order=order)))
    sections.append(("Отчёты", [*_documents(folder / "reports", folder), *_known(folder, REPORTS)]))
    sections.append(("Проекты приказов", _orders(folder / "orders", folder)))
    sections.append(("Проверка данных", _documents(folder / "validation", folder)))
    sections.append(("Для администратора", _known(folder)))
    path = folder / NAME
    rest = _others(folder, {link[0] for _, entries in sections for entry in entries for link in entry.every})
    if rest:
        sections.append(("Прочие файлы", rest))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(
        path,
        _page(
            period.title() if isinstance(period, Period) else period, school, date, lines, sections, _changed(changed)
        ).encode(),
    )
    return path


def size(count: int) -> str:
    """Return a size in words: «482 байта» is never needed, so small files read «1 КБ»."""
    for unit, factor in _SIZES:
        if count >= factor:
            return f"{count / factor:.1f}".replace(".", ",").removesuffix(",0") + f"\xa0{unit}"
    return "меньше 1\xa0КБ"


def _documents(
    folder: Path, root: Path, of: Mapping[str, tuple[str, str]] | None = None, order: Sequence[str] = ()
) -> list[Entry]:
    """A line a document, in ``order``; after them those that are written for each class or subject."""
    stems: dict[str, list[Path]] = {}
    places = {name: at for at, name in enumerate(order)}
    for path in sorted(folder.glob("*"), key=lambda path: (places.get(path.stem, len(places)), path.name)):
        if path.suffix in _FORMATS and path.is_file():
            stems.setdefault(path.stem, []).append(path)
    entries: list[Entry] = []
    groups: dict[str, Entry] = {}
    for stem, paths in stems.items():
        paths.sort(key=lambda path: list(_FORMATS).index(path.suffix))
        links: list[Link] = [
            (path.relative_to(root).as_posix(), _FORMATS[path.suffix], path.stat().st_size) for path in paths
        ]
        if of and stem in of:
            title, value = of[stem]
            if title not in groups:
                groups[title] = Entry(title, "", [])
            groups[title].several.append((value, links))
        else:
            entries.append(Entry(_name(paths[0], _PROTOCOL if stem == "protocol" else stem), "", links))
    for entry in groups.values():
        entry.several.sort(key=lambda item: _natural(item[0]))
    return [*entries, *groups.values()]


def _orders(folder: Path, root: Path) -> list[Entry]:
    """Drafts of orders: one line an order, its extract beside it."""
    about = "Проект для правки: впишите номер и дату, проверьте поручения и сроки."
    return [
        Entry(
            _ORDINAL.sub("\u2011", name),
            about,
            [(path.relative_to(root).as_posix(), word, path.stat().st_size) for path, word in files],
        )
        for name, files in drafts(folder)
    ]


def _natural(text: str) -> tuple[int, str]:
    """2А before 10А, 7-2 before 7-10."""
    found = re.match(r"\d+", text)
    return (int(found[0]) if found else 0, in_order(text))


def _name(path: Path, otherwise: str) -> str:
    """Return the title of an HTML page; ``otherwise`` of any other file."""
    if path.suffix != ".html":
        return otherwise
    with path.open(encoding="utf-8", errors="replace") as file:
        found = _TITLE.search(file.read(4000))
    return _ORDINAL.sub("\u2011", unescape(found[1]).strip()) if found else otherwise


def _known(folder: Path, known: Sequence[tuple[str, str, str]] = KNOWN) -> list[Entry]:
    entries = []
    for name, title, about in known:
        path, manifest = folder / name, name == "manifest.json"
        if path.is_file() or manifest:
            word = path.suffix.lstrip(".").upper()
            entries.append(Entry(title, about, [(name, word, None if manifest else path.stat().st_size)]))
    return entries


def _others(folder: Path, linked: set[str]) -> list[Entry]:
    entries = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        skipped = path.suffix == ".ipynb" or name == NAME or hidden or _DOCS.match(name)
        if path.is_file() and name not in linked and not skipped:
            word = path.suffix.lstrip(".").upper() or "файл"
            entries.append(Entry(name, "", [(name, word, path.stat().st_size)]))
    return entries


def _changed(lines: tuple[str, ...]) -> str:
    """The section on what has changed, with the way to the whole list; empty without changes."""
    if not lines:
        return ""
    largest = "".join(f"<li>{esc(line)}</li>" for line in lines[1:])
    largest = f"<p>Больше всего:</p><ul>{largest}</ul>" if largest else ""
    return (
        f'<h2>Что изменилось</h2><p>{esc(lines[0])} <a href="{CHANGES}">Полный перечень (CSV)</a>: было, стало, '
        f"разница, из-за чего.</p>{largest}"
    )


def _page(
    period: str, school: str, date: str, lines: tuple[str, ...], sections: list[tuple[str, list[Entry]]], changed: str
) -> str:
    title = f"Мониторинг качества образования: {period}"
    made = f"<p>По состоянию на {esc(_day(date))}</p>" if date else ""
    tables = [f"<h2>{head}</h2>{_table(head, entries)}" if entries else "" for head, entries in sections]
    body = "".join([tables[0], changed, *tables[1:]])
    return (
        '<!DOCTYPE html>\n<html lang="ru"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(title)}</title><style>{css()}{page_css()}</style></head><body>"
        f'<main class="soko"><header>{f"<p>{esc(school)}</p>" if school else ""}<h1>{esc(title)}</h1>{made}</header>'
        f"{''.join(f'<p>{esc(line)}</p>' for line in lines)}{body}</main></body></html>\n"
    )


def _table(head: str, entries: list[Entry]) -> str:
    rows, explained = [], any(entry.about for entry in entries)
    for entry in entries:
        links = ("<br>" if explained else ", ").join(_link(entry.name, link) for link in entry.links)
        if entry.several:
            items = (
                f'<li><b>{esc(value)}</b> <span class="file">'
                f"{', '.join(_link(f'{entry.name}, {value}', link, sized=False) for link in found)}</span></li>"
                for value, found in entry.several
            )
            links = f'<ul class="several">{"".join(items)}</ul>'
        about = f"<td>{esc(entry.about)}</td>" if explained else ""
        rows.append(f'<tr><th scope="row">{esc(entry.name)}</th><td>{links}</td>{about}</tr>')
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("Что", "Файлы", "Для чего")[: 2 + explained])
    uses = "" if explained else f"<p>{_uses(entries)}</p>"
    kind = "index" if explained else "index files"
    return (
        f'{uses}<div class="scroll" role="region" tabindex="0" aria-label="{esc(head)}"><table class="{kind}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _uses(entries: list[Entry]) -> str:
    """What each format that is there is good for."""
    words = {word for entry in entries for _, word, _ in entry.every}
    used = [f"{word}\xa0– {_FORMAT_USE[suffix]}" for suffix, word in _FORMATS.items() if word in words]
    return "; ".join(used) + "."


def _link(name: str, link: Link, *, sized: bool = True) -> str:
    path, word, count = link
    made = f'<a href="{quote(path)}" aria-label="{esc(f"{name}, {word}")}">{esc(word)}</a>'
    return (
        f'<span class="file">{made}' + (f" ({size(count)})" if count is not None else "") + "</span>" if sized else made
    )


def _day(date: str) -> str:
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", date)
    return f"{found[3]}.{found[2]}.{found[1]}" if found else date
