"""The credited ground of each ledger as published collections: what held ground on the day, with project and stage day.

Refuses ground whose credit was taken back by the day; a past day shows what was credited then.
"""

from layers.catalog.collection import Collection, Drawing, Join, Property
from parcels.campaigns.rules import LEDGERS

# A credit holds its ground from its day until the day of its reversal, and never changes in between.
_GROUND = """(SELECT c.id, c.county_id, c.town_code, c."on" AS valid_from, r."on" AS valid_to, c.area_m2, c.evidence,
        p.project_no, p.name, p.way, p.lead_unit, c.geom_4490, ST_Transform(c.geom_4490, 3857) AS geom_3857
   FROM campaigns_credit c
   JOIN campaigns_project p ON p.id = c.project_id
   LEFT JOIN campaigns_credit r ON r.reverses_id = c.id
  WHERE c.ledger = '{ledger}' AND c.reverses_id IS NULL)"""

_NO = Property("project_no", "项目编号", "g.project_no", "code", alias="项目编号")
_NAME = Property("name", "项目名称", "g.name", alias="项目名称")
_MU = Property("area_mu", "入账面积", "g.area_m2 * 15 / 10000", "number", unit="亩", alias="入账亩")
_WAY = Property("way", "方式", "g.way", alias="方式")
_ON = Property("credited_on", "入账日期", "g.valid_from", "date", alias="入账日期")


def _collection(ledger: str) -> Collection:
    return Collection(
        id=ledger,
        title=LEDGERS[ledger],
        table=_GROUND.format(ledger=ledger),
        alias="g",
        order="g.valid_from, g.id",
        key="g.project_no || '-' || g.id",
        area_m2="g.area_m2",
        town_limited=True,
        joins={
            "town": Join("LEFT JOIN counties_town t ON t.county_id = g.county_id AND t.code = g.town_code")
        },
        properties=(
            _NO,
            _NAME,
            _WAY,
            Property("town_code", "镇街代码", "g.town_code", "code", alias="镇街代码"),
            Property("town_name", "所属镇街", "t.name", join="town", alias="所属镇街"),
            _MU,
            Property(
                "ellipsoidal_area_m2", "椭球面积", "g.area_m2", "number", unit="平方米", alias="椭球面积"
            ),
            _ON,
            Property("lead_unit", "牵头单位", "g.lead_unit", alias="牵头单位"),
            Property("evidence", "佐证材料", "g.evidence", alias="佐证材料"),
        ),
        drawing=Drawing(properties=(_NO, _NAME, _MU, _WAY, _ON)),
    )


REMEDIATION, REVITALISATION = _collection("remediation"), _collection("revitalisation")
