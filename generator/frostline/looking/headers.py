"""Width and height of an image, from the first bytes of its file."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

NO_SIZE = {0xC4, 0xC8, 0xCC}  # markers among those of frames that begin none


def sizes(files: Sequence[Path]) -> list[tuple[int, int]]:
    """What has no header that is known is left out."""
    return [size for file in files if (size := _size(file))]


def _size(file: Path) -> tuple[int, int] | None:
    try:
        with file.open("rb") as content:
            start = content.read(26)
            if start[:2] == b"\xff\xd8":
                return _jpeg(content)
            if start[:8] == b"\x89PNG\r\n\x1a\n":
                width, height = struct.unpack(">II", start[16:24])
            elif start[:4] == b"GIF8":
                width, height = struct.unpack("<HH", start[6:10])
            elif start[:2] == b"BM":
                width, height = struct.unpack("<ii", start[18:26])
            else:
                return None
    except (OSError, struct.error):
        return None
    return width, abs(height)


def _jpeg(content: BinaryIO) -> tuple[int, int] | None:
    """The size is in the frame's header, behind segments such as EXIF, however long they are."""
    content.seek(2)
    while (mark := content.read(2)) and mark[0] == 0xFF:
        length = struct.unpack(">H", content.read(2))[0]
        if 0xC0 <= mark[1] <= 0xCF and mark[1] not in NO_SIZE:
            height, width = struct.unpack(">xHH", content.read(5))
            return width, height
        content.seek(length - 2, 1)
    return None
