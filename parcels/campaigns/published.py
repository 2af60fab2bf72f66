"""The credited ground of each ledger and the projects of both as published collections, as they stood on the day.

Refuses ground whose credit was taken back by the day; a past day shows what was credited then, at the stage of then.
A project is for each town that its ground lies in; a credit has a row for each town, and each is for its own.
"""

from layers.catalog.collection import Card, Collection, Drawing, Join, Property
from parcels.campaigns.rules import FINISHED, LEDGERS, STAGES
from parcels.campaigns.then import PAST_PROJECTS

# A credit holds its ground from its day until the day of its reversal, and never changes in between.
_GROUND = """(SELECT c.id, c.county_id, c.town_code, c."on" AS valid_from, r."on" AS valid_to, c.area_m2, c.evidence,
        c.project_id, c.ledger, p.project_no, p.name, p.way, p.lead_unit, c.geom_4490,
        ST_Transform(c.geom_4490, 3857) AS geom_3857
   FROM campaigns_credit c
   JOIN {projects} p ON p.id = c.project_id
   LEFT JOIN campaigns_credit r ON r.reverses_id = c.id
  WHERE c.ledger = '{ledger}' AND c.reverses_id IS NULL)"""

# A reversal is a step of its own, so what was reversed later than the day still counts on it.
_NEWEST = """LEFT JOIN LATERAL (
    SELECT s.stage, s."on" FROM campaigns_projectstep s
     WHERE s.project_id = {project} AND s."on" <= %(on)s AND s.reverses_id IS NULL
       AND NOT EXISTS (SELECT FROM campaigns_projectstep r WHERE r.reverses_id = s.id AND r."on" <= %(on)s)
     ORDER BY s.seq DESC LIMIT 1) step ON true"""
_CREDITED = """LEFT JOIN LATERAL (
    SELECT sum(c.area_m2) AS area_m2 FROM campaigns_credit c WHERE c.project_id = g.id AND c."on" <= %(on)s) credited ON true"""
_TOWN = Join("LEFT JOIN counties_town t ON t.county_id = g.county_id AND t.code = g.town_code")


def _stage_title() -> str:
    """Each ledger calls its stages its own way."""
    told = " ".join(
        f"WHEN g.ledger = '{ledger}' AND step.stage = '{stage.code}' THEN '{stage.title}'"
        for ledger, stages in STAGES.items()
        for stage in stages
    )
    return f"CASE {told} ELSE step.stage END"


_DONE = ", ".join(f"'{code}'" for code in sorted(FINISHED))
_NO = Property("project_no", "项目编号", "g.project_no", "code", alias="项目编号")
_NAME = Property("name", "项目名称", "g.name", alias="项目名称")
_MU = Property("area_mu", "入账面积", "g.area_m2 * 15 / 10000", "number", unit="亩", alias="入账亩")
_WAY = Property("way", "方式", "g.way", alias="方式")
_ON = Property("credited_on", "入账日期", "g.valid_from", "date", alias="入账日期")
_STAGE = Property("stage", "阶段代码", "step.stage", "code", join="step", alias="阶段代码")
_STAGE_TITLE = Property("stage_title", "所处阶段", _stage_title(), join="step", alias="所处阶段")
_TOWN_CODE = Property("town_code", "镇街代码", "g.town_code", "code", alias="镇街代码")
_TOWN_NAME = Property("town_name", "所属镇街", "t.name", join="town", alias="所属镇街")
_TOWN_NAMES = Property(
    "town_names",
    "所涉镇街",
    "(SELECT string_agg(o.name, '、' ORDER BY o.code) FROM counties_town o"
    " WHERE o.county_id = g.county_id AND o.code = ANY(g.town_codes))",
    alias="所涉镇街",
)
_LEAD = Property("lead_unit", "牵头单位", "g.lead_unit", alias="牵头单位")
_LEDGER = Property("ledger", "台账代码", "g.ledger", "code", alias="台账代码")
_LEDGER_TITLE = Property(
    "ledger_title",
    "台账",
    "CASE g.ledger " + " ".join(f"WHEN '{code}' THEN '{title}'" for code, title in LEDGERS.items()) + " END",
    alias="台账",
)
_PLANNED_MU = Property("area_mu", "项目面积", "g.area_m2 * 15 / 10000", "number", unit="亩", alias="项目亩")
_CREDITED_MU = Property(
    "credited_mu",
    "已入账面积",
    "coalesce(credited.area_m2, 0) * 15 / 10000",
    "number",
    unit="亩",
    join="credited",
    alias="已入账亩",
)
_DUE_ON = Property("due_on", "完成期限", "g.due_on", "date", alias="完成期限")
_PROGRESS = Property(
    "progress",
    "进度代码",
    f"CASE WHEN step.stage IN ({_DONE}) THEN 'done' WHEN g.due_on < %(on)s THEN 'overdue' ELSE 'open' END",
    "code",
    join="step",
    alias="进度代码",
)


