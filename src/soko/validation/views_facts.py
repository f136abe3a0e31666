"""Views over the facts of order 1324: each with its line of the form, what it is a share of, and last year's value.

A fact belongs to a date. Where a form lacks the base of that very date, the only value that the school gives stands in.
"""

from __future__ import annotations

_NUMBERS = """numbers AS (
            SELECT school_id, key, as_of, any_value(number) AS number, min(_i) AS _i
            FROM keyed WHERE number IS NOT NULL GROUP BY school_id, key, as_of),
        single AS (
            SELECT school_id, key, any_value(number) AS number
            FROM numbers GROUP BY school_id, key HAVING count(DISTINCT number) = 1)"""
_KEY = "rtrim(trim(code), '.') AS key"  # «1.1.» is how the form itself numbers its sections

VIEWS: dict[str, str] = {
    # One row a fact whose code the order knows.
    "facts_known": f"""
        WITH keyed AS (SELECT *, {_KEY} FROM facts), {_NUMBERS}
        SELECT f.* EXCLUDE (name), f.name AS given_name, o.name AS official_name, o.position, o.kind, o.base, o.parent,
            o.heading, o.least, o.most, coalesce(b.number, u.number) AS base_number,
            100 * f.number / nullif(coalesce(b.number, u.number), 0) AS exact,
            length(regexp_extract(regexp_replace(CAST(f.percent AS VARCHAR), '\\.0$', ''), '\\.(\\d+)$', 1)) AS digits,
            'facts' AS _of
        FROM keyed AS f JOIN order_1324 AS o ON o.code = f.key
        LEFT JOIN numbers AS b ON b.school_id = f.school_id AND b.key = o.base AND b.as_of = f.as_of
        LEFT JOIN single AS u ON u.school_id = f.school_id AND u.key = o.base""",
    # One row a balance and date: both sums, and whether they agree. What is not filled in proves nothing.
    "facts_balances": f"""
        WITH keyed AS (SELECT *, {_KEY} FROM facts), {_NUMBERS},
        sets AS (SELECT row_number() OVER () AS b, * FROM order_balances),
        parts AS (
            SELECT b, true AS is_left, unnest(left_codes) AS key FROM sets
            UNION ALL SELECT b, false, unnest(right_codes) FROM sets),
        days AS (SELECT DISTINCT p.b, n.school_id, n.as_of FROM parts AS p JOIN numbers AS n USING (key)),
        filled AS (
            SELECT d.*, p.is_left, coalesce(n.number, o.number) AS number, n._i
            FROM days AS d JOIN parts AS p USING (b)
            LEFT JOIN numbers AS n ON n.school_id = d.school_id AND n.as_of = d.as_of AND n.key = p.key
            LEFT JOIN single AS o ON o.school_id = d.school_id AND o.key = p.key),
        sums AS (
            SELECT b, school_id, as_of, sum(number) FILTER (is_left) AS left_sum,
                sum(number) FILTER (NOT is_left) AS right_sum,
                bool_or(number IS NULL) FILTER (is_left) AS left_gap,
                bool_or(number IS NULL) FILTER (NOT is_left) AS right_gap,
                coalesce(min(_i) FILTER (NOT is_left), min(_i)) AS _i
            FROM filled GROUP BY b, school_id, as_of)
        SELECT s.*, t.relation, array_to_string(t.left_codes, ' + ') AS left_text,
            array_to_string(t.right_codes, ' + ') AS right_text, 'facts' AS _of,
            CASE t.relation WHEN '=' THEN s.left_gap OR s.right_gap OR abs(s.left_sum - s.right_sum) < 0.001
                 ELSE s.right_gap OR coalesce(s.left_sum <= s.right_sum + 0.001, true) END AS agrees
        FROM sums AS s JOIN sets AS t USING (b)""",
    # One row a school: which of its latest numbers are those of a year ago. Zeros and «да» rarely change.
    "facts_unchanged": f"""
        WITH now AS (
            SELECT school_id, key, position, arg_max(number, as_of) AS number, arg_max(percent, as_of) AS percent,
                arg_max(_i, as_of) AS _i
            FROM facts_known WHERE number <> 0 GROUP BY school_id, key, position),
        past AS (
            SELECT school_id, key, arg_max(number, as_of) AS number, arg_max(percent, as_of) AS percent
            FROM (SELECT *, {_KEY} FROM year_ago_facts) WHERE number <> 0 GROUP BY school_id, key),
        paired AS (
            SELECT now.*, now.number = past.number AND now.percent IS NOT DISTINCT FROM past.percent AS same,
                position BETWEEN (SELECT position FROM order_1324 WHERE code = '1.24')
                             AND (SELECT position FROM order_1324 WHERE code = '1.34') AS of_staff
            FROM now JOIN past USING (school_id, key))
        SELECT school_id, count(*) AS n, count(*) FILTER (same) AS n_same,
            string_agg(key, ', ' ORDER BY position) FILTER (same) AS codes,
            count(*) FILTER (of_staff) AS staff_lines, count(*) FILTER (of_staff AND same) AS staff_same,
            coalesce(min(_i) FILTER (same), min(_i)) AS _i, 'facts' AS _of
        FROM paired GROUP BY school_id""",
    # One row a school: pupils by the worst of their marks. «На 4 и 5» of the order are both groups together.
    "achievers": """
        WITH pupil AS (
            SELECT school_id, pupil_id, min(CASE mark WHEN 'н/а' THEN '1' ELSE mark END) AS worst
            FROM marks WHERE pupil_id IS NOT NULL AND mark IN ('5', '4', '3', '2', 'н/а') GROUP BY school_id, pupil_id)
        SELECT school_id, count(*) FILTER (worst = '5') AS excellent, count(*) FILTER (worst = '4') AS good
        FROM pupil GROUP BY school_id""",
}
