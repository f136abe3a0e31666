"""Personal data do not stay for ever: one pupil is forgotten, old periods are purged; additive figures remain.

``marks`` says of which periods the figures are kept and no longer computed; ``forget`` and ``purge`` remove, each by a
plan that is written down first and carried out to its end; ``terms`` reads params/retention.yaml: what is overdue.
"""
