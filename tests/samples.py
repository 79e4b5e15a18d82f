"""The sample archives, read by code that shares nothing with their writer but the formats."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from types import ModuleType
from typing import Any

import pytest

np = pytest.importorskip("numpy")
Files = dict[str, bytes]


def archived(sample: ModuleType, task: str) -> Files:
    """What a project of the task is given."""
    with zipfile.ZipFile(sample.archive_of(task)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pictures(files: Files, split: str = "") -> Files:
    start = f"sample/{split}"
    return {p: c for p, c in files.items() if p.startswith(start) and p.endswith(".png")}


def decoded(content: bytes) -> Any:
    """The pixels of a picture."""
    shades, palette = unpacked(content)
    return palette[shades]


def indices(content: bytes) -> Any:
    """The numbers of the classes in a mask."""
    return unpacked(content)[0]


def unpacked(content: bytes) -> tuple[Any, Any]:
    """Shades and palette of a PNG file."""
    chunks, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        chunks[kind], at = body, at + 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    packed = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not packed[:, 0].any()
    shades = np.stack([packed[:, 1:] >> 4, packed[:, 1:] & 15], axis=-1).reshape(height, width)
    return shades, np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)


def digest(scan: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(scan).tobytes()).hexdigest()
