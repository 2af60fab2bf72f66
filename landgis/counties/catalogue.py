"""What each parameter is called, what it means, and which values it takes: `catalogue.toml` as data.

Refuses to hold any value: what is in force stands in the counties' dated parameters.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from landgis.counties.value_kinds import SEVERITIES, Kind

CERTAINTY_TITLES = {
    "law": "法条", "plan": "行动方案", "pub": "公开文件", "ver": "本系统核算", "know": "业务经验", "ours": "本系统",
}  # fmt: skip
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter in words; `kind` None where nobody may change it on screen, since no rule of ours knows it."""

    key: str
    group: str
    title: str
    meaning: str
    kind: Kind | None
    unit: str = ""

    def write(self, value: Any) -> str:
        """The value in words; a value that its kind doesn't fit is shown as it stands."""
        try:
            return self.kind.write(value) if self.kind else str(value)
        except (TypeError, KeyError, AttributeError, ValueError):
            return str(value)


def described(key: str) -> Described:
    """The parameter `key` in words; an unknown one is called by its key."""
    found = _catalogue().get(key)
    if found is not None:
        return found
    family, _, member = key.rpartition(".")
    general = _catalogue().get(f"{family}.*")
    if general is None:
        return Described(key, OTHER, key, "县域配置文件中的参数，本系统的规则不读取", None)
    title = general.title.format(member)
    return Described(key, general.group, title, general.meaning, general.kind, general.unit)


def groups() -> tuple[str, ...]:
    """The titles of the groups in their order."""
    return (*dict.fromkeys(item.group for item in _catalogue().values()), OTHER)


def known_keys() -> tuple[str, ...]:
    """Every single key that the rules know, in the catalogue's order."""
    return tuple(key for key, item in _catalogue().items() if item.kind and not key.endswith("*"))


@cache
def _catalogue() -> Mapping[str, Described]:
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    return {
        key: Described(
            key,
            group["title"],
            stated["title"],
            stated["meaning"],
            None if stated.get("unread") else _kind(stated),
            stated.get("unit", ""),
        )
        for group in tomllib.loads(text)["group"]
        for key, stated in group["keys"].items()
    }


def _kind(stated: Mapping[str, Any]) -> Kind:
    bounds = {
        name: stated[name]
        for name in (
            "least", "most", "longest", "pattern", "value_longest", "value_prefix", "choices", "keys", "parts",
            "optional",
        )
        if name in stated
    }  # fmt: skip
    fields = {name: (own["title"], _kind(own)) for name, own in stated.get("fields", {}).items()}
    if stated.get("severity"):
        fields = {"severity": ("处理方式", Kind("choice", choices=SEVERITIES)), **fields}
    return Kind(stated["kind"], fields=fields, **bounds)
