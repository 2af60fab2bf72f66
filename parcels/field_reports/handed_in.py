"""From a request to a report: its photos, and the developed area from typed coordinates or a file.

Refuses both at once, and a shape that its reader found an error in.
"""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from django.http import HttpRequest
from django.utils import timezone

from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.uploads import MEBIBYTE, uploaded_file, uploaded_files
from parcels.editing.geometry_input import Shapes, shapes_of_file, shapes_of_text
from parcels.field_reports.actions import Filed
from parcels.field_reports.forms import ReportForm
from parcels.field_reports.ground import typed_place
from parcels.field_reports.rules import MOST_PHOTOS

LARGEST_PHOTO = 20 * MEBIBYTE


def filed_from(
    request: HttpRequest, form: ReportForm, county: County, phase_id: int, parcel_code: str
) -> Filed:
    """What a valid form and its files hand in."""
    stated = form.cleaned_data
    return Filed(
        values=form.values(),
        phase_id=phase_id,
        parcel_code=parcel_code,
        drawn_survey=_drawn(request, stated["developed_text"].strip(), county),
        place=typed_place(stated["place"], county) if stated["place"].strip() else None,
        photos=photos_from(request),
        replaces=stated["replaces"],
    )


def photos_from(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Name and bytes of each photo of the request."""
    files = uploaded_files(request, most_files=MOST_PHOTOS, most_bytes=LARGEST_PHOTO, field="photos")
    return [(file.name or "照片", file.read()) for file in files]


def _drawn(request: HttpRequest, text: str, county: County) -> Sequence[shapely.Geometry]:
    file = request.FILES.get("developed_file")
    today = timezone.localdate()
    if file is None:
        return _sound(shapes_of_text(text, county, on=today)) if text else ()
    if text:
        told = "已开发范围既填写了界址点，又选择了文件。"
        raise InputError("developed_twice", told, "请只用一种方式提交。", field="developed_text")
    return _sound(shapes_of_file(uploaded_file(request, field="developed_file"), county, on=today))


def _sound(shapes: Shapes) -> Sequence[shapely.Geometry]:
    wrong = [issue.message for issue in shapes.issues if issue.severity == "error"]
    if wrong:
        raise InputError(
            "developed_unsound", " ".join(wrong[:3]), "请改正后重新提交。", field="developed_text"
        )
    return list(shapes.geoms_survey)
