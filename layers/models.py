"""The models of all rooms of `layers`, where Django looks for them."""

from layers.control_lines.models import ControlLine
from layers.districts.models import District

__all__ = ["ControlLine", "District"]
