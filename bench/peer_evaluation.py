"""The evaluation as a data analyst would write it in pandas: the same benchmarks, scores, ranks and cuts.

Refuses to freeze, explain or check anything: a script does its arithmetic and prints the grades.
"""

import json
import sys
from typing import Any

import pandas as pd
from sqlalchemy import create_engine

POINTS = {"tax_per_mu": 35, "value_added_per_mu": 20, "value_added_per_tce": 17, "rd_share": 10}
SIDES = {
    "tax_per_mu": ("tax_wan", "land_mu"),
    "value_added_per_mu": ("value_added_wan", "land_mu"),
    "value_added_per_tce": ("value_added_wan", "energy_tce"),
    "rd_share": ("rd_wan", "revenue_wan"),
}
SHARES = {"A": 0.2, "B": 0.7, "C": 0.95, "D": 1.0}
INDUSTRIES = ("纺织服装", "日用品", "机械电子")


def main(url: str, year: int) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    firms = pd.read_sql("SELECT id, uscc, industry_group, above_scale FROM enterprises_enterprise", engine)
    used = pd.read_sql(
        """SELECT o.enterprise_id, coalesce(o.area_m2, o.share * coalesce(p.registered_area_m2, p.planar_area_m2))::float8 AS m2
             FROM enterprises_occupancy o JOIN cadastre_parcel p ON p.id = o.parcel_id
            WHERE o.valid_from <= %(on)s::date AND (o.valid_to IS NULL OR o.valid_to > %(on)s::date)""",
        engine, params={"on": f"{year}-12-31"},
    )  # fmt: skip
    figures = ", ".join(
        f"{name}::float8" for name in ("tax_wan", "value_added_wan", "energy_tce", "rd_wan", "revenue_wan")
    )
    returns = pd.read_sql(
        f"SELECT enterprise_id, {figures} FROM enterprises_annualreturn WHERE year = %(year)s",
        engine,
        params={"year": year},
    )
    land = used.groupby("enterprise_id").m2.sum() / (10000 / 15)
    data = returns.merge(firms, left_on="enterprise_id", right_on="id")
    data["land_mu"] = data.enterprise_id.map(land)
    data["group"] = data.above_scale.map({True: "规上", False: "规下"})
    data = data[(data.group == "规上") | ((data.group == "规下") & (data.land_mu.round(9) >= 3))].copy()
    data["industry"] = data.industry_group.where(data.industry_group.isin(INDUSTRIES), "其他")
    data["class"] = data.group + "·" + data.industry
    data["points"], data["full"] = 0.0, 0.0
    for code, (above, below) in SIDES.items():
        value = (data[above] / data[below]).where(data[below] > 0)
        known = data[value.notna()]
        sums = known.groupby("group")[[above, below]].sum()
        benchmark = data.group.map(sums[above] / sums[below])
        item = ((value / benchmark).clip(lower=0) * POINTS[code]).where(benchmark > 0)
        data["points"] += item.fillna(0)
        data["full"] += POINTS[code] * item.notna()
        if code == "tax_per_mu":
            data["scored"] = value.notna()
    data = data[data.scored].copy()
    data["score"] = (data.points * 100 / data.full + 1e-9).round(2)
    data["rank"] = data.groupby("class").score.rank(method="min", ascending=False)
    size = data.groupby("class").score.transform("size")
    data["grade"] = ""
    for grade, share in reversed(SHARES.items()):
        data.loc[data["rank"] <= (share * size + 0.5).astype(int), "grade"] = grade
    print(json.dumps({"groups": told(data)}, ensure_ascii=False))


def told(data: Any) -> list[dict[str, Any]]:
    counts = (
        data.groupby(["class", "grade"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=list(SHARES), fill_value=0)
    )
    return [
        {"name": name, "grades": {grade: int(row[grade]) for grade in SHARES}, "firms": int(row.sum())}
        for name, row in counts.iterrows()
    ]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
