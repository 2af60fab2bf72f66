"""A scheme's definition as TOML text, for reading and editing; what is read back is the same document.

Refuses nothing that a definition may hold; what is `null` in JSON has no word in TOML and is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 100


def toml_text(document: Mapping[str, Any]) -> str:
    """Plain values first, then tables, then lists of tables, each in the document's own order."""
    stated = {key: value for key, value in document.items() if value is not None}
    plain = [key for key, value in stated.items() if not isinstance(value, Mapping) and not _tables(value)]
    lines = [f"{_key(key)} = {_value(stated[key])}" for key in plain]
    for key, value in stated.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(key)}]", *_table(value)]
    for key, value in stated.items():
        if _tables(value):
            for item in value:
                lines += ["", f"[[{_key(key)}]]", *_table(item)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _table(values: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in values.items() if value is not None]


def _tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items() if one is not None)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        items = [_value(item) for item in value if item is not None]
        if _tables(value) or sum(map(len, items)) > _WIDE:
            return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
        return f"[{', '.join(items)}]"
    return repr(value)


def _text(text: str) -> str:
    """JSON's escapes are TOML's too, but for the one control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
