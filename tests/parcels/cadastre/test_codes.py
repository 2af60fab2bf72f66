"""Land classes: named by set and code, each with a colour."""

import re

from parcels.cadastre.codes import land_class, land_classes


def test_one_code_means_different_things_in_different_sets() -> None:
    assert land_class("1001", "GB/T 21010-2017").name == "铁路用地"
    assert land_class("1001", "国土空间用地用海分类（2023）").name == "工业用地"


def test_industrial_classes_of_the_register() -> None:
    names = [land_class(code).name for code in ("0601", "0602", "0603", "0604")]
    assert names == ["工业用地", "采矿用地", "盐田", "仓储用地"]


def test_an_unknown_code_has_no_name() -> None:
    assert (land_class("9999").name, land_class("9999").code) == ("", "9999")


def test_every_class_has_a_name_and_a_colour() -> None:
    found = land_classes().values()
    assert len(found) > 80
    assert all(item.name and re.fullmatch("#[0-9a-f]{6}", item.colour) for item in found)
