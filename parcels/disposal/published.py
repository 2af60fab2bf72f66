"""The cases of idle land as a published collection: the ground of each, and how far its disposal had come on the day.

Refuses natural persons' names and what the case says of its holder to recipients who aren't cleared. A case whose
contract has no parcel in the register is published without a shape.
"""

from collections.abc import Mapping

from landgis.access.rules import VIEW_MAP
from layers.catalog.collection import Card, Collection, Drawing, Join, Property
from parcels.disposal.stages import STAGES
from parcels.disposal.state import ANEW, REVERSAL, SERVICE
from parcels.disposal.wording import CHOICES
from parcels.supply.rules import ORGANISATION, SHORTEST_ORGANISATION

_DETAILS = "case_details"  # the word in a recipient's list that clears what a case says of its holder

_CASES = """(SELECT c.id, c.county_id, c.town_code, c.case_no, c.year, c.number, c.opened_on, c.officer, c.rule_version,
        c.opened_on AS valid_from, NULL::date AS valid_to, f.phase_no, k.contract_no, k.supervision_no, k.holder_name,
        k.location, k.area_m2 AS contract_area_m2, coalesce(p.code, k.parcel_code) AS parcel_code,
        coalesce(p.registered_area_m2::float8, p.planar_area_m2, k.area_m2::float8) AS area_m2, p.geom_4490, p.geom_3857
   FROM disposal_case c
   JOIN supply_phase f ON f.id = c.phase_id
   JOIN supply_contract k ON k.id = f.contract_id
   LEFT JOIN cadastre_parcel p ON p.id = coalesce(c.parcel_id, k.parcel_id))"""


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


# The same steps as `state.effective` leaves, of those until the day; what opened the case anew hides what came before.
_STEPS = f"""(SELECT s.seq, s.stage, s."on", s.facts, s.ground,
                max(s.seq) FILTER (WHERE s.stage IN ({_listed(ANEW)})) OVER () AS anew
           FROM disposal_step s
          WHERE s.case_id = i.id AND s."on" <= %(on)s AND s.stage <> '{REVERSAL}'
            AND NOT EXISTS (SELECT FROM disposal_step r WHERE r.reverses_id = s.id AND r."on" <= %(on)s))"""


def _last(stage: str, column: str) -> str:
    """The column of the last binding step of a stage."""
    return f"(array_agg({column} ORDER BY b.seq DESC) FILTER (WHERE {stage}))[1]"


_JOINS = {
    "town": Join("LEFT JOIN counties_town t ON t.county_id = i.county_id AND t.code = i.town_code"),
    "state": Join(
        f"""LEFT JOIN LATERAL (
            SELECT {_last(f"b.stage <> '{SERVICE}'", "b.stage")} AS stage,
                   {_last("b.stage = 'finding'", "b.facts")} AS finding,
                   {_last("b.stage = 'finding'", "b.ground")} AS ground,
                   {_last("b.stage = 'scheme'", "b.facts ->> 'mode'")} AS mode,
                   {_last("b.stage = 'closed'", 'b."on"')} AS closed_on
              FROM {_STEPS} b WHERE b.anew IS NULL OR b.seq >= b.anew) state ON true"""
    ),
}