def _collection(ledger: str) -> Collection:
    return Collection(
        id=ledger,
        title=LEDGERS[ledger],
        table=_GROUND.format(ledger=ledger, projects="campaigns_project"),
        past_table=_GROUND.format(ledger=ledger, projects=PAST_PROJECTS),
        alias="g",
        order="g.valid_from, g.id",
        key="g.project_no || '-' || g.id",
        area_m2="g.area_m2",
        town_limited=True,
        joins={"town": _TOWN, "step": Join(_NEWEST.format(project="g.project_id"))},
        properties=(
            _NO,
            _NAME,
            _WAY,
            _TOWN_CODE,
            _TOWN_NAME,
            _MU,
            Property(
                "ellipsoidal_area_m2", "椭球面积", "g.area_m2", "number", unit="平方米", alias="椭球面积"
            ),
            _ON,
            _STAGE,
            _STAGE_TITLE,
            _LEAD,
            Property("evidence", "佐证材料", "g.evidence", alias="佐证材料"),
        ),
        drawing=Drawing(properties=(_NO, _NAME, _MU, _WAY, _ON, _STAGE_TITLE)),
        card=Card(
            (
                "name",
                "project_no",
                "area_mu",
                "credited_on",
                "stage_title",
                "way",
                "town_name",
                "lead_unit",
                "evidence",
            ),
            page="project",
            page_id="g.project_id",
        ),
    )


REMEDIATION, REVITALISATION = _collection("remediation"), _collection("revitalisation")

PROJECTS = Collection(
    id="projects",
    title="攻坚项目",
    table="campaigns_project",
    past_table=PAST_PROJECTS,
    alias="g",
    order="g.project_no, g.id",
    key="g.project_no",
    area_m2="g.area_m2",
    town_limited=True,
    many_towns=True,
    joins={"town": _TOWN, "step": Join(_NEWEST.format(project="g.id")), "credited": Join(_CREDITED)},
    properties=(
        _NO,
        _NAME,
        _LEDGER,
        _LEDGER_TITLE,
        _WAY,
        _TOWN_CODE,
        _TOWN_NAME,
        _TOWN_NAMES,
        _PLANNED_MU,
        _CREDITED_MU,
        Property("ellipsoidal_area_m2", "椭球面积", "g.area_m2", "number", unit="平方米", alias="椭球面积"),
        _STAGE,
        _STAGE_TITLE,
        _PROGRESS,
        _DUE_ON,
        _LEAD,
        Property("opened_on", "立项日期", "g.valid_from", "date", alias="立项日期"),
    ),
    drawing=Drawing(properties=(_NO, _NAME, _LEDGER, _PLANNED_MU, _STAGE_TITLE, _PROGRESS)),
    card=Card(
        (
            "name",
            "project_no",
            "ledger_title",
            "stage_title",
            "area_mu",
            "credited_mu",
            "due_on",
            "way",
            "town_name",
            "town_names",
            "lead_unit",
            "opened_on",
        ),
        page="project",
        page_id="g.id",
    ),
)
