"""How files read: short, opening with what they are for, without notes to self or tests switched off."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, relative, texts

LONGEST = 400
ROOMS = [path for base in ("parcels", "layers") for path in sorted((ROOT / base).iterdir()) if path.is_dir()]
NOT_ROOMS = {"__pycache__", "management", "migrations", "templates", "static", "locale"}

# Every room is built alike, so that a reader of one knows all. Toolboxes have no such plan.
FLOOR_PLAN = {"views", "forms", "actions", "queries", "models", "rules", "published", "urls", "api"}
TOOLBOXES = {"layers/catalog", "layers/geometry", "layers/tiles", "parcels/exchange"}
# What a room holds beside the plan, each a subject that its rules or queries would be too long with.
OWN_SUBJECTS = {
    "parcels/ancillary": {"pool_actions"},
    "parcels/area_sheets": {"grades", "ground", "paper", "tables", "workbook"},
    "parcels/atlas": {"categories", "pages", "plots", "schemas", "shapes", "workbook"},
    "parcels/balance": {
        "adjustment_views",
        "candidates",
        "corners",
        "drawing",
        "findings",
        "ledger",
        "listing",
        "proofs",
        "register",
        "steps",
        "workbook",
    },
    "parcels/bulk_issue": {"files"},
    "parcels/cadastre": {
        "as_of",
        "attachments",
        "attribute_actions",
        "codes",
        "components",
        "event_actions",
        "event_rows",
        "holding_actions",
        "lineage",
        "lineage_models",
        "numbering",
        "papers",
        "parcel_rows",
        "reversal",
        "sketching",
        "standing",
        "thumbnails",
        "transitions",
    },
    "parcels/campaigns": {
        "claims",
        "count_actions",
        "credit_actions",
        "ground",
        "placing",
        "plan_actions",
        "plan_rules",
        "project_actions",
        "target_actions",
        "targets",
        "then",
    },
    "parcels/clusters": {"grouping", "listing", "map_views", "picking", "rows"},
    "parcels/disposal": {
        "case_list",
        "case_page",
        "case_views",
        "case_workbook",
        "clocks",
        "deadline_views",
        "deadlines",
        "feed_sources",
        "feeds",
        "needs",
        "paper_facts",
        "paper_views",
        "papers",
        "procedure",
        "receipts",
        "replay_views",
        "replay_workbook",
        "replaying",
        "service_views",
        "services",
        "stage",
        "stages",
        "stages_closing",
        "stages_decision",
        "stages_finding",
        "standing",
        "state",
        "stating",
        "terms",
        "wording",
    },
    "parcels/disposal_lists": {"files", "period"},
    "parcels/documents": {
        "bundle",
        "facts",
        "frozen",
        "kinds",
        "map_picture",
        "money",
        "numbering",
        "packing",
        "pdf",
        "rendering",
        "templating",
        "uploads",
        "vocabulary",
    },
    "parcels/editing": {
        "answers",
        "attributes",
        "bulk",
        "change_sets",
        "code_list_views",
        "code_lists",
        "conflicts",
        "exact",
        "facts",
        "file_views",
        "geometry_input",
        "measuring",
        "operations",
        "outcome",
        "pieces",
        "presence",
        "schemas",
        "surroundings",
        "workbench",
    },
    "parcels/enterprises": {"carrying", "industry", "year_actions", "years"},
    "parcels/evaluation": {"apportion", "land", "polygon", "results", "secrecy", "told"},
    "parcels/fees": {"files", "matching", "reading"},
    "parcels/field_reports": {
        "accepting",
        "answer_views",
        "files",
        "ground",
        "handed_in",
        "photo_facts",
        "sketch",
    },
    "parcels/firm_desk": {
        "answers",
        "confirm_views",
        "drawing",
        "drawn_use",
        "drawn_views",
        "energy_views",
        "land_views",
        "parcel_views",
        "return_views",
        "workbooks",
    },
    "parcels/grading": {
        "claims",
        "correcting",
        "corrections",
        "differing",
        "fact_actions",
        "facts",
        "finals",
        "freezing",
        "frozen",
        "objection_actions",
        "population",
        "ranking",
        "readiness",
        "results",
        "scoring",
        "tables",
        "upward",
    },
    "parcels/idle_land": {
        "causes",
        "evidence",
        "evidence_queries",
        "explain",
        "facts",
        "listing",
        "routes",
        "touched",
        "wording",
        "workbook",
    },
    "parcels/land_use": {"checks", "confirming", "land"},
    "parcels/ledgers": {
        "drawing_views",
        "edit_views",
        "ground_input",
        "horizon",
        "horizon_areas",
        "horizon_views",
        "horizon_workbook",
        "overview",
        "plan_forms",
        "plan_views",
        "plan_workbook",
        "project_views",
        "supply_share",
        "target_views",
        "workbook",
    },
    "parcels/low_efficiency": {
        "agreement",
        "bulletin",
        "candidates",
        "deadlines",
        "due_views",
        "energy",
        "file_views",
        "procedure",
        "tags",
        "weekly_views",
        "weeks",
        "workbooks",
    },
    "parcels/milestones": {"listing"},
    "parcels/notices": {"context", "files", "receivers"},
    "parcels/parameters": {"otherwise", "what_if_urls", "what_if_views", "workbooks"},
    "parcels/phases": {"listing", "phase_page", "phase_views", "wording"},
    "parcels/plans": {"deadlines", "papers", "plan_page", "plan_views", "subjects", "tags", "workbook"},
    "parcels/policies": {"list_views", "lists"},
    "parcels/reports": {
        "files",
        "firms",
        "frame",
        "framing",
        "gathering",
        "links",
        "papers",
        "tags",
        "wording",
    },
    "parcels/schemes": {"definition", "pages", "reading", "writing"},
    "parcels/states": {"listing", "selection"},
    "parcels/supply": {
        "carrying",
        "contract_actions",
        "contract_matching",
        "contract_rules",
        "developed",
        "fact_actions",
        "fact_deliveries",
        "fact_models",
        "fact_papers",
        "indicators",
        "phase_book",
        "progress_actions",
    },
    "parcels/tasks": {"calendar", "reading", "tags", "workbook"},
    "parcels/workspace": {
        "bulk_views",
        "detail",
        "filters",
        "history",
        "history_views",
        "listing",
        "overlay_views",
        "page",
        "schemas",
    },
    "parcels/yearly": {
        "area_tables",
        "asking",
        "editing",
        "editor_views",
        "fact_views",
        "firm_page",
        "firm_views",
        "firm_year_views",
        "grade_mix",
        "objection_effects",
        "objection_forms",
        "objection_views",
        "open_views",
        "preview",
        "restructuring",
        "scheme_page",
        "scheme_views",
        "table_views",
        "wording",
        "workbooks",
    },
}


def of_ours(*suffixes: str) -> list[Path]:
    return [path for path in files(*suffixes) if "migrations" not in path.parts]


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    too_long = {
        relative(path): count
        for path in of_ours(".py", ".ts", ".tsx", ".css", ".sh")
        if (count := len(path.read_text().splitlines())) > LONGEST
    }
    assert not too_long


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = []
    for path in of_ours(".py"):
        module = ast.parse(path.read_text())
        docstring = ast.get_docstring(module)
        empty_is_fine = path.name == "__init__.py" and not module.body and "tests" in path.parts
        if not empty_is_fine and not (docstring and docstring.splitlines()[0].strip()):
            silent.append(relative(path))
    assert not silent


def test_every_front_end_module_opens_with_what_it_is_for() -> None:
    silent = [relative(path) for path in of_ours(".ts") if not re.match(r"//|/\*", path.read_text().lstrip())]
    assert not silent


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b",
        r"pytest\.mark\.(skip|skipif|xfail)|pytest\.(skip|xfail|importorskip)\(",
        r"\b(it|test|describe)\.(skip|only|todo)\(",
        r"\|\| *tr" r"ue\b",
        r"# *type: *ignore(?!\[)|# *noqa(?!:)",
    ],
)
def test_nothing_is_put_off_or_switched_off(forbidden: str) -> None:
    code = {
        name: text for name, text in texts().items() if re.search(r"\.(py|ts|sh|toml)$|^script/|^\.ci/", name)
    }
    found = {name: match[0] for name, text in code.items() if (match := re.search(forbidden, text))}
    found.pop("tests/house/test_layout.py", None)
    assert not found


def test_rooms_follow_the_floor_plan() -> None:
    found = {}
    for room in ROOMS:
        name = relative(room)
        if room.name not in NOT_ROOMS and name not in TOOLBOXES:
            found[name] = {path.stem for path in room.glob("*.py")} - FLOOR_PLAN - {"__init__"}
    assert {name: extra for name, extra in found.items() if extra} == OWN_SUBJECTS
