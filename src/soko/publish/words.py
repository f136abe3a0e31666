"""Russian words that the documents themselves add: captions, boxes, forms to sign."""

from __future__ import annotations

KIND = {"concern": "Проблема", "warning": "Внимание", "neutral": "К сведению", "strength": "Сильная сторона"}
VERDICT = "Вывод"
CONTENTS = "Содержание"
SKIP_LINK = "Перейти к тексту"
APPROVE = "УТВЕРЖДАЮ"
CONSIDERED = "РАССМОТРЕНО"
DATE_LINE = "«____» ______________ 20___ г."
SIGN_LINE = "_______________"
ACQUAINTED = "Ознакомлены:"
BLANK_NAME = "_______________________"


def numbered(kind: str, number: int | None, caption: str) -> str:
    """Return «Таблица 3 – caption»; the caption alone for what has no number."""
    if number is None:
        return caption
    name = "Таблица" if kind == "table" else "Рисунок"
    return f"{name}\xa0{number} – {caption}" if caption else f"{name}\xa0{number}"


def callout_title(kind: str, title: str) -> str:
    """Return the heading of a box: its word, and its title after a full stop; a verdict needs no word before it."""
    if title == VERDICT:
        return title
    return f"{KIND[kind]}. {title}" if title else KIND[kind]
