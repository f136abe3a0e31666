"""Views of the tables about pupils: exams, graduates, contests, diagnostics, health, registers, activities.

They are part of ``soko.validation.views.VIEWS`` and follow its rules.
"""

from __future__ import annotations


def _people(table: str) -> str:
    """One row a pupil and class of the table: number of rows, whether the list of pupils knows him, and in which class.

    A mistake in a name is one mistake, however many rows he has. A pupil who moved may stand in either class.
    """
    return f"""
        WITH listed AS (
            SELECT school_id, pupil_id, list(DISTINCT class) AS classes,
                string_agg(DISTINCT class, ', ' ORDER BY class) AS listed
            FROM stays GROUP BY school_id, pupil_id)
        SELECT t.school_id, t.pupil_id, t.class, count(*) AS n, count(l.pupil_id) > 0 AS known,
            any_value(l.listed) AS listed, coalesce(list_contains(any_value(l.classes), t.class), true) AS agrees,
            min(t._i) AS _i, '{table}' AS _of
        FROM {table} AS t LEFT JOIN listed AS l ON l.school_id = t.school_id AND l.pupil_id = t.pupil_id
        WHERE t.pupil_id IS NOT NULL GROUP BY t.school_id, t.pupil_id, t.class"""


def _covered(table: str) -> str:
    """One row a class of the list: how many pupils it has and how many of them the table tells about."""
    return f"""
        SELECT c.school_id, c.class, c.grade, c.pupils, c.listed, c._i, c._of,
            (SELECT count(DISTINCT t.pupil_id) FROM {table} AS t
             WHERE t.school_id = c.school_id AND t.class = c.class) AS people
        FROM class_sizes AS c"""


_MEASURE = """CASE WHEN exam = 'ЕГЭ' AND coalesce(exam_level, '') <> 'базовый' THEN score
              ELSE TRY_CAST(mark AS DOUBLE) END"""
_MEANS = f"""SELECT school_id, exam, subject, coalesce(exam_level, '') AS exam_level, grade, count({_MEASURE}) AS works,
                avg({_MEASURE}) AS mean FROM {{source}} GROUP BY ALL"""

