"""The command `evaluate`: what it tells, what it writes, and what is wrong in words."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from landgis.counties.models import County
from parcels.schemes.models import SchemeVersion
from tests.parcels.grading.running import YEAR


def evaluate(county: County, *words: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("evaluate", *words, county=county.code, as_json=True, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


@pytest.mark.usefixtures("firms")
def test_the_command_tells_groups_and_grades_and_writes_only_when_told(county: County) -> None:
    said = evaluate(county, scheme="yiwu-2022", year=YEAR)
    assert (said["scheme"], said["year"]) == ("yiwu", YEAR)
    mine = next(group for group in said["groups"] if group["name"] == "规上·其他")
    assert mine["firms"] == sum(mine["grades"].values()) == 5
    assert mine["grades"] == {"A": 1, "B": 3, "C": 1, "D": 0}
    assert said["unknown_points"] == {"规上": 18, "规下": 18}
    assert said["committed"] is False
    assert not SchemeVersion.objects.exists()
    kept = evaluate(county, scheme="yiwu-2022", year=YEAR, commit=True)
    assert (kept["run"], kept["committed"]) == (1, True)
    assert kept["results_sha256"] == said["results_sha256"]
    assert SchemeVersion.objects.get().status == SchemeVersion.IN_FORCE
    again = evaluate(county, scheme="yiwu", year=YEAR, commit=True)
    assert (again["run"], again["unchanged"], again["committed"]) == (1, True, False)


@pytest.mark.parametrize(
    ("options", "code"),
    [({"scheme": "nothing"}, 2), ({"scheme": "huangyan-2022"}, 1), ({"scheme": "no.toml"}, 2),
        ({"scheme": "yiwu-2022", "year": 2024}, 1)],
)  # fmt: skip
@pytest.mark.usefixtures("firms")
def test_the_command_tells_what_is_wrong(county: County, options: dict[str, Any], code: int) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("evaluate", county=county.code, as_json=True, stdout=out, **({"year": YEAR} | options))
    assert stopped.value.code == code
    assert json.loads(out.getvalue())["error"]["remedy"]
