"""The parcels in force as a published collection: register, areas, and what evaluation and screening say of each.

Refuses a firm's figures to whoever lacks the right, and natural persons' names to recipients who aren't cleared.
"""

from landgis.access.rules import VIEW_FIRM_FIGURES
from layers.catalog.collection import Collection, Drawing, Join, Property
from parcels.cadastre.as_of import REGISTER

# The registered area is the authority; a parcel without one is counted by its planar area.
_AREA_M2 = "coalesce(p.registered_area_m2::float8, p.planar_area_m2)"
_AREA_MU = f"{_AREA_M2} * 15 / 10000"

# Gravest first: a parcel with several contract phases shows its gravest finding.
_GRAVITY = "ARRAY['idle_not_started', 'idle_stopped', 'overdue', 'underinvested', 'undetermined', 'clear']"

_NEWEST_RUN = """(SELECT r.id FROM evaluation_run r
      WHERE r.county_id = %(territory_county)s AND (%(year)s::int IS NULL OR r.year = %(year)s::int)
      ORDER BY r.year DESC, r.id DESC LIMIT 1)"""

_NEWEST_SCREENING = """(SELECT s.id FROM idle_land_screening s
      WHERE s.county_id = %(territory_county)s ORDER BY s.id DESC LIMIT 1)"""

_TAX_BOUNDS = """(SELECT array_agg(bound.value::float8 ORDER BY bound.place)
       FROM counties_parameter c, jsonb_array_elements_text(c.value) WITH ORDINALITY AS bound(value, place)
      WHERE c.county_id = %(territory_county)s AND c.key = 'map.tax_per_mu_classes'
        AND c.valid_from <= %(on)s AND (c.valid_to IS NULL OR c.valid_to >= %(on)s))"""

_MASKED_NAME = "CASE WHEN h.kind = 'natural_person' THEN left(h.name, 1) || '*' ELSE h.name END"

# Put in order once below the aggregates: an ORDER BY inside of them would sort every parcel's one or two names apart.
_HOLDERS = """string_agg(o.name, '、') AS names, string_agg(o.masked, '、') AS masked
       FROM (SELECT g.parcel_id, h.name, {masked} AS masked
               FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
              WHERE g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to > %(on)s){limit}
              ORDER BY g.parcel_id, g.share DESC, h.name) o""".replace("{masked}", _MASKED_NAME)

_JOINS = {
    "town": Join("LEFT JOIN counties_town t ON t.county_id = p.county_id AND t.code = p.town_code"),
    "holder": Join(
        bulk=f"""LEFT JOIN (SELECT o.parcel_id, {_HOLDERS.replace("{limit}", "")}
             GROUP BY o.parcel_id) held ON held.parcel_id = p.id""",
        few=f"LEFT JOIN LATERAL (SELECT {_HOLDERS.replace('{limit}', ' AND g.parcel_id = p.id')}) held ON true",
    ),
    "value": Join(
        f"""LEFT JOIN evaluation_value v
            ON v.run_id = {_NEWEST_RUN} AND v.scope = 'parcel' AND v.subject_code = p.code"""
    ),
    "finding": Join(
        bulk=f"""LEFT JOIN (SELECT f.parcel_id, min(array_position({_GRAVITY}, f.finding::text)) AS place
              FROM idle_land_finding f WHERE f.screening_id = {_NEWEST_SCREENING}
             GROUP BY f.parcel_id) found ON found.parcel_id = p.id""",
        few=f"""LEFT JOIN LATERAL (SELECT min(array_position({_GRAVITY}, f.finding::text)) AS place
              FROM idle_land_finding f
             WHERE f.parcel_id = p.id AND f.screening_id = {_NEWEST_SCREENING}) found ON true""",
    ),
}

_CODE = Property("code", "宗地代码", "p.code", "code", alias="宗地代码")
_TOWN = Property("town_code", "镇街代码", "p.town_code", "code", alias="镇街代码")
_LAND_CLASS = Property("land_class_code", "地类编码", "p.land_class_code", "code", alias="地类编码")
_FINDING = Property("finding", "疑似闲置结论", f"({_GRAVITY})[found.place]", join="finding", alias="疑似闲置")
_TAX = Property(
    "tax_per_mu",
    "亩均税收",
    "v.tax_per_mu",
    "number",
    unit="万元/亩",
    join="value",
    right=VIEW_FIRM_FIGURES,
    alias="亩均税收",
)

PARCELS = Collection(
    id="parcels",
    title="宗地",
    table="cadastre_parcel",
    past_table=REGISTER,
    alias="p",
    order="p.code, p.id",
    key="p.code",
    area_m2=_AREA_M2,
    town_limited=True,
    joins=_JOINS,
    properties=(
        _CODE,
        Property(
            "real_estate_unit_code", "不动产单元号", "p.real_estate_unit_code", "code", alias="不动产单元"
        ),
        Property(
            "holder",
            "权利人",
            "held.names",
            join="holder",
            masked_sql="held.masked",
            clearance="holder_name",
            alias="权利人",
        ),
        Property("location", "坐落", "p.location", alias="坐落"),
        _TOWN,
        Property("town_name", "所属镇街", "t.name", join="town", alias="所属镇街"),
        _LAND_CLASS,
        Property("tenure", "权利性质", "p.tenure", alias="权利性质"),
        Property("registered_on", "登记日期", "p.registered_on", "date", alias="登记日期"),
        Property(
            "registered_area_m2",
            "登记面积",
            "p.registered_area_m2::float8",
            "number",
            unit="平方米",
            alias="宗地面积",
        ),
        Property("planar_area_m2", "平面面积", "p.planar_area_m2", "number", unit="平方米", alias="平面面积"),
        Property(
            "ellipsoidal_area_m2",
            "椭球面积",
            "p.ellipsoidal_area_m2",
            "number",
            unit="平方米",
            alias="椭球面积",
        ),
        Property("area_mu", "面积", _AREA_MU, "number", unit="亩", alias="面积亩"),
        _TAX,
        _FINDING,
        Property("valid_from", "生效日期", "p.valid_from", "date", alias="生效日期"),
        Property("valid_to", "失效日期", "p.valid_to", "date", alias="失效日期"),
    ),
    drawing=Drawing(
        properties=(
            _CODE,
            _TOWN,
            Property("area_mu", "面积", _AREA_MU, "number", unit="亩", decimals=2),
            _LAND_CLASS,
            _FINDING,
            Property(
                "tax_class",
                "亩均税收分级",
                f"CASE WHEN v.tax_per_mu IS NULL THEN -1 ELSE coalesce(width_bucket(v.tax_per_mu, {_TAX_BOUNDS}), -1) END",
                "integer",
                join="value",
                right=VIEW_FIRM_FIGURES,
            ),
            _TAX,
        ),
        detail_zoom=13,
        groups=("tax_class", "finding", "land_class_code"),
    ),
)
