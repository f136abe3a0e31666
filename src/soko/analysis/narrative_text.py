"""Templates of the sentences: «{where} не {part|choose:успевает:успевают} {part|count:обучающийся}».

``{name}`` prints a fact as the reader sees it (shares rounded, units added); ``{name|filter:argument:…}`` puts words
in agreement with the number. Filters stand in ``FILTERS``; a word in a filter is checked when the rules are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from soko import russian
from soko.hints import did_you_mean
from soko.russian_words import CASES, forms


class TemplateError(ValueError):
    """The template cannot be used; the Russian message says why. The rule loader adds file and line."""


def _sign(value: float, up: str, down: str) -> str:
    return up if value > 0 else down


def _bare(text: str) -> str:
    """Without what is in brackets: in a sentence a name need not say what the table says beside it."""
    return re.sub(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)", "", text)


FILTERS: dict[str, tuple[Callable[..., str], int, int]] = {
    # name: function, least and most arguments
    "count": (lambda value, noun, case="nomn": russian.count(value, noun, case), 1, 2),
    "word": (lambda value, noun, case="nomn": russian.word(value, noun, case), 1, 2),
    "choose": (lambda value, one, many: russian.choose(value, one, many), 2, 2),
    "participle": (lambda value, stem, noun="обучающийся": russian.participle(value, stem, noun), 1, 2),
    "sign": (_sign, 2, 2),
    "number": (lambda value, places="": russian.number(value, int(places) if places else None), 0, 1),
    "percent": (lambda value, places="1": russian.percent(value, int(places)), 0, 1),
    "points": (lambda value, places="1": russian.points(value, int(places)), 0, 1),
    "lower": (lambda value: russian.lower_first(str(value)), 0, 0),
    "bare": (lambda value: russian.lower_first(_bare(str(value))), 0, 0),  # «Хор (платно)» → «хор»
    "tail": (lambda value: str(value).rpartition(": ")[2], 0, 0),  # «план: сроки указаны» → «сроки указаны»
    "dative": (lambda value: russian.by_subject(str(value)), 0, 0),
    "quote": (lambda value: russian.quote(str(value)), 0, 0),
}
_NOUN_FILTERS = {"count": 0, "word": 0, "participle": 1}  # which argument is a noun
_CASE_FILTERS = {"count": 1, "word": 1}
# A share of a small group is printed as its numbers: «2 (2 из 5)» and «2 обучающихся из 5 (2 из 5)» say them twice.
_TWICE = re.compile(r"(?<![\d,.])(\d+) \((\1\u00a0из\u00a0(\d+))\)")
_AGAIN = re.compile(r"(из[ \u00a0](\d+)\b[^().;]*?) \(\d+\u00a0из\u00a0\2\)")
_FIELD = re.compile(r"\{([^{}]*)\}")

# A note states; it does not explain. Causes are the analyst's to name, in the commentary.
_CAUSAL = re.compile(
    r"из-за|потому что|так как|поскольку|вследствие|по причине|причина|причиной|благодаря|в результате", re.I
)


class Template:
    """A parsed template. ``names`` are the facts that it prints."""

    def __init__(self, text: str) -> None:
        """Parse ``text``; raise TemplateError in Russian for an unknown filter, noun or case, or a causal claim."""
        self.text = text
        self.names: set[str] = set()
        self._fields: dict[str, tuple[str, str, list[str]]] = {}
        if re.search(r"[{}]", _FIELD.sub("", text)):
            raise TemplateError(f"в шаблоне «{text}» скобка {{ без пары")
        if (cause := _CAUSAL.search(text)) and "предположен" not in text.lower():
            raise TemplateError(
                f"в шаблоне «{text}» названа причина («{cause[0]}»): записка сообщает факты, "
                "причину называет аналитик в комментарии"
            )
        for match in _FIELD.finditer(text):
            name, _, rest = match[1].partition("|")
            filter_name, *arguments = rest.split(":") if rest else [""]
            self._fields[match[0]] = (name.strip(), filter_name, arguments)
            self.names.add(name.strip())
            if filter_name:
                self._check(filter_name, arguments)

    def _check(self, name: str, arguments: list[str]) -> None:
        if name not in FILTERS:
            raise TemplateError(
                f"в шаблоне «{self.text}» неизвестная форма «{name}»{did_you_mean(name, list(FILTERS))}"
            )
        _, least, most = FILTERS[name]
        if not least <= len(arguments) <= most:
            raise TemplateError(f"в шаблоне «{self.text}» у формы «{name}» должно быть слов: от {least} до {most}")
        at = _NOUN_FILTERS.get(name)
        if at is not None and len(arguments) > at:
            try:
                forms(arguments[at])
            except KeyError:
                raise TemplateError(f"в шаблоне «{self.text}» не удаётся просклонять «{arguments[at]}»") from None
        at = _CASE_FILTERS.get(name)
        if at is not None and len(arguments) > at and arguments[at] not in CASES:
            raise TemplateError(
                f"в шаблоне «{self.text}» неизвестный падеж «{arguments[at]}»{did_you_mean(arguments[at], list(CASES))}"
            )

    def require(self, known: Collection[str]) -> None:
        """Raise TemplateError with the nearest valid name when the template prints an unknown fact."""
        for name in sorted(name for name in self.names if name not in known):
            raise TemplateError(f"в шаблоне «{self.text}» неизвестное имя «{name}»{did_you_mean(name, sorted(known))}")

    def __call__(self, facts: Mapping[str, Any], texts: Mapping[str, str]) -> str | None:
        """The text; None when a fact that it prints is absent.

        ``facts`` are raw values (for filters), ``texts`` the same facts as printed; a fact without a text is
        printed as a plain number.
        """
        missing = False

        def fill(match: re.Match[str]) -> str:
            nonlocal missing
            name, filter_name, arguments = self._fields[match[0]]
            value = facts.get(name)
            if not filter_name and name in texts:
                return texts[name]
            if value is None or value != value:
                missing = True
                return ""
            if filter_name:
                return FILTERS[filter_name][0](value, *arguments)
            return value if isinstance(value, str) else russian.number(value)

        result = _FIELD.sub(fill, self.text)
        return None if missing else _TWICE.sub(r"\2", _AGAIN.sub(r"\1", result))
