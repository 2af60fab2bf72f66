"""Storing the industrial control line from a delivered layer.

Refuses to overwrite a version: the one before ends on the day its successor begins.
"""

from collections.abc import Sequence

from landgis.counties.models import County
from landgis.lib.upsert import Stored
from layers.control_lines.models import ControlLine
from layers.versions import Delivered, store_versions


def store_control_lines(county: County, delivered: Sequence[Delivered], *, source: str) -> Stored:
    """Bring the control line to what was delivered, in versions, inside a declared change."""
    return store_versions(ControlLine, county, delivered, source=source, same_key={})
