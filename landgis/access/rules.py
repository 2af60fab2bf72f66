"""Roles and the rights that each brings: a table, read by everything that asks whether somebody may.

Refuses to know people or counties; a right that isn't in the table doesn't exist.
"""

from collections.abc import Iterable

VIEW_MAP = "view_map"
VIEW_FIRM_FIGURES = "view_firm_figures"
EDIT_CADASTRE = "edit_cadastre"
IMPORT_DATA = "import_data"
EXPORT_DATA = "export_data"
SCREEN_IDLE = "screen_idle"
REPORT_FACTS = "report_facts"
MANAGE_IDLE_CASES = "manage_idle_cases"
COMPUTE = "compute"
MANAGE_CAMPAIGNS = "manage_campaigns"
VIEW_DOCUMENTS = "view_documents"
ISSUE_DOCUMENTS = "issue_documents"
VIEW_PARAMETERS = "view_parameters"
VIEW_PLANS = "view_plans"
MANAGE_FIRM_PLANS = "manage_firm_plans"
MANAGE_EVALUATION = "manage_evaluation"
EDIT_LAND_USE = "edit_land_use"
CONFIRM_LAND_USE = "confirm_land_use"
VIEW_AUDIT = "view_audit"
MANAGE_USERS = "manage_users"
MANAGE_COUNTY = "manage_county"

# As a refusal names them.
RIGHT_TITLES: dict[str, str] = {
    VIEW_MAP: "查看地图和清单",
    VIEW_FIRM_FIGURES: "查看企业数据",
    EDIT_CADASTRE: "编辑宗地",
    IMPORT_DATA: "导入数据",
    EXPORT_DATA: "导出数据",
    SCREEN_IDLE: "闲置筛查",
    REPORT_FACTS: "填报现场情况",
    MANAGE_IDLE_CASES: "办理闲置土地案件",
    COMPUTE: "计算指标",
    MANAGE_CAMPAIGNS: "管理攻坚台账",
    VIEW_DOCUMENTS: "查看公文",
    ISSUE_DOCUMENTS: "制发公文",
    VIEW_PARAMETERS: "查看规则参数",
    VIEW_PLANS: "查看一企一策",
    MANAGE_FIRM_PLANS: "编制一企一策",
    MANAGE_EVALUATION: "管理年度评价",
    EDIT_LAND_USE: "维护企业用地",
    CONFIRM_LAND_USE: "确认企业用地",
    VIEW_AUDIT: "查看审计记录",
    MANAGE_USERS: "管理账号",
    MANAGE_COUNTY: "管理县域配置",
}

# product.md's users; the three administrators are kept apart (三员分立, GB/T 22239-2019).
RIGHTS: dict[str, frozenset[str]] = {
    "registrar": frozenset(
        {
            VIEW_MAP,
            EDIT_CADASTRE,
            IMPORT_DATA,
            EXPORT_DATA,
            SCREEN_IDLE,
            COMPUTE,
            MANAGE_CAMPAIGNS,
            VIEW_DOCUMENTS,
            VIEW_PARAMETERS,
            EDIT_LAND_USE,
        }
    ),
    "idle_land_officer": frozenset(
        {
            VIEW_MAP,
            IMPORT_DATA,
            EXPORT_DATA,
            SCREEN_IDLE,
            REPORT_FACTS,
            MANAGE_IDLE_CASES,
            VIEW_DOCUMENTS,
            ISSUE_DOCUMENTS,
            VIEW_PARAMETERS,
            VIEW_PLANS,
        }
    ),
    "evaluation_officer": frozenset(
        {
            VIEW_MAP,
            VIEW_FIRM_FIGURES,
            IMPORT_DATA,
            EXPORT_DATA,
            COMPUTE,
            MANAGE_CAMPAIGNS,
            VIEW_PARAMETERS,
            VIEW_PLANS,
            MANAGE_FIRM_PLANS,
            MANAGE_EVALUATION,
            EDIT_LAND_USE,
        }
    ),
    # A town reports what it sees on its own ground; what follows from it the bureau decides.
    "township_officer": frozenset(
        {
            VIEW_MAP,
            EXPORT_DATA,
            REPORT_FACTS,
            VIEW_DOCUMENTS,
            VIEW_PARAMETERS,
            VIEW_PLANS,
            EDIT_LAND_USE,
            CONFIRM_LAND_USE,
        }
    ),
    "leader": frozenset(
        {
            VIEW_MAP,
            VIEW_FIRM_FIGURES,
            VIEW_DOCUMENTS,
            VIEW_PARAMETERS,
            VIEW_PLANS,
        }
    ),
    "agency": frozenset(
        {
            EXPORT_DATA,
        }
    ),
    "system_admin": frozenset(
        {
            MANAGE_COUNTY,
            VIEW_PARAMETERS,
        }
    ),
    "security_admin": frozenset(
        {
            MANAGE_USERS,
        }
    ),
    "audit_admin": frozenset(
        {
            VIEW_AUDIT,
        }
    ),
    # The person at the server's console, who runs the commands and could read the database anyway.
    "operator": frozenset(
        {
            VIEW_MAP,
            VIEW_FIRM_FIGURES,
            EDIT_CADASTRE,
            IMPORT_DATA,
            EXPORT_DATA,
            SCREEN_IDLE,
            REPORT_FACTS,
            MANAGE_IDLE_CASES,
            COMPUTE,
            MANAGE_CAMPAIGNS,
            VIEW_DOCUMENTS,
            ISSUE_DOCUMENTS,
            MANAGE_COUNTY,
            VIEW_PARAMETERS,
            VIEW_PLANS,
            MANAGE_FIRM_PLANS,
            MANAGE_EVALUATION,
            EDIT_LAND_USE,
            CONFIRM_LAND_USE,
        }
    ),
}

TITLES: dict[str, str] = {
    "registrar": "不动产登记员",
    "idle_land_officer": "闲置土地专管员",
    "evaluation_officer": "亩均评价专管员",
    "township_officer": "镇街经办人",
    "leader": "分管领导",
    "agency": "协作部门",
    "system_admin": "系统管理员",
    "security_admin": "安全保密管理员",
    "audit_admin": "安全审计员",
    "operator": "运维操作员",
}


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """All rights that the roles bring together; an unknown role brings none."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
