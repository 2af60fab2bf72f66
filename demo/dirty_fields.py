"""Faults in the table: codes, areas, dates, land classes, holders, credit codes and towns.

It refuses to touch a shape.
"""

from collections.abc import Callable, Iterator

from demo.county import M2_PER_MU, County
from demo.dirty_rows import DirtyRow, Fault
from demo.parcels import Parcel

Change = Callable[[DirtyRow], None]

ERROR, WARNING = "error", "warning"


def put_field_faults(county: County, rows: Iterator[DirtyRow], parcels: list[Parcel]) -> list[DirtyRow]:
    """Take a sound row for each fault and spoil it."""
    spoilt = []
    for name, field, code, severity, note, change in [
        *_codes(parcels),
        *_areas(),
        *_dates(),
        *_texts(county),
    ]:
        row = next(rows)
        change(row)
        row.fault = Fault(name, field, code, severity, note)
        spoilt.append(row)
    one, other = next(rows), next(rows)
    other.change(code=one.record.code)
    fault = Fault(
        "同一代码出现两次", "宗地代码", "code_duplicate_in_file", ERROR, "两宗不同的地用了同一个代码"
    )
    one.fault = other.fault = fault
    one.partner, other.partner = other, one
    return [*spoilt, one, other]


def odd_but_right(rows: Iterator[DirtyRow]) -> list[DirtyRow]:
    """Rows that look odd and have to be accepted."""
    done = []
    for note, change in _ODD:
        row = next(rows)
        change(row)
        row.accepted_note = note
        done.append(row)
    return done


def _set(field: str, value: object) -> Change:
    return lambda row: row.change(**{field: value})


def _edit_code(edit: Callable[[str], str]) -> Change:
    return lambda row: row.change(code=edit(row.record.code))


def _scale_area(factor: float, digits: int = 4) -> Change:
    return lambda row: row.change(area_m2=round(row.parcel.area_m2 * factor, digits))


Item = tuple[str, str, str, str, str, Change]


def _codes(parcels: list[Parcel]) -> list[Item]:
    field = "宗地代码"
    taken = parcels[700].code
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return [
        ("代码为空", field, "code_missing", ERROR, "未填宗地代码", _set("code", "")),
        (
            "代码少一位",
            field,
            "code_malformed",
            ERROR,
            "18 位，顺序号少一位",
            _edit_code(lambda code: code[:-1]),
        ),
        (
            "代码多一位",
            field,
            "code_malformed",
            ERROR,
            "20 位，顺序号多一位",
            _edit_code(lambda code: code + "0"),
        ),
        (
            "字母 O 当作数字 0",
            field,
            "code_malformed",
            ERROR,
            "顺序号里的 0 写成了字母 O",
            _edit_code(lambda code: code[:14] + "O" + code[15:]),
        ),
        (
            "全角数字",
            field,
            "code_malformed",
            ERROR,
            "代码用全角数字书写，提示改为半角",
            _edit_code(lambda code: code[:14] + code[14:].translate(wide)),
        ),
        (
            "特征码错误",
            field,
            "code_malformed",
            ERROR,
            "特征码 QB 不存在，第一位应为 G、J 或 Z",
            _edit_code(lambda code: code.replace("GB", "QB")),
        ),
        (
            "外县代码",
            field,
            "code_other_county",
            ERROR,
            "330783 是东阳市",
            _edit_code(lambda code: "330783" + code[6:]),
        ),
        ("代码已在库中", field, "code_exists", ERROR, f"{taken} 已登记在另一宗地上", _set("code", taken)),
    ]


def _areas() -> list[Item]:
    field = "宗地面积"
    return [
        ("面积差一成", field, "area_mismatch", WARNING, "登记面积比图上面积大 10%", _scale_area(1.1)),
        (
            "面积填成亩",
            field,
            "area_mismatch",
            ERROR,
            "单位应为平方米，数值等于亩数",
            _scale_area(1 / M2_PER_MU),
        ),
        ("面积填成公顷", field, "area_mismatch", ERROR, "单位应为平方米，数值等于公顷数", _scale_area(1e-4)),
        ("面积为零", field, "area_not_positive", ERROR, "面积为 0", _set("area_m2", 0.0)),
        ("面积为负", field, "area_not_positive", ERROR, "面积为负数", _scale_area(-1)),
        ("面积为空", field, "area_missing", WARNING, "未填宗地面积，按未登记面积入库", _set("area_m2", None)),
    ]


