"""The clusters in force as a published collection.

Refuses the tax of a cluster to whoever may not see a firm's figures.
"""

from landgis.access.rules import VIEW_FIRM_FIGURES
from layers.catalog.collection import Card, Collection, Drawing, Property

_NO = Property("cluster_no", "连片编号", "k.cluster_no", "code", alias="连片编号")
_NET_MU = Property("area_mu", "净面积", "k.net_m2 * 15 / 10000", "number", unit="亩", alias="净面积亩")
_STATE = Property(
    "state",
    "状态",
    "CASE WHEN k.confirmed_on IS NULL OR k.confirmed_on > %(on)s THEN 'proposed' ELSE 'confirmed' END",
    "code",
    alias="状态",
)
_STATE_TITLE = Property(
    "state_title",
    "确认情况",
    "CASE WHEN k.confirmed_on IS NULL OR k.confirmed_on > %(on)s THEN '待确认' ELSE '已确认' END",
    alias="确认情况",
)
_WAY = Property("way", "盘活方式", "coalesce(nullif(k.way, ''), k.suggested_way)", alias="盘活方式")

CLUSTERS = Collection(
    id="clusters",
    title="连片低效用地",
    table="clusters_cluster",
    alias="k",
    order="k.cluster_no, k.id",
    key="k.cluster_no",
    area_m2="k.net_m2",
    town_limited=True,
    properties=(
        _NO,
        _STATE,
        _STATE_TITLE,
        Property("town_code", "主要镇街代码", "k.town_code", "code", alias="镇街代码"),
        Property("parcel_count", "宗数", "cardinality(k.parcel_codes)", "integer", unit="宗", alias="宗数"),
        Property(
            "parcel_codes", "宗地代码", "array_to_string(k.parcel_codes, '、')", "code", alias="宗地代码"
        ),
        _NET_MU,
        Property("net_area_m2", "登记净面积", "k.net_m2", "number", unit="平方米", alias="净面积"),
        Property("ellipsoidal_area_m2", "椭球面积", "k.ground_m2", "number", unit="平方米", alias="椭球面积"),
        Property("hull_mu", "范围面积", "k.hull_m2 * 15 / 10000", "number", unit="亩", alias="范围亩"),
        Property("holders", "权利人数", "k.holders", "integer", unit="个", alias="权利人数"),
        Property("line_share", "控制线内占比", "k.line_share", "number", unit="比值", alias="线内占比"),
        _WAY,
        Property(
            "tax_per_mu",
            "亩均税收",
            "k.tax_per_mu",
            "number",
            unit="万元/亩",
            right=VIEW_FIRM_FIGURES,
            alias="亩均税收",
        ),
        Property("valid_from", "发现日期", "k.valid_from", "date", alias="发现日期"),
        Property("confirmed_on", "确认日期", "k.confirmed_on", "date", alias="确认日期"),
    ),
    drawing=Drawing(properties=(_NO, _STATE, _NET_MU, _WAY)),
    card=Card(
        (
            "cluster_no",
            "state_title",
            "parcel_count",
            "area_mu",
            "hull_mu",
            "holders",
            "tax_per_mu",
            "line_share",
            "way",
            "valid_from",
            "confirmed_on",
        ),
        page="cluster",
        page_id="k.id",
    ),
)
