"""The collections by their public names.

Refuses two collections of one name, and names the known ones when an unknown is asked for.
"""

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
    try:
        return _collections[collection_id]
    except KeyError:
        known = "、".join(_collections)
        raise NotFound(f"没有名为“{collection_id}”的图层。", remedy=f"可用的图层有：{known}。") from None


def every() -> tuple[Collection, ...]:
    return tuple(_collections.values())
