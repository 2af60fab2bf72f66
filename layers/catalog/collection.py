"""What one published collection is: its rows in SQL, its properties with Chinese title and unit, and how it is drawn.

Refuses to know who asks: a property only names the right it needs, `clearance.py` decides. The SQL texts here are
written by us, never taken from a request; a literal % in them is written %%.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "code", "number", "integer", "date"]
"""`code` is text that only looks like a number (0601): tables must keep its zeros."""

NUMERIC: frozenset[Kind] = frozenset({"number", "integer"})


@dataclass(frozen=True, slots=True)
class Property:
    """A property of every feature. `right` "" = public; `masked_sql` stands in where a recipient isn't cleared.

    `clearance` is the word in `Recipient.fields` that clears it; `alias` is its name in a DBF file (≤ 10 GBK bytes).
    """

    name: str
    title: str
    sql: str
    kind: Kind = "text"
    unit: str = ""
    decimals: int = 4
    join: str = ""
    right: str = ""
    masked_sql: str = ""
    clearance: str = ""
    alias: str = ""

    @property
    def heading(self) -> str:
        return f"{self.title}（{self.unit}）" if self.unit else self.title

    @property
    def cleared_by(self) -> str:
        return self.clearance or self.name


@dataclass(frozen=True, slots=True)
class Join:
    """Another table beside the rows: `bulk` reads it once for all rows, `few` looks it up for each of a handful."""

    bulk: str
    few: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How tiles show the collection.

    From `detail_zoom` on each feature stands alone with `properties`. Below, features are put together by `groups`
    (names of `properties`), where there are any; without groups the shapes are only simplified.
    """

    properties: tuple[Property, ...]
    detail_zoom: int = 0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What a click on one feature tells: `facts` are names of properties, the first is its title.

    `page` is the name of the address of its own page, `page_id` the SQL of that address's argument.
    """

    facts: tuple[str, ...]
    page: str
    page_id: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows of `table AS alias` with `county_id`, `town_code` (if `town_limited`), `valid_from`, `valid_to`, `id`.

    `many_towns`: the rows have `town_codes` too, and are for each of these towns; never with a drawing's groups.

    `past_table` stands in for a day that is over, where the table itself holds present states only: a relation of the
    same columns that knows the former states too. `shapeless`: a row may be without a shape, and is published with null.
    `card`: a feature can be asked for alone; its tiles then carry the `id` that it is asked for by.
    """

    id: str
    title: str
    table: str
    alias: str
    order: str
    key: str
    area_m2: str
    properties: tuple[Property, ...]
    drawing: Drawing
    joins: Mapping[str, Join] = field(default_factory=dict)
    town_limited: bool = False
    many_towns: bool = False
    past_table: str = ""
    shapeless: bool = False
    card: Card | None = None

    @property
    def geom_4490(self) -> str:
        return f"{self.alias}.geom_4490"

    @property
    def geom_3857(self) -> str:
        return f"{self.alias}.geom_3857"
