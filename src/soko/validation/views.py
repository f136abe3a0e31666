"""Views that rules may take their rows from: what a check by row cannot see.

A view gives ``_i`` (the row that the finding is addressed to) of the table ``_of``, or the address itself in
``_file``, ``_sheet``, ``_row``, ``_cell``. All read the working tables of ``soko.validation.bench``.
"""

from __future__ import annotations

from soko.validation.reference_relation import VIEWS as REFERENCES
from soko.validation.views_facts import VIEWS as FACTS
from soko.validation.views_people import PEOPLE_VIEWS

_FINGERPRINT = "md5(string_agg({what}, ';' ORDER BY {what}))"


def _movement(day: str, start: str, arrived: str, gone: str) -> str:
    """Counts of a class over ``stays``: on roll at the end of the day, come and gone from then to the period's end."""
    return f"""count(*) FILTER ((since IS NULL OR since <= params.{day})
                         AND (left_on IS NULL OR left_on > params.{day})) AS {start},
            count(*) FILTER (since > params.{day} AND since <= params.period_end) AS {arrived},
            count(*) FILTER (left_on > params.{day} AND left_on <= params.period_end) AS {gone}"""


def _list_totals(table: str, measures: tuple[str, ...]) -> str:
    """Totals printed in a long list and the sums of its rows: of the class that the total names, else of what it may
    stand for – the rows since the total before it, the grade above it, the sheet, the file."""

    def total(rows: str) -> str:
        # Rates have tenths, whose sums are not exact.
        return f"round(sum(l.v) FILTER (l._sheet = t._sheet AND {rows}), 6)"

    listed, named = ", ".join(f'"{name}"' for name in measures), ", ".join(f"'{name}'" for name in measures)
    return f"""
        WITH long AS (
            UNPIVOT (SELECT _file, _sheet, _row, class, grade, {listed} FROM {table}) ON {listed}
            INTO NAME measure VALUE v),
        marked AS (
            SELECT *, coalesce(lag(_row) OVER (PARTITION BY _file, _sheet, measure ORDER BY _row), 0) AS before
            FROM totals WHERE measure IN ({named}) AND printed IS NOT NULL),
        placed AS (
            SELECT t.*, (SELECT arg_max(l.grade, l._row) FROM long AS l
                WHERE l._file = t._file AND l._sheet = t._sheet AND l._row < t._row) AS own_grade FROM marked AS t),
        summed AS (
            SELECT t._t, any_value(t._file) AS _file, any_value(t._sheet) AS _sheet, any_value(t._cell) AS _cell,
                any_value(t._row) AS _row, any_value(t.class) AS class, any_value(t.measure) AS measure,
                any_value(t.printed) AS printed,
                {total("l.class = t.class")} AS of_class,
                {total("l._row > t.before AND l._row < t._row")} AS of_run,
                {total("l._row < t._row AND l.grade = t.own_grade")} AS of_grade,
                {total("l._row < t._row")} AS of_sheet, round(sum(l.v), 6) AS of_file
            FROM placed AS t JOIN long AS l ON l._file = t._file AND l.measure = t.measure GROUP BY t._t)
        SELECT *, coalesce(of_class, of_run, of_sheet, of_file) AS recomputed,
            CASE WHEN of_class IS NOT NULL THEN printed = of_class
                 ELSE coalesce(printed IN (of_run, coalesce(of_grade, of_run), of_sheet, of_file), true) END AS agrees
        FROM summed"""


