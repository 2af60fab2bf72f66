"""Figures in Chinese: thousands apart by a comma, as in every statistical table of the bureau.

Refuses to touch dates and times, which are Django's own, and figures that a template doesn't ask to be grouped.
"""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
