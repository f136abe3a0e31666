"""Why a figure has no value, or a change no verdict: the codes of every table, with their sign and their words.

One list for csv and workbook, notes and command line, so that a reader meets one code for one reason. A code is what
programs filter by, a sign what stands in a cell, a text what a legend or a message says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Reason(NamedTuple):
    """A reason code: Latin for programs, the Russian sign of a cell, and what it means."""

    code: str
    sign: str
    text: str


NO_DATA = Reason("nd", "нд", "нет данных: таблица, из которой считается показатель, за период не сдана")
NOT_APPLICABLE = Reason("na", "нп", "не применимо: в базе показателя никого нет, делить не на что")
SMALL = Reason("sm", "мг", "малая группа: в одном из периодов в базе меньше small_group, об изменении не судят")
CHANCE = Reason("ch", "сл", "изменение больше порога, но может быть случайным: точный критерий его не подтверждает")
NO_BEFORE = Reason("nb", "нс", "сравнивать не с чем: за тот период у этой группы значения нет")
DEFINITION = Reason("df", "оп", "определение показателя с того периода изменилось, значения не сопоставляются")
NEW_GROUP = Reason("nw", "нк", "класс или параллель сформированы заново, прежнего состава нет")
LENGTH = Reason("ln", "дл", "показатель накапливается за период, а периоды разной длины: изменение ни о чём не говорит")

REASONS = {
    reason.code: reason for reason in (NO_DATA, NOT_APPLICABLE, SMALL, CHANCE, NO_BEFORE, DEFINITION, NEW_GROUP, LENGTH)
}

# Of the public edition alone: group and cell are the thresholds of params/disclosure.yaml, which ``public`` puts in.
FEW = Reason("few", "мч", "данные не публикуются в связи с малой численностью (152-ФЗ): в группе меньше group")
UNDER = Reason(
    "under", "<\u00a0cell", "за числом или долей – от 1 до least человек (отметок), малая численность (152-ФЗ)"
)
PROTECTED = Reason("protected", "скр", "скрыто, чтобы нельзя было вычислить соседние числа или оценить одного учителя")
PUBLIC = {reason.code: reason for reason in (FEW, UNDER, PROTECTED)}


def public(group: int, cell: int) -> dict[str, Reason]:
    """The reasons of the public edition with the thresholds in their signs and words: «< 5», «меньше 10»."""
    return {
        code: Reason(
            code,
            reason.sign.replace("cell", str(cell)),
            reason.text.replace("least", str(cell - 1)).replace("group", str(group)),
        )
        for code, reason in PUBLIC.items()
    }


def sign(code: str) -> str:
    """The Russian sign of a code; empty for the empty code, which means that there is nothing to explain."""
    return REASONS[code].sign if code else ""


def legend(codes: Iterable[str]) -> list[str]:
    """«мг – малая группа: …» for each code that is there, in the order of the list above."""
    found = set(codes)
    return [f"{reason.sign} – {reason.text}" for reason in REASONS.values() if reason.code in found]
