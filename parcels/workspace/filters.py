"""What the map's list can be limited by, as it is asked for: shared by the list and by whatever is done to all that match.

Refuses a box that isn't on the earth, and text that the database can't hold.
"""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from landgis.counties.models import County
from landgis.lib.boxes import Box, NotABox, read_box
from landgis.lib.errors import InputError
from parcels.evaluation.queries import newest_run, newest_year
from parcels.idle_land.queries import latest_screening
from parcels.workspace.listing import Wanted

# PostgreSQL's text has no NUL: a search for one is refused here rather than by the database.
Text = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Year = Annotated[int | None, Field(ge=1990, le=2200)]
Day = Annotated[date | None, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
Tax = Annotated[float | None, Field(allow_inf_nan=False)]


class FilterIn(Schema):
    """A condition that isn't known is a mistake of the sender: passed over, it would match more than was meant."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field("", title="宗地代码开头，或坐落、权利人的一部分")
    town: Code = Field("", title="镇街代码")
    finding: Literal[
        "", "idle_not_started", "idle_stopped", "overdue", "underinvested", "undetermined", "clear"
    ] = Field("", title="闲置筛查结论")
    land_class: Code = Field("", title="地类编码")
    min_tax_per_mu: Tax = Field(None, title="亩均税收下限（含，万元/亩）")
    max_tax_per_mu: Tax = Field(None, title="亩均税收上限（不含，万元/亩）")
    bbox: Code = Field("", title="范围：西,南,东,北（度）")
    year: Year = Field(None, title="亩均税收的年度")


def wanted_of(asked: FilterIn, **more: Any) -> Wanted:
    return Wanted(
        q=asked.q.strip(),
        town=asked.town,
        finding=asked.finding,
        land_class=asked.land_class,
        min_tax_per_mu=asked.min_tax_per_mu,
        max_tax_per_mu=asked.max_tax_per_mu,
        bbox_4490=_bbox(asked.bbox),
        **more,
    )


def computed(county: County, year: int | None) -> dict[str, int | None]:
    """The run of the evaluation and the screening that conditions on figures and findings read."""
    run = newest_run(county.code, year) if year is not None else None
    screening = latest_screening(county.code)
    return {"run_id": run.pk if run else None, "screening_id": screening.pk if screening else None}


def year_of(county: County, asked: int | None) -> int | None:
    return asked if asked is not None else newest_year(county.code)


def _bbox(text: str) -> Box | None:
    try:
        return read_box(text, within=(-180, -85, 180, 85))  # Mercator ends short of the poles
    except NotABox:
        raise InputError(
            "bbox_invalid",
            "参数“bbox”应为“西,南,东,北”四个数（度）。",
            "例如 120.0,29.2,120.1,29.3。",
            field="bbox",
        ) from None
