"""What an industry may be called: a code of GB/T 4754, and a group in words.

Refuses to look codes up: which of them exist is the standard's to say, and it is revised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Division, group or class, with or without the section's letter.
_CODE = re.compile(r"[A-T]?\d{2,4}")
LONGEST_GROUP = 40


def industry_faults(code: str, group: str) -> Iterator[tuple[str, str]]:
    """Field and message of everything that is wrong; blank ones are nothing to find fault with."""
    if code and not _CODE.fullmatch(code):
        yield (
            "industry_code",
            f"行业代码 {code} 不符合 GB/T 4754：应为 2 至 4 位数字，前面可带门类字母。",
        )
    if len(group) > LONGEST_GROUP:
        yield "industry_group", f"行业类别不能超过 {LONGEST_GROUP} 个字。"
