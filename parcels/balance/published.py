"""The ground of the control line's adjustments as a published collection: what leaves and what comes in, by the step of the day.

Refuses an adjustment that was withdrawn or reversed by the day. The line is announced to the public, and so are these.
"""

from layers.catalog.collection import Card, Collection, Drawing, Join, Property
from parcels.balance.steps import CLOSED, ENTRY, STEPS

_PIECES_EACH = 100_000  # room for the pieces of one adjustment: their ids stay apart
_CLOSED = ", ".join(f"'{step}'" for step in sorted(CLOSED))

_GROUND = f"""(SELECT piece.*, a.county_id, a.adjustment_no, a.title, a.purpose, a.planned_on,
        coalesce(run.first_on, a.planned_on) AS valid_from, run.closed_on AS valid_to,
        ST_Transform(piece.geom_4490, 3857) AS geom_3857
   FROM (SELECT o.id * {_PIECES_EACH}::bigint AS id, o.id AS adjustment_id, 'out' AS side, '' AS name, '' AS level,
                o.out_m2 AS area_m2, o.out_geom_4490 AS geom_4490
           FROM balance_adjustment o WHERE o.out_geom_4490 IS NOT NULL
          UNION ALL
         SELECT i.adjustment_id * {_PIECES_EACH}::bigint + i.number, i.adjustment_id, 'in', i.name, i.level,
                i.area_m2, i.geom_4490
           FROM balance_inclusion i) piece
   JOIN balance_adjustment a ON a.id = piece.adjustment_id
   LEFT JOIN LATERAL (SELECT min(s."on") AS first_on, min(s."on") FILTER (WHERE s.step IN ({_CLOSED})) AS closed_on
                        FROM balance_step s WHERE s.adjustment_id = a.id) run ON true)"""

_STEP = Join("""LEFT JOIN LATERAL (
    SELECT s.step, s."on" FROM balance_step s WHERE s.adjustment_id = j.adjustment_id AND s."on" <= %(on)s
     ORDER BY s.id DESC LIMIT 1) step ON true""")

_STEP_TITLES = " ".join(f"WHEN '{code}' THEN '{title}'" for code, title in STEPS.items())
_NO = Property("adjustment_no", "调整编号", "j.adjustment_no", "code", alias="调整编号")
_TITLE = Property("title", "调整名称", "j.title", alias="调整名称")
_SIDE = Property("side", "调整方向代码", "j.side", "code", alias="方向代码")
_SIDE_TITLE = Property(
    "side_title", "调整方向", "CASE j.side WHEN 'out' THEN '调出' ELSE '调入' END", alias="调整方向"
)
_MU = Property("area_mu", "面积", "j.area_m2 * 15 / 10000", "number", unit="亩", alias="面积亩")
_STATE = Property(
    "state",
    "办理状态代码",
    f"CASE WHEN step.step = '{ENTRY}' THEN 'entered' ELSE 'under_way' END",
    "code",
    join="step",
    alias="状态代码",
)
_STEP_TITLE = Property(
    "step_title",
    "办理步骤",
    f"CASE step.step {_STEP_TITLES} ELSE step.step END",
    join="step",
    alias="办理步骤",
)

ADJUSTMENTS = Collection(
    id="line-adjustments",
    title="控制线调整",
    table=_GROUND,
    alias="j",
    order="j.adjustment_no, j.id",
    key="j.adjustment_no || '-' || j.id",
    area_m2="j.area_m2",
    joins={"step": _STEP},
    properties=(
        _NO,
        _TITLE,
        _SIDE,
        _SIDE_TITLE,
        Property("name", "地块名称", "j.name", alias="地块名称"),
        Property("level", "级别", "j.level", alias="级别"),
        _MU,
        Property("ellipsoidal_area_m2", "椭球面积", "j.area_m2", "number", unit="平方米", alias="椭球面积"),
        _STATE,
        _STEP_TITLE,
        Property("step_on", "步骤日期", 'step."on"', "date", join="step", alias="步骤日期"),
        Property("planned_on", "拟调整日期", "j.planned_on", "date", alias="拟调日期"),
        Property("applied_on", "申请日期", "j.valid_from", "date", alias="申请日期"),
    ),
    drawing=Drawing(properties=(_NO, _TITLE, _SIDE, _MU, _STATE)),
    card=Card(
        (
            "title",
            "adjustment_no",
            "side_title",
            "name",
            "area_mu",
            "level",
            "step_title",
            "step_on",
            "planned_on",
            "applied_on",
        ),
        page="adjustment",
        page_id="j.adjustment_id",
    ),
)
