"""`open_account` where nobody can type a password, and with one from the environment."""

import getpass
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from landgis.access.models import User
from landgis.counties.models import County

ASKED: dict[str, Any] = {"role": "leader", "name": "张三", "commit": True}


def nobody(_prompt: str = "") -> str:
    raise EOFError


def test_without_a_terminal_the_remedy_is_told(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANDGIS_NEW_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", nobody)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("open_account", "zhang3", county=county.code, stdout=out, **ASKED)
    assert ended.value.code
    assert "LANDGIS_NEW_PASSWORD" in out.getvalue()
    assert not User.objects.exists()


def test_the_environment_may_give_it(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDGIS_NEW_PASSWORD", "Xinshu-2026-liangshan")
    call_command("open_account", "zhang3", county=county.code, stdout=StringIO(), **ASKED)
    assert User.objects.get().check_password("Xinshu-2026-liangshan")
