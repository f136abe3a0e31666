"""The technical view: pages of Great Expectations' own Data Docs, made harmless.

Its renderers ask nine foreign hosts for scripts, styles, fonts and a logo that carries an id of the context, analytics
off or not, and print examples of faulty values. Here the values are taken out of the results before rendering, and
the page keeps only its content: no script, no style sheet, no picture, no link to anywhere but these pages.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lxml import etree, html

from soko import __version__
from soko.periods import Period
from soko.tables import Table
from soko.validation import gx
from soko.validation.result import FILES, READING, RuleRun

CHECKS = "checks.json"
#: Beside the pages: what each was made from.
PAGES = "pages.json"

_DROPPED = "script, link, style, meta, img, iframe, object, embed, svg, form, button, input, nav, noscript, template"
_URL = re.compile(r"(?:https?:)?//\S+")

_STYLE = """
body{font:15px/1.45 "PT Sans","Segoe UI",Arial,sans-serif;margin:1.5rem auto;max-width:1100px;padding:0 1rem;color:#222}
h1{font-size:1.4rem} h4,h5,h6{margin:.8em 0 .3em}
table{border-collapse:collapse;margin:.5rem 0;width:100%} td,th{border:1px solid #bbb;padding:.3rem .5rem;
text-align:left;vertical-align:top} th{background:#eee} .fail{font-weight:bold} .breadcrumbs{color:#555}
@media print{body{margin:0;max-width:none}}
"""
_WORDS = {
    "Overview": "Обзор",
    "Statistics": "Итоги",
    "Evaluated Expectations": "Применено правил",
    "Successful Expectations": "Без замечаний",
    "Unsuccessful Expectations": "С замечаниями",
    "Success Percent": "Доля правил без замечаний",
    "Table-Level Expectations": "Правила о таблице в целом",
    "Expectation Suite:": "Набор ожиданий:",
    "Status": "Состояние",
    "Status:": "Состояние:",
    "Expectation": "Что обнаруживает правило",
    "Observed Value": "Наблюдается",
    "Failed": "есть замечания",
    "Succeeded": "замечаний нет",
}
_PHRASES = (
    (re.compile(r"Data asset: \S+"), ""),
    (re.compile(r"([\d.,]+) unexpected values? found\. [≈~]?(\S+?)% of ([\d.,]+) total rows\."),
     "Не соответствует значений: \\1 (\\2 % из строк: \\3)."),
    (re.compile(r"[≈~]?([\d.]+)% unexpected"), "не соответствует \\1 %"),
    (re.compile(r"^(\s*)[≈~]?([\d.]+)% not null(\s*)$"), "\\1заполнено \\2 %\\3"),
    (re.compile(r"(\d)\.(\d+)\s?%"), "\\1,\\2 %"),
)  # fmt: skip
# The state of a whole table has an icon, too, which says nothing more.
_STATE = re.compile(r"(?:не )?обнаружено\s+(есть замечания|замечаний нет)")
_HEAD = """<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head><body>
"""


def write_checks(
    out: Path,
    period: Period,
    judged: dict[str, list[tuple[gx.Check, gx.Outcome]]],
    rules: list[RuleRun],
    tables: dict[str, Table],
    intake: Any,
) -> None:
    """``out``/checks.json: every rule with the numbers of rows that it saw and that failed. No value of the data."""
    found = Counter((item.table, item.rule) for item in intake.findings)
    corrected = Counter(zip(intake.corrections["table"], intake.corrections["column"], strict=True))
    facts = {
        "period": period.title(),
        "titles": {name: table.title for name, table in tables.items()},
        "rules": [asdict(rule) for rule in rules],
        "read": [[table, rule, number] for (table, rule), number in found.items()],
        "corrected": [
            [table, tables[table].column(column).title, number] for (table, column), number in corrected.items()
        ],
        "judged": {
            name: [[asdict(check), _counted(outcome)] for check, outcome in pairs] for name, pairs in judged.items()
        },
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    (out / CHECKS).write_text(text, encoding="utf-8")


def _counted(outcome: gx.Outcome) -> dict[str, Any]:
    observed = outcome.observed if isinstance(outcome.observed, (int, float)) else None
    numbers = {"checked": outcome.checked, "failed": len(outcome.failed), "missing": outcome.missing}
    return {"id": outcome.id, "success": outcome.success, "observed": observed, **numbers}


def render(out: Path, made_by: str = "") -> None:
    """``out``/data_docs from ``out``/checks.json: a page a table, as Great Expectations renders it, and index.html.

    A page that is there and was made from the same results stays: Great Expectations is not even imported when all
    do. ``made_by`` names the code and the libraries; without it every page is made.
    """
    facts = json.loads((out / CHECKS).read_text(encoding="utf-8"))
    folder = out / "data_docs"
    before = _pages(folder) if made_by else {}
    kept = {name: made for name, made in before.items() if made[1] == _hash_of(folder / f"{name}.html")}
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    pages: dict[str, list[str]] = {}
    for name, pairs in facts["judged"].items():
        path, title = folder / f"{name}.html", facts["titles"][name]
        source = hashlib.sha256(json.dumps([made_by, title, pairs], sort_keys=True).encode()).hexdigest()
        if source != kept.get(name, [""])[0]:
            _write_page(path, gx.page(name, [_judged(*pair) for pair in pairs]), title)
        pages[name] = [source, _hash_of(path)]
    for path in folder.glob("*.html"):
        if path.stem not in pages:
            path.unlink()
    if made_by:
        (folder / PAGES).write_text(json.dumps(pages, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    _write_index(folder, facts)


def _judged(check: dict[str, Any], counted: dict[str, Any]) -> tuple[gx.Check, gx.Outcome]:
    return gx.Check(**check), gx.Outcome(**{**counted, "failed": range(counted["failed"])})


def _pages(folder: Path) -> dict[str, list[str]]:
    """What was made last time, by page: hashes of what it was made from and of the page; nothing when unreadable."""
    try:
        found: dict[str, list[str]] = json.loads((folder / PAGES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    sound = isinstance(found, dict) and all(isinstance(made, list) and len(made) == 2 for made in found.values())
    return found if sound else {}


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _write_page(path: Path, raw: str, name: str) -> None:
    """Clean the page that Great Expectations rendered, write it."""
    content = _content(html.document_fromstring(raw))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        _HEAD.format(title=f"Проверка данных: {name}", style=_STYLE)
        + f'<p class="breadcrumbs"><a href="index.html">Все проверки</a> / {name}</p><h1>Проверка данных: {name}</h1>\n'
        + content
        + "\n</body></html>\n",
        encoding="utf-8",
    )


def _content(page: html.HtmlElement) -> str:
    """The sections of the page as plain HTML: no scripts, no foreign address, no random id."""
    for node in page.xpath("//comment()"):
        node.getparent().remove(node)
    sections = page.xpath("//div[contains(concat(' ', normalize-space(@class), ' '), ' ge-section ')]")
    parts = []
    for section in sections:
        for node in section.xpath(" | ".join(f".//{tag.strip()}" for tag in _DROPPED.split(","))):
            node.drop_tree()
        # «Show more info...» holds run times and batch ids; it differs from run to run and tells a reader nothing.
        for node in section.xpath(".//div[contains(@id, 'collapse')] | .//p[a[contains(@href, 'collapse')]]"):
            node.drop_tree()
        for node in section.iter(etree.Element):
            _strip(node)
        for node in section.xpath(".//i"):
            node.drop_tag()
        for node in section.xpath(".//a"):
            node.drop_tag()
        shown = etree.tostring(section, encoding="unicode", method="html")
        parts.append(_STATE.sub(lambda found: found[1].capitalize(), shown))
    return "\n".join(parts)


def _strip(node: html.HtmlElement) -> None:
    keep = {key: node.attrib[key] for key in ("colspan", "rowspan") if key in node.attrib}
    icon = str(node.attrib.get("class", "")) if node.tag == "i" else ""
    node.attrib.clear()
    node.attrib.update(keep)
    if "fa-times" in icon or "fa-exclamation" in icon:
        node.text = "обнаружено"
    elif "fa-check" in icon:
        node.text = "не обнаружено"
    for attribute in ("text", "tail"):
        text = getattr(node, attribute)
        if text:
            setattr(node, attribute, _URL.sub("", _translate(text)))


def _translate(text: str) -> str:
    core = text.strip()
    if core in _WORDS:
        return text.replace(core, _WORDS[core])
    for pattern, words in _PHRASES:
        text = pattern.sub(words, text)
    return text


def _write_index(folder: Path, facts: dict[str, Any]) -> None:
    """index.html: every rule, how many rows it saw, how many failed; what the reader of the files found; the pages."""
    period, titles = facts["period"], facts["titles"]
    folder.mkdir(parents=True, exist_ok=True)
    pages = sorted(path.name for path in folder.glob("*.html") if path.name != "index.html")
    body = [
        _HEAD.format(title=f"Проверка данных: {period}", style=_STYLE),
        f"<h1>Проверка данных: {period}</h1>",
        "<p>Технический вид: наборы ожиданий Great Expectations. Замечания с адресами – в протоколе.</p>",
        "<ul>"
        + "".join(f'<li><a href="{name}">{_title(titles, name.removesuffix(".html"))}</a></li>' for name in pages)
        + "</ul>",
        "<table><thead><tr><th>Таблица</th><th>Что обнаруживает</th><th>Проверено</th><th>Замечаний</th>"
        "</tr></thead><tbody>",
    ]
    for rule in (RuleRun(**item) for item in facts["rules"]):
        cells = [_title(titles, rule.table), rule.title]
        cells += [f"не проверялось: {rule.skipped}", ""] if rule.skipped else [str(rule.checked), str(rule.failures)]
        shown = "".join(f"<td>{_escape(cell)}</td>" for cell in cells)
        body.append(f"<tr{' class=fail' if rule.failures else ''}>{shown}</tr>")
    for table, rule_id, number in facts["read"]:
        cells = [_title(titles, table), READING.get(rule_id, "Чтение файла"), "при чтении файлов", str(number)]
        shown = "".join(f"<td>{_escape(cell)}</td>" for cell in cells)
        body.append(f"<tr class=fail>{shown}</tr>")
    for table, column, number in facts["corrected"]:
        cells = [_title(titles, table), f"Исправлено по журналу исправлений: {column}", "до проверки", str(number)]
        body.append(f"<tr>{''.join(f'<td>{_escape(cell)}</td>' for cell in cells)}</tr>")
    body.append(f"</tbody></table><p>СОКО {__version__}</p></body></html>\n")
    (folder / "index.html").write_text("\n".join(body), encoding="utf-8")


def _title(titles: dict[str, str], name: str) -> str:
    """Russian name of a table."""
    return titles.get(name, FILES)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
