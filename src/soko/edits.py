"""What an analyst writes into a period's settings beside figures: edits of what the rules propose, supposed causes.

All of it is kept on every run; ``soko.notes.edits`` and ``soko.notes.causes`` put it into the notes.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

from pydantic import model_validator

from soko.yamlio import Strict


class ActionEdit(Strict):
    """A recommendation as the analyst wants it; what is left out stays as the rule has it.

    ``who`` is a key of ``responsible`` in params/school.yaml, or the post and name as they are to be printed.
    """

    what: str = ""
    who: str = ""
    due: date | None = None
    basis: str = ""


class Edit(Strict):
    """One change of the conclusions and recommendations of a note.

    With ``rule``: another wording of its conclusion, other words of its recommendation, or ``drop`` of either with a
    ``reason``. Without: a conclusion or a recommendation of the analyst's own. ``whose``, a key of ``responsible``,
    narrows the change to the recommendation of one person where the rule gives several.
    """

    rule: str = ""
    conclusion: str = ""
    action: ActionEdit | None = None
    drop: Literal["", "conclusion", "action", "both"] = ""
    reason: str = ""
    whose: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Edit:
        if self.drop and not (self.rule and self.reason.strip()):
            raise ValueError("для drop нужны rule и reason: что снимается и почему")
        if not (self.conclusion or self.action or self.drop):
            raise ValueError("в правке нет ни conclusion, ни action, ни drop")
        if self.drop in ("conclusion", "both") and self.conclusion:
            raise ValueError("вывод и снят (drop), и переписан (conclusion) – оставьте одно")
        if self.drop in ("action", "both") and self.action:
            raise ValueError("рекомендация и снята (drop), и переписана (action) – оставьте одно")
        if not self.rule and self.action and not (self.action.what and self.action.who and self.action.due):
            raise ValueError("для своей рекомендации (без rule) нужны what, who и due")
        return self

    @property
    def key(self) -> str:
        """What the edit is remembered under; an own conclusion by its words."""
        own = hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]
        return f"{self.rule}#{self.whose}" if self.rule else f"#{own}"


class Cause(Strict):
    """A supposed cause: its id in params/narrative/causes.yaml, what it is about («алгебра, 7Б»)."""

    id: str
    about: str = ""


#: Section → Markdown, of the note on academic results; or note → section → Markdown.
Commentary = dict[str, str | dict[str, str]]
#: The same, of supposed causes.
Causes = dict[str, list[str | Cause] | dict[str, list[str | Cause]]]
Edits = dict[str, list[Edit]]


def of_note(found: dict[str, object], note: str, flat: bool) -> dict[str, object]:
    """What stands under a note's name; ``flat``: it is the note whose sections may stand without its name."""
    own = found.get(note)
    made = dict(own) if isinstance(own, dict) else {}
    return {**{key: value for key, value in found.items() if flat and not isinstance(value, dict)}, **made}
