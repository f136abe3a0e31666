"""The frame of every page of the site: policy, style, the version for the visually impaired, head and foot.

Style and script stand in the page, known to the policy by their hash: «'self'» means nothing to some browsers when a
page is opened from a folder.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from soko.publish.html_text import esc
from soko.publish.styles import css, page_css

_TEMPLATES = Path(__file__).parent / "templates"
SKIP_LINK = "Перейти к содержанию"

# (name of the setting, what it is called, its values with what they are called; the first is the usual one)
_SETTINGS = (
    ("size", "Размер шрифта", (("", "обычный"), ("150", "крупный"), ("200", "очень крупный"))),
    (
        "colours",
        "Цвета",
        (("", "обычные"), ("white", "чёрным по белому"), ("black", "белым по чёрному"), ("blue", "синим по голубому")),
    ),
    ("spacing", "Расстояние между буквами", (("", "обычное"), ("wide", "увеличенное"), ("wider", "большое"))),
    ("font", "Шрифт", (("", "как в документе"), ("plain", "без засечек"))),
    ("pictures", "Рисунки", (("", "показывать"), ("off", "заменить описанием"))),
)


@dataclass(frozen=True)
class Frame:
    """What surrounds the content. ``root``: the way to the first page («../../»); ``crumbs``, ``foot``: markup."""

    title: str
    school: str
    root: str = ""
    date: str = ""
    crumbs: str = ""
    foot: str = ""
    public: bool = False


def page(frame: Frame, content: str, scripts: tuple[str, ...] = (), data: str = "") -> str:
    """A page of the site: ``content`` is its main element, ``data`` JSON for the scripts (names in templates/)."""
    style = css() + page_css() + asset("site.css")
    codes = [asset("settings.js"), *(asset(name) for name in scripts)]
    metas = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, codes)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="light dark">',
    ]
    metas += [f'<meta name="dcterms.date" content="{esc(frame.date)}">'] if frame.date else []
    metas += ['<meta name="dcterms.audience" content="public">'] if frame.public else []
    first, *rest = (f"<script>{code}</script>" for code in codes)
    embedded = f'<script type="application/json" id="data">{data}</script>\n' if data else ""
    return (
        '<!DOCTYPE html>\n<html lang="ru">\n<head>\n' + "\n".join(metas) + f"\n<title>{esc(frame.title)}</title>\n"
        f"<style>{style}</style>\n{first}\n</head>\n<body>\n"
        f'<a class="skip" href="#text">{SKIP_LINK}</a>\n{_head(frame)}\n{frame.crumbs}{content}\n'
        f'<footer class="site-foot"><div class="inner">{frame.foot}</div></footer>\n'
        f"{embedded}{''.join(rest)}</body>\n</html>\n"
    )


@cache
def asset(name: str) -> str:
    """A style sheet or script of templates/."""
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def _policy(style: str, codes: list[str]) -> str:
    """Nothing from anywhere. Attributes of style, which cells and drawings have, cannot be known by hash."""
    scripts = " ".join(_hash(code) for code in codes)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; style-src-elem {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _head(frame: Frame) -> str:
    home = f'<a class="home" href="{frame.root}index.html">{esc(frame.school)}</a>'
    return (
        f'<header class="site-head"><div class="inner">{home}'
        '<button type="button" class="sight" id="sight" aria-expanded="false" aria-controls="sight-panel" hidden>'
        f"Версия для слабовидящих</button></div>{_panel()}</header>"
    )


@cache
def _panel() -> str:
    """The settings of the version for the visually impaired; a script shows them."""
    parts = []
    for name, title, values in _SETTINGS:
        choices = "".join(
            f'<label><input type="radio" name="{name}" value="{value}"{" checked" if not value else ""}> {word}</label>'
            for value, word in values
        )
        parts.append(f"<fieldset><legend>{title}</legend>{choices}</fieldset>")
    return (
        '<div class="panel" id="sight-panel" role="region" aria-label="Версия для слабовидящих" hidden>'
        f'<div class="inner">{"".join(parts)}<button type="button" id="usual">Обычная версия</button></div></div>'
    )