PEOPLE_VIEWS: dict[str, str] = {
    **{
        f"{table}_people": _people(table)
        for table in ("exams", "contests", "diagnostics", "health", "registers", "activities")
    },
    **{f"{table}_classes": _covered(table) for table in ("health", "activities")},
    # The rows of the exams with what params/exams.yaml knows of the exam. ``took``: the result counts.
    "exam_rows": """
        SELECT e.*, coalesce(e.status, 'участвовал') = 'участвовал' AS took, s.minimum AS scale_minimum,
            s.max_primary AS scale_max, coalesce(e.minimum, s.minimum) AS known_minimum,
            coalesce(e.max_primary, s.max_primary) AS known_max, s.conditional, s.source AS scale_source,
            s.minimum_source,
            CASE WHEN e.exam = 'ЕГЭ' THEN e.score ELSE e.primary_score END AS measured,
            CASE WHEN s.three IS NULL OR e.primary_score IS NULL THEN NULL WHEN e.primary_score >= s.five THEN '5'
                 WHEN e.primary_score >= s.four THEN '4' WHEN e.primary_score >= s.three THEN '3' ELSE '2'
            END AS scale_mark,
            CASE e.mark WHEN '3' THEN s.three WHEN '4' THEN s.four WHEN '5' THEN s.five END AS scale_least
        FROM exams AS e LEFT JOIN exam_scales AS s
          ON s.exam = e.exam AND s.subject = e.subject AND (s.exam_level = '' OR s.exam_level = e.exam_level)""",
    # One row an exam, subject and grade: participants, and pupils whom the list had there in the year.
    "exam_takers": """
        SELECT e.school_id, e.exam, e.subject, e.grade,
            count(DISTINCT coalesce(e.pupil_id, e.participant_code)) AS takers, any_value(g.listed) AS listed,
            min(e._i) AS _i, 'exams' AS _of
        FROM exams AS e JOIN (SELECT school_id, grade, count(DISTINCT pupil_id) AS listed FROM stays
                              GROUP BY school_id, grade) AS g ON g.school_id = e.school_id AND g.grade = e.grade
        WHERE e.exam IS NOT NULL AND e.subject IS NOT NULL GROUP BY e.school_id, e.exam, e.subject, e.grade""",
    # One row a class, exam and subject: works with score and mark, how many of them stand exactly where a mark begins
    # (of the scale, else the least score that the mark was given for), and marks lower than those of the journal.
    "exam_classes": """
        WITH works AS (
            SELECT r.*, r.primary_score = coalesce(r.scale_least,
                    min(r.primary_score) OVER (PARTITION BY r.school_id, r.exam, r.subject, r.grade, r.held_on, r.mark))
                AND r.mark IN ('5', '4', '3') AS at_border,
                coalesce(r.term_mark, m.mark) AS journal
            FROM exam_rows AS r LEFT JOIN (
                SELECT school_id, pupil_id, subject, min(mark) AS mark FROM marks GROUP BY ALL) AS m
              ON m.school_id = r.school_id AND m.pupil_id = r.pupil_id AND m.subject = r.subject
            WHERE r.took AND r.class IS NOT NULL AND r.exam IS NOT NULL AND r.subject IS NOT NULL)
        SELECT school_id, class, grade, exam, subject, count(primary_score) AS scored,
            min(primary_score) AS lowest, max(primary_score) AS highest,
            count(*) FILTER (primary_score IS NOT NULL AND mark IS NOT NULL) AS works,
            count(*) FILTER (at_border) AS at_border,
            count(*) FILTER (mark IN ('5', '4', '3', '2') AND journal IN ('5', '4', '3', '2')) AS compared,
            count(*) FILTER (mark IN ('5', '4', '3', '2') AND journal IN ('5', '4', '3', '2') AND mark < journal)
                AS lowered,
            min(_i) AS _i, 'exams' AS _of
        FROM works GROUP BY school_id, class, grade, exam, subject""",
    # One row an exam, subject and grade: the mean of test scores or of marks, now and in the previous period.
    "exam_means": f"""
        WITH now AS ({_MEANS.format(source="(SELECT * FROM exam_rows WHERE took)")}),
        before AS ({_MEANS.format(source="previous_exams")})
        SELECT now.*, before.works AS previous_works, before.mean AS previous_mean,
            now.exam = 'ЕГЭ' AND now.exam_level <> 'базовый' AS in_points,
            (SELECT min(e._i) FROM exams AS e WHERE e.school_id = now.school_id AND e.exam = now.exam
             AND e.subject = now.subject AND e.grade IS NOT DISTINCT FROM now.grade) AS _i, 'exams' AS _of
        FROM now JOIN before ON before.school_id = now.school_id AND before.exam = now.exam
            AND before.subject = now.subject AND before.exam_level = now.exam_level
            AND before.grade IS NOT DISTINCT FROM now.grade""",
    # The rows of the graduates with their places in this or the previous period's list. In autumn, when the school
    # tells where its graduates went, they are in the list of the year before, or in none that there is.
    "graduate_rows": """
        WITH listed AS (
            SELECT school_id, pupil_id, class, grade FROM stays
            UNION SELECT school_id, pupil_id, class, grade FROM previous_pupils),
        found AS (
            SELECT g._i, count(l.pupil_id) > 0 AS known, bool_or(l.class = g.class OR l.grade > g.grade) AS agrees,
                string_agg(DISTINCT l.class, ', ' ORDER BY l.class) AS listed
            FROM graduates AS g LEFT JOIN listed AS l ON l.school_id = g.school_id AND l.pupil_id = g.pupil_id
            GROUP BY g._i)
        SELECT g.*, f.known, f.agrees, f.listed,
            bool_or(f.known) OVER (PARTITION BY g.school_id, g.class) AS class_known
        FROM graduates AS g JOIN found AS f USING (_i)""",
    # One row a grade of graduates: how many, how many whose destination is known or who do nothing, and the pupils
    # that this or the previous period's list has in the grade, whichever is more.
    "graduate_grades": """
        SELECT g.school_id, g.grade, count(DISTINCT coalesce(g.pupil_id, CAST(g._i AS VARCHAR))) AS graduates,
            count(*) FILTER (g.destination <> 'нет сведений') AS told,
            count(*) FILTER (g.destination = 'не работает и не учится') AS idle,
            count(*) FILTER (g.honours <> 'нет') AS honoured, count(g.certificate) AS decided,
            (SELECT count(DISTINCT s.pupil_id) FROM stays AS s WHERE s.school_id = g.school_id AND s.grade = g.grade)
                AS pupils,
            (SELECT count(DISTINCT s.pupil_id) FROM previous_pupils AS s
             WHERE s.school_id = g.school_id AND s.grade = g.grade) AS previous_pupils,
            min(g._i) AS _i, 'graduates' AS _of
        FROM graduates AS g WHERE g.grade IS NOT NULL GROUP BY g.school_id, g.grade""",
    # One row an event: entries, prizes, and how many took part from afar.
    "contest_events": """
        SELECT school_id, event, subject, event_level, count(*) AS entries,
            count(*) FILTER (result IN ('победитель', 'призёр', 'лауреат')) AS prizes,
            count(*) FILTER (format IN ('дистанционная', 'заочная')) AS remote, min(_i) AS _i, 'contests' AS _of
        FROM contests WHERE event IS NOT NULL GROUP BY school_id, event, subject, event_level""",
    # One row a class, study, instrument and scale: whether everybody has the same score.
    "diagnostic_classes": """
        SELECT school_id, class, study, instrument, scale, count(score) AS n, min(score) AS lowest,
            max(score) AS highest, min(_i) AS _i, 'diagnostics' AS _of
        FROM diagnostics WHERE class IS NOT NULL GROUP BY school_id, class, study, instrument, scale, stage""",
    # One row a kind of register: pupils of the school who were on it at the end of the previous period and of whom the
    # list now says neither that they are nor that they are no longer.
    "registers_vanished": """
        SELECT b.school_id, b.register, count(*) FILTER (NOT told) AS n,
            string_agg(DISTINCT b.class, ', ' ORDER BY b.class) FILTER (NOT told) AS classes
        FROM (SELECT p.*, EXISTS (SELECT 1 FROM registers AS r WHERE r.school_id = p.school_id
                AND r.pupil_id = p.pupil_id AND r.register = p.register) AS told
              FROM previous_registers AS p WHERE p.removed_on IS NULL AND EXISTS (
                SELECT 1 FROM stays AS s WHERE s.school_id = p.school_id AND s.pupil_id = p.pupil_id)) AS b
        GROUP BY b.school_id, b.register""",
    # One row a programme of additional education that the activities name: pupils there, and enrolled by the programme.
    "programme_groups": """
        SELECT a.school_id, a.programme_id, count(DISTINCT a.pupil_id) AS pupils, any_value(p.enrolled) AS enrolled,
            count(p.programme_id) > 0 AS known, min(a._i) AS _i, 'activities' AS _of
        FROM activities AS a LEFT JOIN (
            SELECT school_id, programme_id, max(enrolled) AS enrolled FROM programmes GROUP BY ALL) AS p
          ON p.school_id = a.school_id AND p.programme_id = a.programme_id
        WHERE a.programme_id IS NOT NULL GROUP BY a.school_id, a.programme_id""",
}
