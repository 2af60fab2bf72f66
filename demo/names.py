"""Invented names of firms, project companies, platforms and streets; every one carries 示意.

It refuses a name twice.
"""

from collections.abc import Iterator

import numpy as np

GROUPS: dict[str, tuple[float, tuple[tuple[str, str], ...]]] = {
    "纺织服装": (
        0.34,
        (
            ("C1711", "棉纺"),
            ("C1751", "化纤织造"),
            ("C1761", "针织"),
            ("C1762", "印染"),
            ("C1771", "床品"),
            ("C1779", "家纺"),
            ("C1811", "运动服饰"),
            ("C1819", "服装"),
            ("C1821", "无缝内衣"),
            ("C1829", "针织服装"),
            ("C1830", "袜业"),
            ("C1922", "箱包"),
            ("C1952", "鞋业"),
        ),
    ),
    "日用品": (
        0.33,
        (
            ("C2039", "木制品"),
            ("C2110", "家具"),
            ("C2231", "纸箱包装"),
            ("C2239", "纸制品"),
            ("C2319", "彩印"),
            ("C2411", "文具"),
            ("C2412", "笔业"),
            ("C2438", "饰品"),
            ("C2439", "工艺品"),
            ("C2442", "体育用品"),
            ("C2452", "玩具"),
            ("C2682", "化妆品"),
            ("C2927", "塑料制品"),
            ("C3389", "不锈钢制品"),
            ("C4111", "制刷"),
            ("C4119", "日用品"),
        ),
    ),
    "机械电子": (
        0.23,
        (
            ("C3311", "钢构"),
            ("C3351", "五金"),
            ("C3484", "机械配件"),
            ("C3542", "印刷机械"),
            ("C3551", "纺织机械"),
            ("C3670", "汽车零部件"),
            ("C3825", "光伏科技"),
            ("C3831", "线缆"),
            ("C3872", "照明"),
            ("C3874", "智能照明"),
            ("C3976", "光电科技"),
            ("C3982", "电子"),
            ("C3985", "电子材料"),
        ),
    ),
    "其他": (
        0.10,
        (
            ("C1411", "食品"),
            ("C1421", "糖果"),
            ("C1523", "饮料"),
            ("C2720", "制药"),
            ("C2740", "中药"),
            ("C2770", "医用材料"),
            ("C3021", "建材"),
            ("C3054", "玻璃制品"),
            ("C3130", "钢材"),
            ("C3252", "铝业"),
            ("C4220", "再生资源"),
            ("C4330", "设备修理"),
        ),
    ),
}
"""Each group's share among the firms, and its trades: GB/T 4754-2017 code and the word in the name."""

_FIRST = (
    "恒瑞锦华宏盛泰达丰裕嘉鑫永兴正祥顺和佳美新源德隆广博明辉金翔云腾百汇长荣万通双龙海纳天成同创启航远景"
)
_SECOND = (
    "达盛源诚隆昌泰祥裕丰润康宁安兴旺茂利通汇亿联创智慧科艺雅韵彩虹诺邦凯悦帆航峰岭川溪源野田禾木林森晨曦"
)
_STREETS = (
    "文锦雪峰苏福深塘四海春晗荷叶宗泽丹溪香山龙海凌云甬金杨村稠义佛赤大士工仁尚经贝村路达富港新科杭金伟丰青岩"
)
_FORMS = ("有限公司", "有限公司", "有限公司", "有限公司", "有限公司", "有限公司", "股份有限公司", "厂")


def firm_names(rng: np.random.Generator, county: str, trades: list[str]) -> list[str]:
    """One name for each trade word."""
    brand = _brands(rng)
    return [f"{county}示意{next(brand)}{trade}{_FORMS[int(rng.integers(len(_FORMS)))]}" for trade in trades]


def project_names(rng: np.random.Generator, count: int) -> list[str]:
    """Companies founded to hold one piece of land, not yet producing."""
    brand = _brands(rng)
    kinds = ("智能制造", "新材料", "实业", "科技产业园", "新能源", "供应链")
    return [f"浙江示意{next(brand)}{kinds[int(rng.integers(len(kinds)))]}有限公司" for _ in range(count)]


def platform_names(county: str, towns: list[str]) -> list[str]:
    """The public companies that build and let standard factories, one or two a town."""
    plain = [
        f"{county}示意{town[:-2] if town.endswith('街道') else town[:-1]}工业园区开发有限公司"
        for town in towns
    ]
    return [*plain, *(f"{county}示意{town[:2]}小微企业园运营有限公司" for town in towns)]


def street_names(rng: np.random.Generator, count: int) -> list[str]:
    """Streets of one zone."""
    picked = rng.choice(len(_STREETS) // 2, count, replace=False)
    kinds = ("路", "路", "街", "大道")
    return [f"示意{_STREETS[2 * at : 2 * at + 2]}{kinds[int(rng.integers(len(kinds)))]}" for at in picked]


def _brands(rng: np.random.Generator) -> Iterator[str]:
    first = _FIRST
    seconds = "".join(dict.fromkeys(_SECOND))
    pairs = [f"{a}{b}" for a in dict.fromkeys(first) for b in seconds if a != b]
    for at in rng.permutation(len(pairs)):
        yield pairs[at]
