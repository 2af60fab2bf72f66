"""Which properties of a collection somebody may see, and which of them masked.

Refuses by default: a property that needs a right is absent, not empty, so that nobody can tell or filter by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from landgis.access.models import Recipient
from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from layers.catalog.collection import Collection, Property


@dataclass(frozen=True, slots=True)
class Clearance:
    """`cleared` None: for the bureau's own use, nothing is masked; else only the named fields are given in full."""

    rights: frozenset[str]
    cleared: frozenset[str] | None

    def allows(self, item: Property) -> bool:
        if not item.right:
            return True
        return item.right in self.rights and (self.cleared is None or item.cleared_by in self.cleared)

    def expression(self, item: Property) -> str:
        """The property's SQL, masked where it has to be."""
        unmasked = self.cleared is None or item.cleared_by in self.cleared
        return item.sql if unmasked or not item.masked_sql else item.masked_sql


@dataclass(frozen=True, slots=True)
class Column:
    """A property as this person or recipient gets it."""

    property: Property
    sql: str


def clearance_of(actor: Actor, recipient: Recipient | None = None) -> Clearance:
    """What `actor` may see or, with a recipient, may hand over: both have to be cleared for a firm's figures.

    Somebody without the map (an agency's own account) is treated as a recipient cleared for nothing.
    """
    if recipient is not None:
        return Clearance(actor.rights, frozenset(recipient.fields))
    return Clearance(actor.rights, None if actor.may(VIEW_MAP) else frozenset())


def columns(collection: Collection, clearance: Clearance) -> tuple[Column, ...]:
    return seen(collection.properties, clearance)


def seen(properties: Iterable[Property], clearance: Clearance) -> tuple[Column, ...]:
    return tuple(Column(item, clearance.expression(item)) for item in properties if clearance.allows(item))