def _dates() -> list[Item]:
    field = "登记日期"
    return [
        (
            "不存在的日期",
            field,
            "date_invalid",
            ERROR,
            "2019 年 2 月没有 30 日",
            _set("registered_on", "2019-02-30"),
        ),
        (
            "日期写成文字",
            field,
            "date_invalid",
            ERROR,
            "日期栏填了“2019年春”",
            _set("registered_on", "2019年春"),
        ),
        (
            "日期在将来",
            field,
            "date_in_future",
            ERROR,
            "登记日期晚于今天",
            _set("registered_on", "2099-01-05"),
        ),
    ]


def _texts(county: County) -> list[Item]:
    def other_town(row: DirtyRow) -> None:
        row.change(town=county.towns[(row.parcel.town + 5) % len(county.towns)].name)

    def wrong_check_digit(row: DirtyRow) -> None:
        last = row.record.uscc[-1]
        row.change(uscc=row.record.uscc[:-1] + ("1" if last != "1" else "2"))

    twice_wrong = "义乌示意电子科技".encode()  # UTF-8 bytes in a GBK table
    replaced = b"\xef\xbf\xbd" * 6  # six U+FFFD, which a GBK reader shows as 锟斤拷
    return [
        (
            "地类代码不存在",
            "地类编码",
            "land_class_unknown",
            ERROR,
            "0699 不在 GB/T 21010-2017 中",
            _set("land_class", "0699"),
        ),
        (
            "非工业地类",
            "地类编码",
            "land_class_not_industrial",
            WARNING,
            "0701 是城镇住宅用地",
            _set("land_class", "0701"),
        ),
        ("权利人为空", "权利人", "holder_missing", WARNING, "未填权利人，按无权利人入库", _set("holder", "")),
        (
            "权利人是替换符",
            "权利人",
            "text_garbled",
            ERROR,
            "锟斤拷：原文字在转码时已丢失",
            _set("holder", replaced),
        ),
        (
            "权利人是乱码",
            "权利人",
            "text_garbled",
            ERROR,
            "UTF-8 字节被当作 GBK",
            _set("holder", twice_wrong),
        ),
        ("信用代码校验位错", "统一代码", "uscc_invalid", ERROR, "最后一位校验不通过", wrong_check_digit),
        (
            "填了旧注册号",
            "统一代码",
            "uscc_invalid",
            ERROR,
            "15 位旧工商注册号",
            _set("uscc", "330782000123456"),
        ),
        ("镇街不在本县", "所属镇街", "town_unknown", ERROR, "横店镇属东阳市", _set("town", "横店镇")),
        ("镇街与位置不符", "所属镇街", "town_mismatch", WARNING, "图形在另一个镇街", other_town),
    ]


def _spaced(row: DirtyRow) -> None:
    code = row.record.code
    row.change(code=f"{code[:6]} {code[6:12]} {code[12:]}")


_ODD: list[tuple[str, Change]] = [
    ("代码按 6-6-7 加空格书写，去空格后正确", _spaced),
    ("日期写成 2019/4/19", _set("registered_on", "2019/4/19")),
    ("日期写成 2019年12月21日", _set("registered_on", "2019年12月21日")),
    ("闰年的 2 月 29 日", _set("registered_on", "2024-02-29")),
    ("权利人是自然人，没有信用代码", lambda row: row.change(holder="示意自然人辛", uscc="")),
    (
        "权利人带全角括号和空格",
        lambda row: row.change(holder=f" {str(row.record.holder)[:-4]}（示意）有限公司 "),
    ),
    ("备注为空", _set("note", "")),
]
