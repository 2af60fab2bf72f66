"""A small reader of Mapbox vector tiles (2.1), written from the specification so that it checks what PostGIS writes.

Refuses nothing: a malformed tile ends in an exception.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Ring = list[tuple[int, int]]


@dataclass
class Feature:
    properties: dict[str, Any]
    kind: int
    rings: list[Ring]

    @property
    def signed_areas(self) -> list[float]:
        """By the surveyor's formula in tile coordinates: positive for an outer ring."""
        return [
            sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2
            for ring in self.rings
        ]


@dataclass
class Layer:
    name: str = ""
    extent: int = 4096
    features: list[Feature] = field(default_factory=list)


def read(tile: bytes) -> dict[str, Layer]:
    layers = (_layer(data) for number, data in _fields(tile) if number == 3)
    return {layer.name: layer for layer in layers}


def _layer(data: bytes) -> Layer:
    layer, keys, values, raw = Layer(), [], [], []
    for number, value in _fields(data):
        if number == 1:
            layer.name = value.decode()
        elif number == 2:
            raw.append(value)
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            values.append(_value(value))
        elif number == 5:
            layer.extent = value
    layer.features = [_feature(one, keys, values) for one in raw]
    return layer


def _feature(data: bytes, keys: list[str], values: list[Any]) -> Feature:
    parts = dict(_fields(data))
    tags = list(_varints(parts.get(2, b"")))
    properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    return Feature(properties, parts[3], _rings(list(_varints(parts[4]))))


def _rings(commands: list[int]) -> list[Ring]:
    rings: list[Ring] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            continue
        for _ in range(count):
            x, y = x + _signed(commands[at]), y + _signed(commands[at + 1])
            at += 2
            if command == 1:
                rings.append([])
            rings[-1].append((x, y))
    return rings


def _value(data: bytes) -> Any:
    for number, value in _fields(data):
        match number:
            case 1:
                return value.decode()
            case 2:
                return struct.unpack("<f", value)[0]
            case 3:
                return struct.unpack("<d", value)[0]
            case 4 | 5:
                return value
            case 6:
                return _signed(value)
            case 7:
                return bool(value)
    return value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        match tag & 7:
            case 0:
                value, at = _varint(data, at)
                yield tag >> 3, value
            case 2:
                length, at = _varint(data, at)
                yield tag >> 3, data[at : at + length]
                at += length
            case width:
                length = {1: 8, 5: 4}[width]
                yield tag >> 3, data[at : at + length]
                at += length


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            return value, at


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
