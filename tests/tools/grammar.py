"""What is wrong with a Russian sentence, as far as a rule can tell: punctuation, spaces, numbers and their nouns.

Words are looked up in pymorphy3; a word that it does not know is left alone. Nothing here knows how the text was made.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from soko.russian import MONTHS, NBSP

_PLAIN = [
    (r" {2,}", "два пробела подряд"),
    (r"\s[,;:.!?)»]", "пробел перед знаком"),
    (r"[(«]\s", "пробел после скобки или кавычки"),
    (r"\(\)|«»", "пустые скобки или кавычки"),
    (r"[,;:]\s*[,;:.]|\.\.|\s–\s*[,;:.)]|:\s*$", "знаки подряд"),
    (r"[{}]", "незаполненное поле"),
    (r"\b(?:None|nan|NaN|True|False|inf)\b", "значение вместо текста"),
    (r"(?<![\d.])\d+\.\d+(?![\d.])", "точка вместо запятой в числе"),
    (r"[\"'“](?![^„]*“)", "прямые кавычки"),
    (r"\s-\s|\d-\d", "дефис вместо тире"),
    (r"(?<=\d) (?:%|п\.п\.|[а-яё])", "число отрывается от слова или знака за ним"),
    (rf"(\d+[\s{NBSP}]из[\s{NBSP}]\d+) \(\1\)", "одно и то же дважды"),
    (r"(?i)\b(\w+)\s+\1\b", "слово повторено"),
]
#: Words that put the number after them into a case.
_GOVERN = {
    **dict.fromkeys(
        ["хватает", "менее", "меньше", "более", "больше", "нет", "из", "у", "без", "кроме", "до", "от"], "gent"
    ),
    "по": "datv",
    "к": "datv",
    "в": "loct",
    "во": "loct",
    "о": "loct",
    "с": "ablt",
}
_NUMBER = rf"(?<![\d/№,А-Яа-яё-])(\d+(?:{NBSP}\d{{3}})*(?:,\d+)?)"
_PART = re.compile(rf"(?:([а-яё]+)[ {NBSP}])?{_NUMBER}{NBSP}из{NBSP}\d+(?:[ {NBSP}]([а-яё]+))?", re.I)
_COUNTED = re.compile(rf"(?:(\w+)[ {NBSP}])?{_NUMBER}(?={NBSP}([а-яё]+)(?:\s([а-яё]+))?)")


def faults(text: str, *, finished: bool = True) -> list[str]:
    """What is wrong, in words; nothing when nothing is. ``finished``: with its capital letter and full stop."""
    found = [f"{what}: «{match[0]}»" for pattern, what in _PLAIN if (match := re.search(pattern, text))]
    if text.count("(") != text.count(")") or text.count("«") != text.count("»"):
        found.append("скобки или кавычки без пары")
    if finished and not re.search(r"[.!?…]»?$", text):
        found.append("нет точки в конце")
    if finished and not re.match(r"[«(]?[А-ЯЁA-Z\d]", text):
        found.append("нет заглавной буквы в начале")
    for match in _COUNTED.finditer(text):
        found += _disagreement(*match.groups())
    for match in _PART.finditer(text):
        found += _of_whole(*match.groups())
    return found


def _of_whole(before: str | None, number: str, after: str | None) -> list[str]:
    """«успевают 1 из 21», «1 из 21 успевают»: the verb is in the plural though one is meant."""
    for verb in (before, after):
        tags = {str(tag) for tag in _parses((verb or "").lower(), {"VERB", "PRTS"})}
        if _one(number) and tags and all("plur" in tag for tag in tags):
            return [f"сказуемое не согласовано с числом: «{before or ''} {number} из … {after or ''}»"]
    return []


def _disagreement(before: str | None, number: str, word: str, after: str | None) -> list[str]:
    """«5 класс», «прибыл 5 обучающихся», «не хватает 1 обучающийся»."""
    if word in MONTHS or re.fullmatch(r"20\d\d", number):
        return []
    if word == "классов" and _parses((before or "").lower(), {"NOUN"}):
        return []  # «мониторинг 4 классов»: the fourth ones, as documents write it
    noun = _parses(word, {"NOUN", "ADJF", "PRTF"})
    if not noun or _parses(word, {"PREP", "CONJ", "VERB", "PRCL"}):
        return []
    tags = [str(tag) for tag in noun]
    said = f"{before or ''} {number} {word}".strip()
    whole, one = "," not in number, _one(number)
    case = _GOVERN.get((before or "").lower(), "")
    if not whole:
        wanted = [{"sing", "gent"}]
    elif one:
        wanted = [{"sing", case}] if case else [{"sing", "nomn"}, {"sing", "accs"}, {"sing", "gent"}, {"sing", "datv"}]
    elif case:
        wanted = [{"plur", case}]
    elif _few(number):
        # «2 обучающихся»: what declines like an adjective stands in the plural after 2, 3, 4.
        adjectival = any(tag.POS != "NOUN" for tag in noun) or re.search(r"(?:ых|их|ихся)$", word)
        wanted = [{"sing", "gent"}] + ([{"plur", "gent"}] if adjectival else [])
    else:
        wanted = [{"plur", "gent"}]
    if before and before.lower() in ("в", "на") and whole:  # «в 5 классах», «на 5 классов»
        wanted += [{"sing" if one else "plur", other} for other in ("accs", "gent", "loct")]
    if not any(need <= set(re.split(r"[ ,]", tag)) for need in wanted for tag in tags):
        return [f"слово не согласовано с числом: «{said}»"]
    if _is_adjective(word) and after and (head := _parses(after, {"NOUN", "PRTF"})):
        return _phrase(said, number, after, [str(tag) for tag in head], case)
    return _verb(before, said, one, tags)


def _phrase(said: str, number: str, noun: str, tags: list[str], case: str) -> list[str]:
    need = "sing" if _one(number) or "," in number or (_few(number) and not case) else "plur"
    if any(need in tag or (need == "sing" and _few(number) and "plur,gent" in tag) for tag in tags):
        return []
    return [f"слово не согласовано с числом: «{said} {noun}»"]


def _verb(before: str | None, said: str, one: bool, tags: list[str]) -> list[str]:
    """The predicate before the number: «прибыл 1», «прибыло 5», «не успевают 2», «не успевает 21»."""
    if not before or before.lower() in _GOVERN:
        return []
    verbs = [str(tag) for tag in _parses(before.lower(), {"VERB", "PRTS", "ADJS"})]
    if not verbs or _parses(before.lower(), {"NOUN"}):
        return []
    genders = {gender for tag in tags for gender in ("masc", "femn", "neut") if gender in tag}
    for tag in verbs:
        gender = next((name for name in ("masc", "femn", "neut") if name in tag), "")
        if one and "sing" in tag and (not gender or gender in genders):
            return []
        if not one and ("plur" in tag or gender == "neut" or ("sing" in tag and not gender)):
            return []
    return [f"сказуемое не согласовано с числом: «{said}»"]


def _one(number: str) -> bool:
    digits = number.replace(NBSP, "")
    return "," not in digits and digits[-1] == "1" and digits[-2:] != "11"


def _few(number: str) -> bool:
    digits = number.replace(NBSP, "")
    return "," not in digits and digits[-1] in "234" and digits[-2:] not in ("12", "13", "14")


def _is_adjective(word: str) -> bool:
    return bool(_parses(word, {"ADJF"})) and not _parses(word, {"NOUN"})


def _parses(word: str, parts: set[str]) -> list[Any]:
    return [tag for tag in _tags(word) if tag.POS in parts]


@cache
def _tags(word: str) -> list[Any]:
    return [parse.tag for parse in _analyser().parse(word) if parse.is_known]


@cache
def _analyser() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()
