"""The names that tables of the rules hold in Chinese and pages show: what the English catalogue has to have.

Refuses to guess what a page shows: every table of the rules counts but those of which it is said here why they don't.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from landgis.counties.catalogue import described, known_keys
from landgis.counties.profile import national_parameters
from landgis.lib.sheets import Column
from layers.catalog.collection import Collection, Property
from parcels.cadastre.codes import land_classes
from parcels.documents.vocabulary import FACTS
from parcels.management.said import SAID
from parcels.management.sentences import SENTENCES

PACKAGES = ("landgis", "layers", "parcels")
HAN = re.compile("[\u4e00-\u9fff]")
# The fields of a table's row that are names; law, reasons and remedies stay in the language of the law.
FIELDS = ("title", "label", "unit", "meaning")
# Columns of workbooks and layers, which are handed on in Chinese.
HANDED_ON = (type, Column, Collection, Property)
# Tables, by module and name, that no page of the rooms shows, and what they are instead.
ELSEWHERE = {
    r"landgis\.(api|settings)\..*": "what programs are told, and the language's own name",
    r"landgis\.lib\..*": "what serves all rooms alike, and knows no rule",
    r"landgis\.counties\.(catalogue|value_kinds)\..*": "how values of parameters are written, which is data",
    r"parcels\.workspace\.views\.IF_MATCH": "what programs are told",
    r"layers\.geometry\..*": "findings about geometry, which the map puts into its own words",
    r"parcels\.editing\.(geometry_input|rules)\..*": "synonyms in files, and findings of the editor",
    r"parcels\.exchange\.(?!forms\.).*": "headings, units and synonyms of delivered files",
    r"parcels\.documents\.(?!kinds\.).*": "text of papers, and columns of their tables",
    r"parcels\.disposal\.paper_facts\._ITEMS": "numbers of the law's items, for papers",
    r"parcels\.idle_land\.wording\._NUMERALS": "numerals of a count in law",
    r"parcels\.idle_land\.listing\.CSV_HEADINGS": "headings of a file",
    r"parcels\.(\w+)\.(workbooks?|\w+_workbook|files|reading)\..*": "headings of workbooks, which are handed on",
    r".*\._?(CHECKS|PROGRESS_CHECKS|CLASHES)": "refusals, which name their remedy in Chinese",
}


def names() -> dict[str, str]:
    """Every name and a table where it stands; what is written small is kept at work and no table."""
    found = dict.fromkeys((*SAID, *SENTENCES), "parcels.management.said")
    found |= {one.name: "parcels.cadastre.land_classes" for one in land_classes().values()}
    for item in map(described, known_keys()):
        for name in (item.group, item.title, item.unit, item.meaning):
            found |= dict.fromkeys(_told(name), "landgis.counties.catalogue")
    found |= {fact.name: "parcels.documents.vocabulary" for fact in FACTS.values()}
    for one in national_parameters():
        found |= dict.fromkeys((*_told(one.unit), *_named_in_data(one.value)), one.key)
    for module in _modules():
        for table, value in vars(module).items():
            place = f"{module.__name__}.{table}"
            if table.isupper() and not any(re.fullmatch(where, place) for where in ELSEWHERE):
                for name in _names_in(value):
                    found.setdefault(name, place)
    return found


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        for one in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not re.search(r"\.(migrations|management|wsgi)\b", one.name):
                yield importlib.import_module(one.name)


def _names_in(value: Any) -> Iterator[str]:
    """The names of a table: a dictionary's, those of pairs of code and name, of names alone, or of rows."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _told(key)
            yield from _told(one)
            yield from _rows_in(one)
    elif isinstance(value, tuple | list):
        alone = all(isinstance(one, str) and HAN.search(one) for one in value)
        for one in value:
            yield from _told(one if alone else one[1] if isinstance(one, tuple) and len(one) == 2 else None)
        yield from _rows_in(value)
    else:
        yield from _rows_in(value)


def _named_in_data(value: Any) -> Iterator[str]:
    """Titles and units of a parameter's entries, and the names of its pairs of code and name."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _told(one) if key in FIELDS else _named_in_data(one)
    elif isinstance(value, list):
        for one in value:
            pair = isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)
            yield from _told(one[1]) if pair else _named_in_data(one)


def _rows_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _told(one)
            yield from _rows_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _rows_in(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, HANDED_ON):
        for field in dataclasses.fields(value):
            one = getattr(value, field.name)
            yield from _told(one) if field.name in FIELDS else _rows_in(one)


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, str) and HAN.search(value):
        yield value
