"""script/server at its edges: a database that can't be used, and a terminal's Ctrl-C.

Refuses to install anything: a checkout with a stand-in for the web server does.
"""

import os
from pathlib import Path

import pytest

from script.lib import server
from script.lib.checkout import Checkout, SetupError
from tests.house.tree import ROOT


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://nobody@127.0.0.1:1/landgis", "Connection refused"),
        ("postgis://nobody@127.0.0.1:1/landgis", "Connection refused"),
        ("mysql://somewhere/landgis", "connection info string"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_words(address: str, reason: str) -> None:
    with pytest.raises(SetupError, match=reason) as refused:
        server._refuse_unreachable(Checkout(ROOT), {**os.environ, "DATABASE_URL": address})
    assert "Traceback" not in str(refused.value)
    assert "check its host, port, name, user and password" in str(refused.value)


def test_the_web_server_is_told_once_to_stop_by_ctrl_c(tmp_path: Path) -> None:
    """A terminal signals its whole group: the web server stands outside it and is stopped by script/server alone."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    stand_in = programs / "granian"
    stand_in.write_text("#!/bin/sh\nps -o pgid= -p $$ > group\nexit 3\n")
    stand_in.chmod(0o755)
    with pytest.raises(SetupError, match="did not answer"):
        server._serve(Checkout(tmp_path), dict(os.environ), 1)
    assert int((tmp_path / "group").read_text()) != os.getpgrp()
