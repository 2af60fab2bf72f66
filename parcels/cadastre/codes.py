"""The names and map colours of land classes, by code set: data, read once.

Refuses to read a code without its set, and to name a code that the set doesn't hold.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# What a delivery means that names no set: the register's own.
USUAL_SET = "GB/T 21010-2017"
UNKNOWN_COLOUR = "#d9d9d9"
# 权利性质 of construction land as certificates word it; a register may hold others, which stay as they are.
TENURES = ("出让", "划拨", "作价出资（入股）", "国有土地租赁", "授权经营", "批准拨用", "入股", "联营")


@dataclass(frozen=True, slots=True)
class LandClass:
    """A class of a code set, with its name in the standard and its colour on our maps."""

    code_set: str
    code: str
    name: str
    colour: str


def land_class(code: str, code_set: str = "") -> LandClass:
    """The class, or one without a name where the set doesn't know the code."""
    return land_classes().get((code_set or USUAL_SET, code)) or LandClass(code_set, code, "", UNKNOWN_COLOUR)


@cache
def land_classes() -> dict[tuple[str, str], LandClass]:
    data = tomllib.loads((Path(__file__).parent / "land_classes.toml").read_text(encoding="utf-8"))
    return {
        (group["name"], code): LandClass(group["name"], code, name, colour)
        for group in data["sets"]
        for code, name, colour in group["classes"]
    }
