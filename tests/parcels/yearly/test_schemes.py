"""Schemes over HTTP: read, copied, edited in fields and as text, previewed, put in force on a document, withdrawn."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.schemes.actions import store_scheme
from parcels.schemes.models import SchemeVersion
from parcels.schemes.writing import toml_text
from parcels.yearly.editing import grids
from tests.factories import SignIn
from tests.parcels.cadastre.test_papers import photo
from tests.parcels.grading.making import shipped, simple_document
from tests.parcels.grading.running import DAY, YEAR, draft, in_force
from tests.parcels.yearly.test_runs import rows_of, text

PAGE = "/evaluation/schemes/"
OWN = f"{PAGE}simple/2/"


@pytest.fixture
def kept(county: County, officer: Actor) -> SchemeVersion:
    """A draft of the second version, beside the first in force."""
    in_force(county, officer)
    document = simple_document(version="2", years={"from": 2021})
    return store_scheme(county=county, actor=officer, document=document, reason="测试")


def edit(client: Client, row: SchemeVersion, verb: str, **stated: str) -> Any:
    row.refresh_from_db()
    shown = {
        one.name: one.value
        for grid in grids(row.definition, {})
        for _, entries in grid.rows
        for one in entries
    }
    sent = {"sha256": row.sha256, "reason": "调整", "against": "saved", "basis_of": f"year:{YEAR}", verb: "1"}
    return client.post(f"{PAGE}{row.scheme.code}/{row.version}/edit/", shown | sent | stated)


def test_a_scheme_tells_all_of_it_and_what_is_unknown(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    store_scheme(county=county, actor=officer, document=shipped("yiwu-2022"), reason="采用")
    client = signed_in("leader")
    page = text(client.get(f"{PAGE}yiwu/2022/"))
    for told in (
        "权重未知 18 分", "其余指标和权重未见公开文本", "亩均税收", "税收实际贡献 ÷ 用地面积", "不封顶", "整组平均（合计相除）",
        "不评分",
        "25%（名额四舍五入）", "规下，用地不少于 3 亩", "直接降为 D", "注册不满 2 年", "不得公示", "其余企业", "公开文件",
    ):  # fmt: skip
        assert told in page, told
    assert "修改草稿" not in page
    listed = text(client.get(PAGE))
    assert "义政发〔2023〕27号" in listed
    assert "黄岩" in listed, "what is shipped and not kept yet is offered"
    file = client.get(f"{PAGE}yiwu/2022/scheme.toml")
    assert tomllib.loads(file.content.decode()) == shipped("yiwu-2022")


@pytest.mark.usefixtures("firms")
def test_a_draft_is_previewed_then_saved(kept: SchemeVersion, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    stated = {"groups[1].cutoffs[1]": "0.4", "groups[1].cutoffs[2]": "0.2", "groups[1].cutoffs[3]": "0.4"}
    seen = edit(client, kept, "preview", **stated)
    assert seen.status_code == 200
    assert {one.uscc[-1]: one.grade_after for one in seen.context["found"].moved} == {"1": "好", "3": "差"}
    for told in ("档次变化的企业 2 家", "升档 1 家，降档 1 家", "企业1", "尚未保存", 'value="0.4"'):
        assert told in text(seen), told
    sheet = rows_of(edit(client, kept, "xlsx", **stated), 1)
    assert [row[9 - 1] for row in sheet[3:5]] == ["好", "差"]
    kept.refresh_from_db()
    assert kept.definition["groups"][0]["cutoffs"]["shares"]["好"] == 0.2
    assert edit(client, kept, "save", **stated).status_code == 302
    kept.refresh_from_db()
    assert kept.definition["groups"][0]["cutoffs"]["shares"] == {"好": 0.4, "中": 0.2, "差": 0.4}
    assert AuditEvent.objects.filter(action="store_scheme", reason="调整").exists()


def test_all_faults_are_told_at_once_and_nothing_is_saved(kept: SchemeVersion, signed_in: SignIn) -> None:
    client, before = signed_in("evaluation_officer"), kept.sha256
    stated = {
        "groups[1].weights.tax_per_mu.points": "百",
        "groups[1].cutoffs[1]": "0.9",
        "indicators[1].cap": "-1",
    }
    page = text(refused := edit(client, kept, "save", **stated))
    assert refused.status_code == 422
    for told in (
        "全部：权重 · tax_per_mu · 权重：应为数字",
        "全部：分档界限：各档占比之和为",
        "封顶倍数：-1 超出范围",
        'value="百"',
    ):
        assert told in page, told
    kept.refresh_from_db()
    assert kept.sha256 == before
    assert "请填写修改原因" in text(edit(client, kept, "save", reason=""))
    outdated = edit(client, kept, "save", sha256="0" * 64)
    assert (outdated.status_code, "已由他人修改" in text(outdated)) == (412, True)
    assert edit(client, kept, "preview", basis_of="x", against="saved").status_code == 422
    assert edit(client, kept, "preview", against="77").status_code == 422


def test_the_whole_text_is_edited_and_a_new_scheme_entered(kept: SchemeVersion, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    assert "[[groups]]" in text(client.get(f"{OWN}edit/?as=toml"))
    sent = {"sha256": kept.sha256, "reason": "改全文", "save": "1"}

    def post(document: dict[str, Any] | str) -> Any:
        written = document if isinstance(document, str) else toml_text(document)
        return client.post(f"{OWN}edit/?as=toml", sent | {"toml": written.replace("\n", "\r\n")})

    broken = post("grades = [")
    assert (broken.status_code, "不是有效的 TOML" in text(broken)) == (422, True)
    assert "没有这个项目，请检查拼写" in text(post(kept.definition | {"grade": 1}))
    assert "另存为新版本" in text(post(kept.definition | {"version": "3"}))
    assert post(kept.definition | {"note": "说明"}).status_code == 302
    kept.refresh_from_db()
    assert kept.definition["note"] == "说明"

    begun = text(client.get(f"{PAGE}new/", {"shipped": "yiwu-2022"}))
    assert "义政发" in begun
    written = {"toml": toml_text(shipped("yiwu-2022")), "reason": "采用"}
    assert client.post(f"{PAGE}new/", written)["Location"] == f"{PAGE}yiwu/2022/"
    assert client.post(f"{PAGE}new/", written).status_code == 409
    assert client.post(f"{PAGE}new/", {"toml": "x = 1", "reason": "r"}).status_code == 422
    assert client.get(f"{PAGE}new/", {"shipped": "no"}).status_code == 404


def test_in_force_on_a_document_then_fixed_copied_and_withdrawn(
    kept: SchemeVersion, signed_in: SignIn
) -> None:
    client = signed_in("evaluation_officer")
    told = {"on": str(DAY), "reason": "常务会议通过"}
    assert "没有收到文件" in text(client.post(f"{OWN}in-force", told))
    assert (
        client.post(f"{OWN}in-force", told | {"file": SimpleUploadedFile("a.exe", b"MZ")}).status_code == 422
    )
    ahead = told | {"on": "2199-01-01", "file": SimpleUploadedFile("文件.jpg", photo())}
    assert "还没有到" in text(client.post(f"{OWN}in-force", ahead))
    sent = told | {"file": SimpleUploadedFile("义政发文件.jpg", photo())}
    assert client.post(f"{OWN}in-force", sent).status_code == 302
    kept.refresh_from_db()
    assert (kept.status, kept.in_force_by, kept.in_force_reason) == (
        "in_force",
        "evaluation_officer",
        "常务会议通过",
    )
    page = text(client.get(OWN))
    assert "义政发文件.jpg" in page
    assert client.get(f"{PAGE}papers/{kept.paper_id}").content[:3] == b"\xff\xd8\xff"
    assert client.get(f"{OWN}edit/").status_code == 409

    copied = {"version": "3", "year_from": 2027, "basis": "新文件", "reason": "新年度"}
    assert client.post(f"{OWN}copy", copied | {"version": "三 号"}).status_code == 422
    assert client.post(f"{OWN}copy", copied)["Location"] == f"{PAGE}simple/3/edit/"
    assert client.post(f"{OWN}copy", copied).status_code == 409
    made = SchemeVersion.objects.get(version="3")
    assert (made.status, made.year_from, made.basis) == ("draft", 2027, "新文件")
    assert client.post(f"{OWN}withdraw", {"reason": "有新版"}).status_code == 302
    assert client.post(f"{OWN}withdraw", {"reason": "再次"}).status_code == 409


def test_nobody_else_changes_a_scheme(kept: SchemeVersion, signed_in: SignIn) -> None:
    for role in ("registrar", "leader", "township_officer", "agency", "system_admin"):
        client = signed_in(role)
        for address in (f"{OWN}copy", f"{OWN}in-force", f"{OWN}withdraw", f"{OWN}edit/", f"{PAGE}new/"):
            assert client.post(address, {}).status_code == 403, (role, address)
    kept.refresh_from_db()
    assert kept.status == "draft"


@pytest.mark.usefixtures("firms")
def test_frozen_inputs_come_first_in_the_preview(
    county: County, officer: Actor, kept: SchemeVersion, signed_in: SignIn
) -> None:
    run = draft(county, officer)
    page = text(signed_in("evaluation_officer").get(f"{OWN}edit/"))
    frozen, live = page.index(f'value="run:{run.pk}"'), page.index(f'value="year:{YEAR}"')
    assert frozen < live
    assert kept.status == "draft"
