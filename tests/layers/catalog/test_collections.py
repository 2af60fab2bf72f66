"""Every published collection keeps the promises that its readers rely on."""

import re

import pytest

from layers.catalog import registry
from layers.catalog.collection import Collection

COLLECTIONS = registry.every()


def test_the_collections_of_this_stage_are_published() -> None:
    assert {"parcels", "control-lines", "districts"} <= {collection.id for collection in COLLECTIONS}


def test_two_collections_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="parcels"):
        registry.register(registry.get("parcels"))


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.id)
def test_properties_are_snake_case_with_a_chinese_title(collection: Collection) -> None:
    for item in collection.properties:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", item.name)
        assert re.search(r"[\u4e00-\u9fff]", item.title)
        if item.kind == "number":
            assert item.unit
    names = [item.name for item in collection.properties]
    titles = [item.title for item in collection.properties]
    assert len(set(names)) == len(names)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.id)
def test_dbf_names_fit_into_ten_bytes_of_gbk_and_are_told_apart(collection: Collection) -> None:
    aliases = [item.alias for item in collection.properties]
    assert all(aliases)
    assert all(len(alias.encode("gbk")) <= 10 for alias in aliases)
    assert len(set(aliases)) == len(aliases)


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.id)
def test_what_tiles_group_by_is_among_what_they_show(collection: Collection) -> None:
    assert set(collection.drawing.groups) <= {item.name for item in collection.drawing.properties}


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.id)
def test_every_join_that_a_property_reads_exists(collection: Collection) -> None:
    for item in (*collection.properties, *collection.drawing.properties):
        assert not item.join or item.join in collection.joins
