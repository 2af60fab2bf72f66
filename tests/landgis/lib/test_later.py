"""Functions imported at their first call: every address is one, and goes down as any import does."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from landgis.lib.later import later
from tests.house.tree import texts

# From above to below, as in import-linter's contract.
HOUSE = ("parcels", "layers", "landgis.access", "landgis.counties", "landgis.audit", "landgis.lib")


def storey(address: str) -> int:
    return next(n for n, name in enumerate(HOUSE) if address.startswith(f"{name}."))


def postponed() -> Iterator[tuple[str, str]]:
    """Each module of ours that postpones an import, with the address."""
    for name, text in texts().items():
        if name.endswith(".py") and not name.startswith("tests/") and "landgis.lib.later import" in text:
            module = name.removesuffix(".py").replace("/", ".")
            for value in vars(import_module(module)).values():
                for one in value.values() if isinstance(value, dict) else [value]:
                    if getattr(one, "__module__", "") == later.__module__ and one is not later:
                        yield module, one.__qualname__


def test_the_function_is_called_with_what_it_is_given() -> None:
    assert later("math.hypot")(3, 4) == 5
    assert later("json.dumps")({"a": 1}, indent=None) == '{"a": 1}'


@pytest.mark.parametrize(
    ("address", "error"), [("parcels.nowhere.at_all", ModuleNotFoundError), ("math.nothing", AttributeError)]
)
def test_a_wrong_address_says_so_at_the_first_call(address: str, error: type[Exception]) -> None:
    stand_in = later(address)
    with pytest.raises(error):
        stand_in()


def test_every_address_of_ours_is_a_function_below() -> None:
    found = list(postponed())
    assert ("parcels.exchange.export", "layers.catalog.filters.cql2_condition") in found
    for module, address in found:
        home, _, name = address.rpartition(".")
        function: Any = getattr(import_module(home), name)
        assert callable(function)
        if not home.startswith(("landgis.", "layers.", "parcels.")):
            continue  # a library lies below all of it
        same_room = home.rpartition(".")[0] == module.rpartition(".")[0]
        assert same_room or storey(home) > storey(module), f"{module} reaches up to {address}"
