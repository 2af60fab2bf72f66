"""The list of triggers that looks new ones up refuses what pgtrigger's own does, and forgets what is deleted."""

from typing import Any

import pgtrigger
import pytest
from pgtrigger import registry

from landgis.counties.models import Town
from landgis.lib.triggers import look_up_triggers

TOWN: Any = Town
URI = "counties.Town:only_a_test"


def trigger(func: str = "RETURN NULL;") -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="only_a_test",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=func,
    )


def test_it_says_what_a_look_through_all_of_them_says() -> None:
    found = dict(registry._registry.items())
    assert len(found) > 100
    assert registry._registry.by_db_table == {
        (model._meta.db_table, one.name): one for model, one in found.values()
    }
    assert registry._registry.pg_function_names == {one.get_pgid(model) for model, one in found.values()}


def test_a_name_that_is_taken_is_refused_and_free_again_once_deleted() -> None:
    pgtrigger.registry.set(URI, model=TOWN, trigger=trigger())
    try:
        with pytest.raises(KeyError, match="already"):
            pgtrigger.registry.set(URI, model=TOWN, trigger=trigger("RETURN NEW;"))
    finally:
        pgtrigger.registry.delete(URI)
    assert ("counties_town", "only_a_test") not in registry._registry.by_db_table
    test_it_says_what_a_look_through_all_of_them_says()


def test_it_is_put_in_place_once() -> None:
    before = registry._registry
    look_up_triggers()
    assert registry._registry is before