VIEWS: dict[str, str] = (
    {
        "attendance_totals": _list_totals(
            "attendance",
            ("lessons_missed", "lessons_missed_illness", "lessons_missed_excused", "lessons_missed_unexcused"),
        ),
        "classes_totals": _list_totals("classes", ("pupils_start", "arrived", "left", "pupils_end")),
        "programmes_totals": _list_totals("programmes", ("places", "enrolled")),
        "parents_totals": _list_totals("parents", ("families", "participating", "council", "meetings", "attendance")),
        # Not «teachers»: one who teaches two subjects is in both rows.
        "staffing_totals": _list_totals("staffing", ("rates_planned", "rates_filled", "rates_qualified")),
        # One row a class of the list: how many pupils are listed, how many on roll at the period's end.
        "class_sizes": """
        SELECT school_id, class, grade, count(DISTINCT pupil_id) AS listed,
            count(DISTINCT pupil_id) FILTER ((since IS NULL OR since <= params.period_end)
                AND (left_on IS NULL OR left_on > params.period_end)) AS pupils,
            min(_i) AS _i, 'pupils' AS _of
        FROM stays, params WHERE class IS NOT NULL GROUP BY school_id, class, grade""",
        # One row a class of the list: its movement by dates, moves between classes included. «At the start» is told
        # from the end of the previous period and, as many schools do it, from the first day of the period.
        "class_movement": f"""
        SELECT school_id, class, {_movement("opening", "at_start", "arrived", "gone")},
            {_movement("period_start", "at_first", "arrived_first", "gone_first")}
        FROM stays, params WHERE class IS NOT NULL GROUP BY school_id, class""",
        # One row a class and subject: counts of marks and a fingerprint of who has which mark.
        "class_subjects": f"""
        SELECT school_id, class, grade, subject, count(*) AS n,
            count(*) FILTER (mark IN ('5', '4', '3', '2')) AS marked,
            count(*) FILTER (mark = '5') AS n5, count(*) FILTER (mark = '4') AS n4,
            count(*) FILTER (mark = '3') AS n3, count(*) FILTER (mark = '2') AS n2,
            count(*) FILTER (mark = 'н/а') AS n_na,
            {_FINGERPRINT.format(what="pupil_id || '=' || mark")} AS fingerprint,
            min(_i) AS _i, 'marks' AS _of
        FROM marks WHERE mark IS NOT NULL AND class IS NOT NULL GROUP BY school_id, class, grade, subject""",
        # One row a class that ought to have marks: how many it has. Grades without marks, and grades marked by
        # half-years in a quarter or trimester, ought to have none.
        "class_marks": """
        SELECT c.school_id, c.class, c.grade, c.pupils, c._i, c._of,
            (SELECT coalesce(sum(s.n), 0) FROM class_subjects AS s
             WHERE s.school_id = c.school_id AND s.class = c.class) AS marks
        FROM class_sizes AS c, params
        WHERE c.pupils > 0 AND c.grade IS NOT NULL
          AND NOT list_contains(params.unmarked_grades, c.grade)
          AND NOT (params.period_kind IN ('quarter', 'trimester')
               AND list_contains(params.halfyear_grades, c.grade))""",
        # One row a class and subject that the curriculum names for the grade and that the school does mark there: in a
        # class of the same grade now, or in the grade in the previous period. The curriculum alone would be too eager,
        # since it also names subjects that a school may leave to its choice. So would one class of many: a second
        # language or a subject of a profile is taught in part of a parallel. Hence the class has the column, or had the
        # marks, or most of the parallel has them. The place is the sheet of the class.
        "class_expected": """
        SELECT c.school_id, c.class, c.grade, k.subject, f._file, f._sheet,
            (SELECT coalesce(sum(s.n), 0) FROM class_subjects AS s
             WHERE s.school_id = c.school_id AND s.class = c.class AND s.subject = k.subject) AS marks
        FROM class_marks AS c JOIN curriculum_table AS k ON k.grade = c.grade AND k.counted AND k.named
        LEFT JOIN (SELECT school_id, class, arg_min(_file, _i) AS _file, arg_min(_sheet, _i) AS _sheet
                   FROM marks WHERE mark IS NOT NULL GROUP BY school_id, class) AS f
          ON f.school_id = c.school_id AND f.class = c.class
        LEFT JOIN (SELECT school_id, grade, subject, count(DISTINCT class) AS taught FROM class_subjects
                   GROUP BY ALL) AS o
          ON o.school_id = c.school_id AND o.grade = c.grade AND o.subject = k.subject
        LEFT JOIN (SELECT school_id, grade, count(*) AS classes FROM class_marks WHERE marks > 0 GROUP BY ALL) AS n
          ON n.school_id = c.school_id AND n.grade = c.grade
        LEFT JOIN (SELECT school_id, grade, subject, count(DISTINCT class) AS taught, list(DISTINCT class) AS names
                   FROM previous_marks WHERE mark IS NOT NULL GROUP BY ALL) AS b
          ON b.school_id = c.school_id AND b.grade = c.grade AND b.subject = k.subject
        LEFT JOIN (SELECT school_id, grade, count(DISTINCT class) AS classes
                   FROM previous_marks WHERE mark IS NOT NULL GROUP BY ALL) AS p
          ON p.school_id = c.school_id AND p.grade = c.grade
        WHERE c.marks > 0 AND (o.taught > 0 OR b.taught > 0)
          AND (2 * o.taught > n.classes - 1 OR 2 * b.taught > p.classes OR list_contains(b.names, c.class)
            OR EXISTS (SELECT 1 FROM marks AS m
                       WHERE m.school_id = c.school_id AND m.class = c.class AND m.subject = k.subject))""",
        # One row a class: fingerprint of all its marks now and in the previous period.
        "class_fingerprints": f"""
        WITH now AS (
            SELECT school_id, class, count(DISTINCT pupil_id) AS pupils, count(DISTINCT subject) AS subjects,
                count(*) AS marks, {_FINGERPRINT.format(what="pupil_id || '=' || subject || '=' || mark")} AS print,
                min(_i) AS _i
            FROM marks WHERE mark IS NOT NULL AND class IS NOT NULL GROUP BY school_id, class),
        before AS (
            SELECT school_id, class, {_FINGERPRINT.format(what="pupil_id || '=' || subject || '=' || mark")} AS print
            FROM previous_marks WHERE mark IS NOT NULL AND class IS NOT NULL GROUP BY school_id, class)
        SELECT now.*, before.print AS previous_print, 'marks' AS _of
        FROM now JOIN before USING (school_id, class)""",
        # One row a class: another one with the same marks at the same places of its list, whoever the pupils are.
        "class_twins": f"""
        WITH placed AS (
            SELECT *, row_number() OVER (PARTITION BY school_id, class, subject ORDER BY _i) AS place
            FROM marks WHERE mark IS NOT NULL AND class IS NOT NULL),
        own AS (
            SELECT school_id, class, grade, count(*) AS n, count(DISTINCT subject) AS subjects,
                max(place) AS pupils, max(share) AS commonest,
                {_FINGERPRINT.format(what="subject || '=' || place || '=' || mark")} AS print, min(_i) AS _i
            FROM (SELECT *, count(*) OVER (PARTITION BY school_id, class, mark)
                            / count(*) OVER (PARTITION BY school_id, class) AS share FROM placed)
            GROUP BY school_id, class, grade)
        SELECT own.*, o.class AS twin, 'marks' AS _of
        FROM own LEFT JOIN own AS o ON o.school_id = own.school_id AND o.print = own.print AND o._i < own._i
        QUALIFY row_number() OVER (PARTITION BY own.school_id, own.class ORDER BY o._i DESC) = 1""",
        # One row a school: subjects that were marked both now and a year ago, and in how many every count is the same.
        "subjects_year_ago": """
        WITH now AS (
            SELECT school_id, subject, sum(n5) AS n5, sum(n4) AS n4, sum(n3) AS n3, sum(n2) AS n2, min(_i) AS _i
            FROM class_subjects GROUP BY school_id, subject),
        past AS (
            SELECT school_id, subject, count(*) FILTER (mark = '5') AS n5, count(*) FILTER (mark = '4') AS n4,
                count(*) FILTER (mark = '3') AS n3, count(*) FILTER (mark = '2') AS n2
            FROM year_ago_marks GROUP BY school_id, subject),
        paired AS (
            SELECT now.*, (now.n5, now.n4, now.n3, now.n2) = (past.n5, past.n4, past.n3, past.n2) AS same
            FROM now JOIN past USING (school_id, subject) WHERE now.n5 + now.n4 + now.n3 + now.n2 > 0)
        SELECT school_id, count(*) AS n, count(*) FILTER (same) AS n_same,
            string_agg(subject, ', ' ORDER BY subject) FILTER (same) AS subjects, min(_i) AS _i, 'marks' AS _of
        FROM paired GROUP BY school_id""",
        # One row a printed total of the source: the same number recomputed from the marks of that sheet.
        "totals_recomputed": """
        WITH counts AS (
            SELECT t._t, count(*) FILTER (m.mark = '5') AS n5, count(*) FILTER (m.mark = '4') AS n4,
                count(*) FILTER (m.mark = '3') AS n3, count(*) FILTER (m.mark = '2') AS n2,
                count(*) FILTER (m.mark = 'н/а') AS n_na, count(*) FILTER (m.mark = 'осв') AS n_exempt
            FROM totals AS t LEFT JOIN marks AS m
              ON m._file = t._file AND m._sheet IS NOT DISTINCT FROM t._sheet
             -- A subject that is taught in two groups has two columns, each with totals of its own.
             AND CASE WHEN m._col <> '' AND t.subject IS NOT NULL THEN m._col = regexp_extract(t._cell, '^[A-Z]+')
                      ELSE (t.class IS NULL OR m.class = t.class) AND (t.subject IS NULL OR m.subject = t.subject) END
            GROUP BY t._t),
        based AS (SELECT *, n5 + n4 + n3 + n2 AS marked, n5 + n4 + n3 + n2 + n_na AS base FROM counts)
        SELECT t._file, t._sheet, t._cell, t._row, t.class, t.subject, t.measure, t.printed,
            CASE t.measure
                WHEN 'n5' THEN n5 WHEN 'n4' THEN n4 WHEN 'n3' THEN n3 WHEN 'n2' THEN n2
                WHEN 'n_na' THEN n_na WHEN 'n_exempt' THEN n_exempt
                WHEN 'mean_mark' THEN (5 * n5 + 4 * n4 + 3 * n3 + 2 * n2) / nullif(marked, 0)
                WHEN 'success' THEN 100.0 * (n5 + n4 + n3) / nullif(base, 0)
                WHEN 'quality' THEN 100.0 * (n5 + n4) / nullif(base, 0)
                WHEN 'sou' THEN (w5 * n5 + w4 * n4 + w3 * n3 + w2 * n2 + w_na * n_na) / nullif(base, 0)
            END AS recomputed,
            CASE t.measure
                WHEN 'success' THEN 100.0 * (n5 + n4 + n3) / nullif(marked, 0)
                WHEN 'quality' THEN 100.0 * (n5 + n4) / nullif(marked, 0)
                WHEN 'sou' THEN (w5 * n5 + w4 * n4 + w3 * n3 + w2 * n2) / nullif(marked, 0)
            END AS recomputed_marked,
            t.measure IN ('success', 'quality', 'sou') AS in_percent,
            -- One unit of the last digit that was printed: journals round, and some cut off.
            CASE WHEN t.measure LIKE 'n%' THEN 0.5
                 ELSE power(10.0, -length(regexp_extract(regexp_replace(CAST(t.printed AS VARCHAR), '\\.0$', ''),
                                                         '\\.(\\d+)$', 1))) END AS tolerance
        FROM totals AS t JOIN based AS b USING (_t), params
        WHERE t.measure IN ('n5', 'n4', 'n3', 'n2', 'n_na', 'n_exempt', 'mean_mark', 'success', 'quality', 'sou')
          AND t.printed IS NOT NULL""",
    }
    | FACTS
    | REFERENCES
    | PEOPLE_VIEWS
)
