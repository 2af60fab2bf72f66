"""The README that lies beside the files: their origin, how they are written, every deliberate oddity.

It refuses numbers by hand: each count is taken from the data it describes.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import shapely

from demo.cases import edge_cases
from demo.county import M2_PER_MU
from demo.dirty import accepted_table, fault_table
from demo.model import REFERENCE_DAY
from demo.returns import YEARS, land_of_firms
from demo.story import Story

_TEMPLATE = Path(__file__).with_name("readme_template.md")


def describe(story: Story, seed: int) -> str:
    """The template with all counts and tables filled in."""
    faults = fault_table(story.dirty)[1:]
    odd = accepted_table(story.dirty)
    return _TEMPLATE.read_text(encoding="utf-8").format(
        name=story.county.name,
        code=story.county.code,
        seed=seed,
        day=REFERENCE_DAY.isoformat(),
        counts=_counts(story),
        area_off=_area_off(story),
        overfull=", ".join(story.overfull),
        findings=_findings(story),
        edge_cases=_edge_cases(story),
        rows=len(story.dirty),
        sound=len(story.dirty) - len(faults),
        odd=len(odd),
        faulty=len(faults),
        accepted="".join(f"- row {number}: {note}\n" for number, note in odd),
        codes=_codes(faults),
    )


def _counts(story: Story) -> str:
    parcels = np.array([parcel.shape_4528 for parcel in story.estate.parcels], dtype=object)
    areas_mu = shapely.area(parcels) / M2_PER_MU
    lines = np.array([line.shape_4528 for line in story.control_lines], dtype=object)
    vertices = shapely.get_num_coordinates(lines)
    parcel, line = shapely.STRtree(lines).query(parcels, predicate="intersects")
    inside = shapely.area(shapely.intersection(parcels[parcel], lines[line]))
    share = np.bincount(parcel, weights=inside, minlength=len(parcels)) / shapely.area(parcels)
    holed = sum(1 for part in shapely.get_parts(parcels) if part.interiors)
    multi = int((shapely.get_type_id(parcels) == 6).sum())
    above = sum(firm.above_scale for firm in story.firms)
    progress = sum(len(phase.progress) for contract in story.contracts for phase in contract.phases)
    phases = sum(len(contract.phases) for contract in story.contracts)
    size = (
        f"{len(parcels):,} parcels, {areas_mu.sum():,.0f} 亩 (median {np.median(areas_mu):.1f}, "
        f"mean {areas_mu.mean():.1f}, {areas_mu.min():.2f} to {areas_mu.max():.0f})"
    )
    shape = (
        f"{len(story.ground.zones)} zones, {holed} with holes, {multi} in two parts, "
        f"{shapely.get_num_coordinates(parcels).mean():.1f} vertices on average"
    )
    covered = (
        f"{np.mean(share > 0.999):.1%} of the parcels lie wholly inside, "
        f"{np.mean((share > 0.001) & (share <= 0.999)):.1%} partly, {np.mean(share <= 0.001):.1%} outside"
    )
    rows = [
        ("towns.shp", "乡镇街道", f"{len(story.ground.towns)} polygons that tile the county"),
        ("parcels.shp", "工业宗地", f"{size}, {shape}"),
        (
            "control_lines.shp",
            "工业用地控制线",
            f"{len(lines)} polygons ({vertices.min()} to {vertices.max()} vertices); {covered}",
        ),
        ("platforms.shp", "产业平台", _platforms(story, parcels)),
        (
            "enterprises.xlsx",
            "企业名录",
            f"{len(story.firms):,} firms, {above:,} of them 规上 ({above / len(story.firms):.0%})",
        ),
        (
            "occupancy.xlsx",
            "企业用地",
            f"{len(story.occupancies):,} rows: 自有, 租入, 未登记, by area or by share",
        ),
        ("annual_returns.xlsx", "年度指标", f"{len(story.returns):,} rows; {_economy(story)}"),
        ("firm_years.xlsx", "企业年度信息", _firm_years(story)),
        ("supply_contracts.xlsx", "供应合同", f"{len(story.contracts):,} contracts in {phases:,} rows"),
        ("progress.xlsx", "建设进度", f"{progress:,} reports"),
    ]
    return "".join(f"| `{file}` | {title} | {text} |\n" for file, title, text in rows)


def _platforms(story: Story, parcels: np.ndarray) -> str:
    areas = np.array([platform.shape_4528 for platform in story.platforms], dtype=object)
    parcel, area = shapely.STRtree(areas).query(parcels, predicate="intersects")
    inside = shapely.area(shapely.intersection(parcels[parcel], areas[area]))
    share = inside / shapely.area(parcels[parcel])
    towns = shapely.STRtree(story.ground.towns).query(areas, predicate="overlaps")[0]
    parks = sum(platform.kind == "小微企业园" for platform in story.platforms)
    return (
        f"{len(areas)} polygons, {parks} of them small parks (小微企业园) along parcels' boundaries; "
        f"{np.unique(towns).size} cross town borders, "
        f"{int(((share > 0.001) & (share < 0.999)).sum())} parcels lie partly inside one; none overlap"
    )


def _firm_years(story: Story) -> str:
    rows = story.firm_years
    kinds = (
        ("规上", sum(row.above_scale is not None for row in rows)),
        ("行业", sum(row.industry_code != "" for row in rows)),
        ("镇街", sum(row.town is not None for row in rows)),
    )
    told = ", ".join(f"{kind} {count}" for kind, count in kinds)
    return f"{len(rows)} rows of {len({row.firm for row in rows})} firms that were otherwise in a past year: {told}"


def _economy(story: Story) -> str:
    areas = [row.area_m2 or 0.0 for row in story.register]
    land_mu = land_of_firms(len(story.firms), story.occupancies, areas) / M2_PER_MU
    texts = []
    for year in YEARS:
        rows = [row for row in story.returns if row.year == year]
        tax = sum(row.tax_wan or 0 for row in rows) / float(land_mu.sum())
        added = sum(row.value_added_wan or 0 for row in rows) / float(land_mu.sum())
        texts.append(f"{year}: 亩均税收 {tax:.1f}, 亩均增加值 {added:.0f}")
    return f"万元 per 亩 of the land in use ({land_mu.sum():,.0f} 亩): " + "; ".join(texts)


def _area_off(story: Story) -> str:
    shape = {parcel.code: parcel.shape_4528 for parcel in story.estate.parcels}
    said = {row.code: row.area_m2 or 0.0 for row in story.register}
    return "".join(
        f"| {code} | {said[code]:.2f} | {shape[code].area:.2f} | {said[code] / shape[code].area - 1:+.2%} |\n"
        for code in story.area_off
    )


def _findings(story: Story) -> str:
    counted = Counter(phase.expected for contract in story.contracts for phase in contract.phases)
    return "".join(f"| {finding} | {count} |\n" for finding, count in sorted(counted.items()))


def _edge_cases(story: Story) -> str:
    numbered = {
        contract.remark: contract for contract in story.contracts if contract.remark.startswith("边界")
    }
    lines = []
    for case in edge_cases():
        contract = numbered[f"边界{case.number:02d}"]
        for phase in contract.phases:
            full = "" if phase.full_year_on is None else phase.full_year_on.isoformat()
            cells = [case.number, contract.contract_no, phase.number, contract.parcel_code, case.why]
            lines.append("| " + " | ".join(str(cell) for cell in [*cells, phase.expected, full]) + " |\n")
    return "".join(lines)


def _codes(faults: list[list[str]]) -> str:
    counted = Counter((fault[3], fault[4]) for fault in faults)
    return "".join(
        f"| {code} | {severity} | {count} |\n" for (code, severity), count in sorted(counted.items())
    )
