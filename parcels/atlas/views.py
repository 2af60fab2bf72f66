"""The addresses behind the maps and plots of the per-mu evaluation.

Refuses everybody without the right to view the map; who may see what is decided by the queries behind.
"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict, StringConstraints

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound
from landgis.lib.words import words_for
from parcels.atlas import plots, schemas
from parcels.atlas.categories import categories
from parcels.atlas.queries import Cell, areas, asked_for, indicator_of, runs_of, years_computed
from parcels.atlas.rules import Lorenz
from parcels.atlas.shapes import outlines
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.rules import last_day
from parcels.grading.queries import state
from parcels.grading.rules import TITLES
from parcels.workspace.schemas import ProblemOut

router = Router(tags=["evaluation"])
problems: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), ProblemOut)
Kind = Literal["parcel", "town", "platform", "control_line"]
IndicatorCode = Literal[
    "tax_per_mu",
    "value_added_per_mu",
    "labour_productivity",
    "value_added_per_tce",
    "value_added_per_emission",
    "rd_share",
]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Year = Annotated[int, Field(ge=1990, le=2200)]


class AreasIn(Schema):
    model_config = ConfigDict(extra="ignore")

    by: Kind = Field("town", title="区域种类")
    indicator: IndicatorCode = Field("tax_per_mu", title="指标代码")
    years: list[Year] = Field([], title="年度（最多三个；空为最近三年）")
    town: Code = Field("", title="镇街代码（仅宗地）")


class ShapesIn(Schema):
    by: Kind = Field("town", title="区域种类")
    year: Year = Field(title="年度")
    town: Code = Field("", title="镇街代码（仅宗地）")
    figures: bool = Field(True, title="是否用于显示指标（否则任何可看图的账号都可取宗地）")


class CategoriesIn(Schema):
    model_config = ConfigDict(extra="ignore")

    what: Literal["grade", "low_efficiency"] = Field("grade", title="专题：评价档次、高耗低效清单")
    years: list[Year] = Field([], title="年度（最多三个；空为最近三年）")
    town: Code = Field("", title="镇街代码")


class YearIn(Schema):
    year: Year | None = Field(None, title="年度（空为最近一年）")


class IndicatorIn(YearIn):
    indicator: IndicatorCode = Field("tax_per_mu", title="指标代码")


@router.get(
    "/evaluation/areas", response={200: schemas.AreasOut, **problems}, summary="各年度各区域的亩均指标"
)
def show_areas(request: HttpRequest, wanted: Query[AreasIn]) -> dict[str, Any]:
    county, actor = who(request)
    asked = asked_for(county, by=wanted.by, indicator=wanted.indicator, years=wanted.years, town=wanted.town)
    found = areas(county, actor, asked)
    indicator = asked.indicator
    return {
        "by": asked.by,
        "indicator": indicator.code,
        "title": indicator.title,
        "unit": indicator.unit,
        "formula": indicator.formula,
        "source": indicator.source,
        "words": words_for([run.rule_version for run in asked.runs if run]),
        "years": [
            {
                "year": year,
                "computed": run is not None,
                "as_of": last_day(year).isoformat(),
                "rule_version": run.rule_version if run else "",
            }
            for year, run in zip(asked.years, asked.runs, strict=True)
        ],
        "fewest": _fewest(county, asked.years),
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "town": row.town,
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in found.rows
        ],
        "county": None if found.county is None else [_cell(cell) for cell in found.county],
    }


@router.get(
    "/evaluation/outlines",
    response={200: schemas.OutlinesOut, **problems},
    summary="制图用的区域范围（已简化）",
)
def show_outlines(request: HttpRequest, wanted: Query[ShapesIn]) -> dict[str, Any]:
    county, actor = who(request)
    return outlines(county, actor, by=wanted.by, year=wanted.year, town=wanted.town, figures=wanted.figures)


@router.get(
    "/evaluation/categories",
    response={200: schemas.CategoriesOut, **problems},
    summary="各年度各宗地用地最多企业的评价档次或高耗低效清单状态",
)
def show_categories(request: HttpRequest, wanted: Query[CategoriesIn]) -> dict[str, Any]:
    county, actor = who(request)
    found = categories(county, actor, what=wanted.what, years=wanted.years, town=wanted.town)
    return {
        "what": found.what,
        "years": [asdict(basis) for basis in found.years],
        "classes": [{"key": key, "title": title} for key, title in found.titles.items()],
        "words": words_for(list(found.titles.values())),
        "rows": [asdict(row) for row in found.rows],
    }


@router.get(
    "/evaluation/plots/mosaic",
    response={200: schemas.MosaicOut, **problems},
    summary="各组各档次的企业和用地",
)
def show_mosaic(request: HttpRequest, wanted: Query[YearIn]) -> dict[str, Any]:
    county, actor = who(request)
    year = _year(county, wanted.year)
    found = plots.mosaic(county, actor, year)
    if found is None:
        return {"year": year, "scheme": "", "state": ""} | {
            name: [] for name in ("groups", "grades", "firms", "land_mu")
        }
    run, cross = found
    told = cross.as_json()
    return {
        "year": year,
        "scheme": run.scheme_version.scheme.name,
        "state": TITLES[state(run)],
        "words": words_for([TITLES[state(run)], told["rows"], told["columns"]]),
        "groups": told["rows"],
        "grades": told["columns"],
        "firms": told["firms"],
        "land_mu": told["sums"],
    }


@router.get(
    "/evaluation/plots/scatter", response={200: schemas.ScatterOut, **problems}, summary="企业的税收与用地"
)
def show_scatter(request: HttpRequest, wanted: Query[YearIn]) -> dict[str, Any]:
    county, actor = who(request)
    year = _year(county, wanted.year)
    found = plots.firms_of(county, actor, year)
    return {"year": year, "grades": found.grades, "firms": [asdict(firm) for firm in found.firms]}


@router.get(
    "/evaluation/plots/lorenz",
    response={200: schemas.LorenzOut, **problems},
    summary="税收与用地的洛伦兹曲线",
)
def show_lorenz(request: HttpRequest, wanted: Query[YearIn]) -> dict[str, Any]:
    county, actor = who(request)
    year = _year(county, wanted.year)
    found = plots.inequality(county, actor, year)
    return {
        "year": year,
        "firms": found.firms,
        "by_tenths": found.by_tenths,
        "curves": [_curve(name, curve) for name, curve in found.curves.items()],
    }


@router.get(
    "/evaluation/plots/histogram",
    response={200: schemas.HistogramOut, **problems},
    summary="企业指标的分布",
)
def show_histogram(request: HttpRequest, wanted: Query[IndicatorIn]) -> dict[str, Any]:
    county, actor = who(request)
    year = _year(county, wanted.year)
    found = plots.distribution(county, actor, year, wanted.indicator)
    bins = zip(
        found.histogram.lower.tolist(),
        found.histogram.upper.tolist(),
        found.histogram.firms.tolist(),
        strict=True,
    )
    return {
        "year": year,
        "indicator": wanted.indicator,
        "unit": indicator_of(wanted.indicator).unit,
        "firms": found.firms,
        "fewest": _fewest(county, (year,)),
        "bins": [
            {"lower": lower, "upper": upper if upper != float("inf") else None, "firms": firms}
            for lower, upper, firms in bins
        ],
        "quantiles": None
        if found.quantiles is None
        else [{"share": share, "value": value} for share, value in found.quantiles],
    }


@router.get("/evaluation/plots/ranking", response={200: schemas.RankingOut, **problems}, summary="镇街排名")
def show_ranking(request: HttpRequest, wanted: Query[IndicatorIn]) -> dict[str, Any]:
    county, actor = who(request)
    year = _year(county, wanted.year)
    found = plots.ranking(county, actor, year, wanted.indicator)
    return {
        "year": year,
        "indicator": wanted.indicator,
        "unit": indicator_of(wanted.indicator).unit,
        "fewest": _fewest(county, (year,)),
        "county": None if found.county is None else _cell(found.county),
        "places": [
            {"place": place, "code": row.code, "name": row.name, "cell": _cell(row.cells[0])}
            for place, row in found.places
        ],
    }


def who(request: HttpRequest) -> tuple[County, Actor]:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return current_county(actor.county_code), actor


def _year(county: County, asked: int | None) -> int:
    """The year asked for, else the newest computed; raises NotFound where there is none."""
    years = years_computed(county) if asked is None else [asked]
    if not years or runs_of(county, years[-1:]) == (None,):
        year = f"{asked} 年的" if asked else ""
        raise NotFound(f"{year}亩均指标尚未计算。", remedy="请选择其他年度，或由评价专管员先计算指标。")
    return years[-1]


def _fewest(county: County, years: tuple[int, ...]) -> int:
    return fewest_firms(county, last_day(max(years))) if years else 0


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    return None if cell is None else asdict(cell)


def _curve(name: str, curve: Lorenz) -> dict[str, Any]:
    return {
        "name": name,
        "gini": curve.gini,
        "base": curve.base.tolist(),
        "amount": curve.amount.tolist(),
    }
