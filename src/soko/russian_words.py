"""Forms of the words that reports are made of.

A table is faster than a morphological analyser (pymorphy3 loads for a third of a second) and is never wrong about the
field's words: to the analyser «обучающийся» is a participle and «н/а» nothing at all. ``forms`` asks pymorphy3 only for
words that are not here, loads it at the first such word, and remembers the answer.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

Case = Literal["nomn", "gent", "datv", "accs", "ablt", "loct"]
CASES: tuple[Case, ...] = ("nomn", "gent", "datv", "accs", "ablt", "loct")
Gender = Literal["masc", "femn", "neut"]


class Forms(NamedTuple):
    """A word or a phrase in all cases.

    ``plural_after_two``: the words between 2 and 4 take the genitive plural («2 обучающихся»), as nouns that
    decline like adjectives do; ordinary nouns take the genitive singular («2 класса»).
    """

    singular: dict[str, str]
    plural: dict[str, str]
    gender: Gender
    animate: bool
    plural_after_two: bool = False


def _noun(singular: str, plural: str, gender: Gender = "masc", animate: bool = False, two: bool = False) -> Forms:
    return Forms(
        dict(zip(CASES, singular.split(), strict=True)),
        dict(zip(CASES, plural.split(), strict=True)),
        gender,
        animate,
        two,
    )


_TABLE: dict[str, Forms] = {
    "обучающийся": _noun(
        "обучающийся обучающегося обучающемуся обучающегося обучающимся обучающемся",
        "обучающиеся обучающихся обучающимся обучающихся обучающимися обучающихся",
        animate=True,
        two=True,
    ),
    "ученик": _noun(
        "ученик ученика ученику ученика учеником ученике",
        "ученики учеников ученикам учеников учениками учениках",
        animate=True,
    ),
    "учитель": _noun(
        "учитель учителя учителю учителя учителем учителе",
        "учителя учителей учителям учителей учителями учителях",
        animate=True,
    ),
    "отличник": _noun(
        "отличник отличника отличнику отличника отличником отличнике",
        "отличники отличников отличникам отличников отличниками отличниках",
        animate=True,
    ),
    "класс": _noun("класс класса классу класс классом классе", "классы классов классам классы классами классах"),
    "школа": _noun("школа школы школе школу школой школе", "школы школ школам школы школами школах", "femn"),
    "предмет": _noun(
        "предмет предмета предмету предмет предметом предмете",
        "предметы предметов предметам предметы предметами предметах",
    ),
    "отметка": _noun(
        "отметка отметки отметке отметку отметкой отметке",
        "отметки отметок отметкам отметки отметками отметках",
        "femn",
    ),
    "урок": _noun("урок урока уроку урок уроком уроке", "уроки уроков урокам уроки уроками уроках"),
    "день": _noun("день дня дню день днём дне", "дни дней дням дни днями днях"),
    "человек": _noun(
        "человек человека человеку человека человеком человеке",
        "люди человек людям человек людьми людях",
        animate=True,
    ),
    "замечание": _noun(
        "замечание замечания замечанию замечание замечанием замечании",
        "замечания замечаний замечаниям замечания замечаниями замечаниях",
        "neut",
    ),
    "запись": _noun(
        "запись записи записи запись записью записи", "записи записей записям записи записями записях", "femn"
    ),
    "файл": _noun("файл файла файлу файл файлом файле", "файлы файлов файлам файлы файлами файлах"),
    "справка": _noun(
        "справка справки справке справку справкой справке",
        "справки справок справкам справки справками справках",
        "femn",
    ),
    "ошибка": _noun(
        "ошибка ошибки ошибке ошибку ошибкой ошибке", "ошибки ошибок ошибкам ошибки ошибками ошибках", "femn"
    ),
    "предупреждение": _noun(
        "предупреждение предупреждения предупреждению предупреждение предупреждением предупреждении",
        "предупреждения предупреждений предупреждениям предупреждения предупреждениями предупреждениях",
        "neut",
    ),
    "неделя": _noun(
        "неделя недели неделе неделю неделей неделе", "недели недель неделям недели неделями неделях", "femn"
    ),
    "показатель": _noun(
        "показатель показателя показателю показатель показателем показателе",
        "показатели показателей показателям показатели показателями показателях",
    ),
    "значение": _noun(
        "значение значения значению значение значением значении",
        "значения значений значениям значения значениями значениях",
        "neut",
    ),
}


def forms(word: str) -> Forms:
    """All forms of a word («класс») or of a phrase with adjectives in front («слабый класс»).

    Raises KeyError when neither the table nor pymorphy3 knows the word as a noun with its adjectives.
    """
    known = _TABLE.get(word)
    return known if known is not None else _analysed(word)


@cache
def _analysed(phrase: str) -> Forms:
    *adjectives, noun = phrase.split()
    head = _TABLE.get(noun) or _pymorphy_noun(noun)
    singular, plural = dict(head.singular), dict(head.plural)
    for word in reversed(adjectives):
        parse = _parse(word, {"ADJF", "PRTF"})
        for case in CASES:
            accusative = {"anim"} if head.animate else {"inan"}
            extra = accusative if case == "accs" else set()
            one = parse.inflect({case, "sing", head.gender} | (extra if head.gender == "masc" else set()))
            many = parse.inflect({case, "plur"} | extra)
            if one is None or many is None:
                raise KeyError(phrase)
            singular[case] = f"{one.word} {singular[case]}"
            plural[case] = f"{many.word} {plural[case]}"
    return Forms(singular, plural, head.gender, head.animate, head.plural_after_two)


def _pymorphy_noun(noun: str) -> Forms:
    parse = _parse(noun, {"NOUN"})
    made: dict[str, dict[str, str]] = {}
    for number in ("sing", "plur"):
        made[number] = {}
        for case in CASES:
            form = parse.inflect({case, number})
            if form is None:
                raise KeyError(noun)
            made[number][case] = form.word
    gender: Gender = parse.tag.gender or "masc"
    return Forms(made["sing"], made["plur"], gender, parse.tag.animacy == "anim")


def _parse(word: str, parts: set[str]) -> Any:
    for parse in _analyser().parse(word):
        # The analyser guesses forms of words that it does not know; a guess must not be printed.
        if parse.is_known and parse.tag.POS in parts and "nomn" in parse.tag:
            return parse
    raise KeyError(word)


@cache
def _analyser() -> Any:
    import pymorphy3  # 0.3 s, and only an unusual word needs it

    return pymorphy3.MorphAnalyzer()


@cache
def dative(phrase: str) -> str | None:
    """The name of a school subject in the dative, small letter first: «физической культуре», «алгебре».

    Adjectives and the noun that they lead to are declined, and what «и» joins to it; what follows in the genitive
    stays («основам безопасности …»). None for a name that cannot be read so (an abbreviation, say).
    """
    made: list[str] = []
    head = False
    for word in phrase.split():
        bare = word.strip("()")
        if head and made[-1] != "и" and not word.startswith("(") and word != "и":
            return " ".join([*made, *phrase.split()[len(made) :]])
        if word == "и" and made:
            made.append(word)
            continue
        form = None if bare.isupper() else _dative_word(bare.lower())
        if form is None:
            return None
        text, noun = form
        head = head or noun
        made.append(word.replace(bare, text))
    return " ".join(made) if head else None


def _dative_word(word: str) -> tuple[str, bool] | None:
    for parse in _analyser().parse(word):
        if parse.is_known and parse.tag.POS in ("NOUN", "ADJF") and "nomn" in parse.tag:
            number = parse.tag.number
            wanted = {"datv", number} | ({parse.tag.gender} if parse.tag.gender and parse.tag.POS == "ADJF" else set())
            form = parse.inflect(wanted)
            return (form.word, parse.tag.POS == "NOUN") if form else None
    return None
