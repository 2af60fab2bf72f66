"""A refusal told to a program or the map: the same code and fields in every language, its words in the page's."""

from django.test import Client
from django.utils.translation import override

from landgis.lib.errors import FieldErrors, InputError, NotFound
from landgis.lib.http import refusal
from tests.factories import SignIn

GONE = NotFound("没有这一案件，或不在您的管辖范围内。", remedy="请在案件清单中选择。")


def test_a_refusal_is_told_in_the_language_of_the_page() -> None:
    with override("en"):
        assert refusal(GONE) == {
            "code": "not_found",
            "message": "There is no such case, or it is outside your territory.",
            "remedy": "Please choose from the list of cases.",
        }
    with override("zh-hans"):
        assert refusal(GONE) == GONE.as_json()


def test_what_stands_beside_the_words_stays_as_it_is() -> None:
    with override("en"):
        told = refusal(InputError("示意", "示意的说明。", "请核对。", row=3, field="面积"))
    assert told == {
        "code": "示意",
        "message": "示意的说明。",
        "remedy": "Please check.",
        "row": 3,
        "field": "面积",
    }


def test_every_field_is_told() -> None:
    error = FieldErrors([{"field": "on", "message": "请更正日期。"}, {"field": "no", "message": "示意。"}])
    with override("en"):
        assert refusal(error)["issues"] == [
            {"field": "on", "message": "Please correct the date."},
            {"field": "no", "message": "示意。"},
        ]


def test_the_map_hears_a_refusal_in_its_own_language(signed_in: SignIn) -> None:
    client: Client = signed_in("registrar")
    assert client.get("/api/parcels/990001100001GB09999").json()["remedy"] == "请核对宗地代码。"
    client.cookies["django_language"] = "en"
    told = client.get("/api/parcels/990001100001GB09999").json()
    assert told["message"] == "There is no parcel 990001100001GB09999, or it is outside your territory."
    assert told["remedy"] == "Please check the parcel code."
