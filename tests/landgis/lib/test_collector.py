"""The collector pauses for a block and comes back, also after an error."""

import gc

import pytest

from landgis.lib.collector import collector_paused


def test_the_collector_comes_back() -> None:
    assert gc.isenabled()
    with collector_paused(), collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()
