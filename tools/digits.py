"""Draw scikit-learn's handwritten digits as images: ink of any colour on a textured background."""

import hashlib
import struct
import zlib

import numpy as np
from sklearn.datasets import load_digits

SIDE = 32
SHADES = 16  # of one palette per image, from the background colour to that of the ink


def scans(digits: range) -> tuple[np.ndarray, np.ndarray]:
    """Load the distinct 8 by 8 scans of these digits, ink from 0 to 1, and their labels."""
    data = load_digits()
    seen: dict[str, int] = {}
    for index, image in enumerate(data.images):
        if data.target[index] in digits:
            seen.setdefault(hashlib.sha256(image.tobytes()).hexdigest(), index)
    chosen = list(seen.values())
    return data.images[chosen] / 16, data.target[chosen]


def draw(scan: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw one scan as an image: the shade of each pixel, and the palette of these shades."""
    size = rng.uniform(21, 29)
    reach = (SIDE - size) / 2
    center = (SIDE - 1) / 2 + rng.uniform(-reach, reach, 2)
    ink = place(scan, center, size / scan.shape[0], rng.uniform(-0.2, 0.2))
    return paint(ink, rng)


def paint(
    ink: np.ndarray, rng: np.random.Generator, rough: tuple[float, float] = (0.1, 0.3)
) -> tuple[np.ndarray, np.ndarray]:
    """Put ink on a background with a texture of this strength; returns shades and palette."""
    ground = texture(rng) * rng.uniform(*rough)
    shades = np.maximum(ground, ink) + rng.normal(0, 0.02, ink.shape)
    return np.clip(np.rint(shades * (SHADES - 1)), 0, SHADES - 1).astype(np.uint8), palette(rng)


def place(scan: np.ndarray, center: np.ndarray, scale: float, tilt: float) -> np.ndarray:
    """Resample the scan at this center, scale and tilt, with bilinear interpolation."""
    offset = np.indices((SIDE, SIDE)) - center[:, None, None]
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    rows, columns = np.tensordot(turn, offset, 1) / scale + (scan.shape[0] - 1) / 2
    padded = np.pad(scan, 2)  # a scan is blank beyond its edge
    rows, columns = (np.clip(axis + 2, 0, padded.shape[0] - 1.001) for axis in (rows, columns))
    row, column = rows.astype(int), columns.astype(int)
    down, right = rows - row, columns - column
    upper = padded[row, column] * (1 - right) + padded[row, column + 1] * right
    lower = padded[row + 1, column] * (1 - right) + padded[row + 1, column + 1] * right
    return upper * (1 - down) + lower * down


def texture(rng: np.random.Generator) -> np.ndarray:
    """Mix a few sine waves into a texture from 0 to 1."""
    rows, columns = np.indices((SIDE, SIDE)) * (2 * np.pi / SIDE)
    waves = [
        np.sin(rows * rng.uniform(-4, 4) + columns * rng.uniform(-4, 4) + rng.uniform(0, 2 * np.pi))
        for _ in range(3)
    ]
    return np.mean(waves, axis=0) / 2 + 0.5


def palette(rng: np.random.Generator) -> np.ndarray:
    """Choose the colours of a background and of a clearly lighter ink."""
    while True:
        ground, ink = rng.integers(0, 256, (2, 3))
        if np.dot(ink - ground, (0.299, 0.587, 0.114)) > 120:
            return np.rint(np.linspace(ground, ink, SHADES)).astype(np.uint8)


def png(shades: np.ndarray, colours: np.ndarray) -> bytes:
    """Encode an image as PNG with two pixels per byte, so that hundreds stay small."""
    packed = shades[:, ::2] << 4 | shades[:, 1::2]
    rows = np.pad(packed, ((0, 0), (1, 0)))  # each row begins with its PNG filter: none
    header = struct.pack(">IIBBBBB", *shades.shape[::-1], 4, 3, 0, 0, 0)
    parts = {
        b"IHDR": header,
        b"PLTE": colours.tobytes(),
        b"IDAT": zlib.compress(rows.tobytes(), 9),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts.items()
    )
