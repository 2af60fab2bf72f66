"""The collections of `layers`, registered when a layer is first asked for.

Refuses to hold a collection itself: each stands in its room's `published.py`.
"""

from layers.catalog.registry import register
from layers.control_lines.published import CONTROL_LINES
from layers.districts.published import DISTRICTS

register(CONTROL_LINES)
register(DISTRICTS)
