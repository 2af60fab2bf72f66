"""The collections by their public names, from every application's `published.py`, looked up when first asked for.

Refuses two collections of one name, and names the known ones when an unknown is asked for.
"""

from functools import cache

from django.utils.module_loading import autodiscover_modules

from landgis.lib.errors import NotFound
from layers.catalog.collection import Collection

_collections: dict[str, Collection] = {}


def register(collection: Collection) -> Collection:
    """Publish `collection`; called by the rooms' `published.py`."""
    if collection.id in _collections:
        raise ValueError(f"two collections are called {collection.id}")
    _collections[collection.id] = collection
    return collection


def get(collection_id: str) -> Collection:
    known_now = _published()
    try:
        return known_now[collection_id]
    except KeyError:
        known = "、".join(known_now)
        raise NotFound(f"没有名为“{collection_id}”的图层。", remedy=f"可用的图层有：{known}。") from None


def every() -> tuple[Collection, ...]:
    return tuple(_published().values())


@cache
def _published() -> dict[str, Collection]:
    """A command that draws no layer never pays for them; two threads that ask at once import each module once."""
    autodiscover_modules("published")
    return _collections
