"""From a form to ground in EPSG:4490: pasted boundary points, GeoJSON, or a file, through the register's own readers.

Refuses both at once, and a shape that its reader found an error in.
"""

from __future__ import annotations

import numpy as np
import shapely
from django.http import HttpRequest
from django.utils import timezone

from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.uploads import uploaded_file
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.sketching import settled
from parcels.editing.geometry_input import Shapes, shapes_of_file, shapes_of_pasted


def given_ground(request: HttpRequest, text: str, county: County) -> shapely.Geometry | None:
    """The ground that was typed or uploaded, its parts together; None where there is neither."""
    today, text = timezone.localdate(), text.strip()
    uploaded = request.FILES.get("ground_file") is not None
    if uploaded and text:
        raise InputError(
            "ground_twice", "范围既填写了坐标，又选择了文件。", "请只用一种方式提交。", field="ground_text"
        )
    if uploaded:
        return _together(
            shapes_of_file(uploaded_file(request, field="ground_file"), county, on=today), county
        )
    if not text:
        return None
    return _together(shapes_of_pasted(text, county, on=today), county)


def _together(shapes: Shapes, county: County) -> shapely.Geometry:
    wrong = [issue.message for issue in shapes.issues if issue.severity == "error"]
    if wrong:
        raise InputError("ground_unsound", " ".join(wrong[:3]), "请改正后重新提交。", field="ground_text")
    whole = shapely.union_all(shapes.geoms_survey)
    (moved,) = transform_geometries(np.array([whole], dtype=object), county.survey_crs, CGCS2000)
    return settled(county, moved)