def _titled(sql: str, titles: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN '{title}'" for code, title in titles.items())
    return f"CASE {sql} {cases} ELSE {sql} END"


_KNOWN = """EXISTS (SELECT FROM cadastre_holder h WHERE h.county_id = i.county_id AND h.name = {name} AND h.kind {kinds})"""
_NATURAL = _KNOWN.format(name="btrim(part)", kinds="= 'natural_person'")
_FIRM = _KNOWN.format(name="btrim(part)", kinds="IN ('enterprise', 'government')")
_WHOLE = _KNOWN.format(name="btrim(i.holder_name)", kinds="IN ('enterprise', 'government')") + (
    " AND NOT " + _KNOWN.format(name="btrim(i.holder_name)", kinds="= 'natural_person'")
)
_LONG = f"(length(btrim(part)) >= {SHORTEST_ORGANISATION} OR part ~ '^[ -~]+$')"
# As the public page masks: in full only where the name is certainly an organisation's.
_MASKED_HOLDER = f"""CASE WHEN {_WHOLE} THEN i.holder_name ELSE (
    SELECT string_agg(CASE WHEN NOT {_NATURAL} AND ({_FIRM} OR ({_LONG} AND btrim(part) ~* '{ORGANISATION}')) THEN part
                           ELSE regexp_replace(part, '([^/／[:space:]])[^/／[:space:]]*', '\\1*', 'g') END,
                      '、' ORDER BY place)
      FROM regexp_split_to_table(i.holder_name, '[、，,；;]+') WITH ORDINALITY AS joined(part, place)) END"""

_RESULT = "state.finding ->> 'result'"
_CAUSES = """(SELECT string_agg(cause.code, '、' ORDER BY cause.place)
     FROM jsonb_array_elements_text(state.finding -> 'causes') WITH ORDINALITY AS cause(code, place))"""
_SINCE = f"""CASE {_RESULT} WHEN 'idle_stopped' THEN (state.ground ->> 'stopped_since')::date
     WHEN 'idle_not_started' THEN (state.ground ->> 'agreed_start')::date END"""
_AREA_MU = "i.area_m2 * 15 / 10000"
_STAGES = {code: stage.title for code, stage in STAGES.items()}


def _detail(name: str, title: str, sql: str, alias: str, *, join: str = "state") -> Property:
    return Property(name, title, sql, join=join, right=VIEW_MAP, clearance=_DETAILS, alias=alias)


_CASE_NO = Property("case_no", "案号", "i.case_no", "code", alias="案号")
_STAGE = Property("stage", "阶段代码", "state.stage", join="state", alias="阶段代码")
_STAGE_TITLE = Property(
    "stage_title", "所处阶段", _titled("state.stage", _STAGES), join="state", alias="所处阶段"
)
_CLOSED = Property("closed_on", "销号日期", "state.closed_on", "date", join="state", alias="销号日期")
_AREA = Property("area_mu", "面积", _AREA_MU, "number", unit="亩", alias="面积亩")
_FOUND = _detail("result", "认定结论代码", _RESULT, "结论代码")

IDLE_CASES = Collection(
    id="idle-cases",
    title="闲置土地处置案件",
    table=_CASES,
    alias="i",
    order="i.year, i.number, i.id",
    key="i.case_no",
    area_m2="CASE WHEN i.geom_4490 IS NULL THEN 0 ELSE i.area_m2 END",
    town_limited=True,
    shapeless=True,
    joins=_JOINS,
    properties=(
        _CASE_NO,
        Property("parcel_code", "宗地代码", "i.parcel_code", "code", alias="宗地代码"),
        Property(
            "holder",
            "土地使用权人",
            "i.holder_name",
            masked_sql=_MASKED_HOLDER,
            clearance="holder_name",
            alias="使用权人",
        ),
        Property("location", "土地位置", "i.location", alias="土地位置"),
        Property("town_code", "镇街代码", "i.town_code", "code", alias="镇街代码"),
        Property("town_name", "所属镇街", "t.name", join="town", alias="所属镇街"),
        Property("phase_no", "期次", "i.phase_no", "integer", alias="期次"),
        Property("opened_on", "立案日期", "i.opened_on", "date", alias="立案日期"),
        _STAGE,
        _STAGE_TITLE,
        Property("idle_since", "闲置起算日期", _SINCE, "date", join="state", alias="闲置起算"),
        Property(
            "idle_days",
            "闲置天数",
            f"(coalesce(state.closed_on, %(on)s::date) - ({_SINCE}))",
            "integer",
            unit="天",
            join="state",
            alias="闲置天数",
        ),
        _CLOSED,
        Property("area_m2", "宗地面积", "i.area_m2", "number", unit="平方米", alias="宗地面积"),
        _AREA,
        _FOUND,
        _detail("result_title", "认定结论", _titled(_RESULT, CHOICES["result"]), "认定结论"),
        _detail("causes", "原因代码", _CAUSES, "原因代码"),
        _detail("mode", "处置方式代码", "state.mode", "方式代码"),
        _detail("mode_title", "处置方式", _titled("state.mode", CHOICES["mode"]), "处置方式"),
        _detail(
            "contract_no",
            "合同编号",
            "coalesce(nullif(i.contract_no, ''), i.supervision_no)",
            "合同编号",
            join="",
        ),
        _detail("officer", "专管员", "i.officer", "专管员", join=""),
        _detail("rule_version", "立案规则版本", "i.rule_version", "规则版本", join=""),
    ),
    drawing=Drawing(properties=(_CASE_NO, _STAGE, _STAGE_TITLE, _FOUND, _CLOSED, _AREA)),
    card=Card(
        (
            "case_no",
            "holder",
            "stage_title",
            "result_title",
            "mode_title",
            "area_mu",
            "idle_since",
            "idle_days",
            "location",
            "town_name",
            "officer",
            "opened_on",
            "closed_on",
        ),
        page="case",
        page_id="i.id",
    ),
)
