"""Every answer of a command under `--json` is one document with the keys that programs read, also when it refuses."""

import json
from typing import Any

import pytest
from django.core.management import ManagementUtility

from landgis.counties.models import County

KEYS = {"row", "code", "field", "message", "severity"}


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, dict[str, Any]]:
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", *words, "--json"]).execute()
    return ended.value.code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["import_parcels"], "file"),
        (["import_parcels", "a.shp", "--nonsense"], "--nonsense"),
        (["import_layer", "roads", "a.shp"], "roads"),
        (["screen_idle", "--on", "2025-02-30"], "2025-02-30"),
        (["check_deadlines", "--on", "soon"], "soon"),
        (["compute_indicators", "--year", "last"], "last"),
    ],
)
def test_words_that_are_not_understood_are_told_in_the_document(
    capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    code, document = refused(capsys, *words)
    assert code == 2
    (issue,) = document["issues"]
    assert set(issue) >= KEYS
    assert issue["code"] == "usage"
    assert named in issue["message"]


def test_a_day_is_asked_for_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        ManagementUtility(["manage.py", "screen_idle", "--on", "2025-02-30"]).execute()
    assert "请写作 2025-12-31" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (["import_parcels", "a.shp", "--county", "000000"], 2),
        (["screen_idle", "--on", "2025-12-31", "--out", "a.doc"], 2),
        (["compute_indicators", "--year", "1800"], 1),
    ],
)
def test_a_refusal_has_the_keys_of_every_issue(
    county: County, capsys: pytest.CaptureFixture[str], words: list[str], exit_code: int
) -> None:
    chosen = [] if "--county" in words else ["--county", county.code]
    code, document = refused(capsys, *words, *chosen)
    assert code == exit_code
    (issue,) = document["issues"]
    assert set(issue) >= KEYS
    assert (issue["row"], issue["severity"]) == (0, "error")
