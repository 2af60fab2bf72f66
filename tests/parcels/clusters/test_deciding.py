"""What officers decide on clusters: adjusted, confirmed, dismissed, each with its author, and who may not."""

from datetime import date
from typing import Any

import pytest
import shapely
from django.db import connection

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.clusters.actions import adjust_cluster, confirm_cluster, dismiss_cluster, find_clusters
from parcels.clusters.models import Cluster
from tests import factories, factories_parcels

ON = date(2025, 6, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(county: County, cast: dict[str, Actor]) -> list[Cluster]:
    """Two clusters: A0 and A1 close together, B0 far away; C0 isn't inefficient."""
    for code, x in (("A0", 0), ("A1", 1.1), ("B0", 10), ("C0", 2.2)):
        factories.parcel(county, code, factories.box(x, 0, x + 1, 1))
    factories_parcels.taxes(county, 2024, {"A0": 1.0, "A1": 2.0, "B0": 3.0, "C0": 50.0})
    return again(county, cast)


def again(county: County, cast: dict[str, Actor]) -> list[Cluster]:
    find_clusters(
        county=county,
        actor=cast["evaluation_officer"],
        year=2024,
        on=ON,
        reason="查找",
        min_mu=1.0,
        commit=True,
    )
    return list(Cluster.objects.filter(valid_to=None).order_by("cluster_no"))


def decide(county: County, actor: Actor, cluster: Cluster, **given: Any) -> Cluster:
    values: dict[str, Any] = {
        "parcel_codes": cluster.parcel_codes, "boundary_4490": None, "reason": "现场核对", "on": ON, **given
    }  # fmt: skip
    return adjust_cluster(county=county, actor=actor, cluster_id=cluster.pk, **values)


def test_an_adjustment_works_every_figure_out_anew(
    county: County, cast: dict[str, Actor], found: list[Cluster]
) -> None:
    before = found[0].net_m2
    changed = decide(county, cast["registrar"], found[0], parcel_codes=["A0", " A1 ", "C0", ""])
    assert changed.parcel_codes == ["A0", "A1", "C0"]
    assert changed.net_m2 == pytest.approx(before * 1.5, rel=1e-3)
    assert changed.tax_per_mu == pytest.approx((1 + 2 + 50) / 3)
    assert AuditEvent.objects.filter(action="adjust_cluster", actor=cast["registrar"].username).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT parcel_codes FROM clusters_cluster_history WHERE id = %s", [changed.pk])
        assert cursor.fetchall() == [(["A0", "A1"],)]


def test_a_drawn_boundary_holds_all_parcels(
    county: County, cast: dict[str, Actor], found: list[Cluster]
) -> None:
    whole = shapely.box(120.0, 29.3, 120.0025, 29.3015)
    drawn = decide(county, cast["registrar"], found[0], boundary_4490=whole)
    assert drawn.boundary_drawn
    assert drawn.hull_m2 > drawn.ground_m2
    with pytest.raises(InputError, match="线外还有"):
        decide(county, cast["registrar"], found[0], boundary_4490=shapely.box(120.0, 29.3, 120.001, 29.3015))
    with pytest.raises(InputError, match="有效的面"):
        decide(county, cast["registrar"], found[0], boundary_4490=shapely.Point(120, 29.3))


def test_a_parcel_is_in_one_cluster_only(
    county: County, cast: dict[str, Actor], found: list[Cluster]
) -> None:
    with pytest.raises(Conflict, match="B0"):
        decide(county, cast["registrar"], found[0], parcel_codes=["A0", "B0"])
    with pytest.raises(InputError, match="ZZ"):
        decide(county, cast["registrar"], found[0], parcel_codes=["A0", "ZZ"])
    with pytest.raises(InputError, match="至少"):
        decide(county, cast["registrar"], found[0], parcel_codes=[" "])


def test_a_confirmed_cluster_outlives_the_next_finding(
    county: County, cast: dict[str, Actor], found: list[Cluster]
) -> None:
    confirmed = confirm_cluster(
        county=county,
        actor=cast["evaluation_officer"],
        cluster_id=found[0].pk,
        way="收储",
        on=ON,
        reason="同意",
    )
    after = again(county, cast)
    assert [c.parcel_codes for c in after] == [["A0", "A1"], ["B0"]]
    assert after[0].pk == confirmed.pk
    assert after[1].cluster_no != found[1].cluster_no  # a number is never given twice
    with pytest.raises(Conflict, match="已于"):
        confirm_cluster(
            county=county,
            actor=cast["evaluation_officer"],
            cluster_id=confirmed.pk,
            way="收储",
            on=ON,
            reason="再次",
        )
    with pytest.raises(NotFound):
        decide(county, cast["registrar"], found[1])
    dismiss_cluster(county=county, actor=cast["registrar"], cluster_id=confirmed.pk, on=ON, reason="不再成片")
    with pytest.raises(Conflict, match="已撤销"):
        decide(county, cast["registrar"], confirmed)
    assert [c.parcel_codes for c in again(county, cast)] == [["A0", "A1"], ["B0"]]


def test_a_way_that_is_none(county: County, cast: dict[str, Actor], found: list[Cluster]) -> None:
    with pytest.raises(InputError, match="盘活方式"):
        confirm_cluster(
            county=county, actor=cast["registrar"], cluster_id=found[0].pk, way="拆", on=ON, reason="同意"
        )


@pytest.mark.parametrize("role", ["township_officer", "agency", "idle_land_officer", "leader", "audit_admin"])
def test_who_may_not_decide(role: str, county: County, cast: dict[str, Actor], found: list[Cluster]) -> None:
    with pytest.raises(Forbidden):
        decide(county, cast[role], found[0])
    with pytest.raises(Forbidden):
        dismiss_cluster(county=county, actor=cast[role], cluster_id=found[0].pk, on=ON, reason="不")
