"""Files of every kind that Pillow can write, of some that it cannot, and what is no picture."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import ExifTags, Image

ORIENTATION = ExifTags.Base.Orientation
RANDOM = np.random.default_rng(0)
WIDTH, HEIGHT = 61, 46  # not square, and one of them odd


def _photo() -> Image.Image:
    """Large shapes and a little noise: no two sides are alike, and a JPEG of it is close to it."""
    coarse = Image.fromarray(RANDOM.integers(0, 256, (4, 5, 3), dtype="uint8"))
    wide = np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)).astype(int)
    return Image.fromarray((wide + RANDOM.integers(-4, 5, wide.shape)).clip(0, 255).astype("u1"))


PHOTO = _photo()
GREY = PHOTO.convert("L")
CLEAR = PHOTO.convert("RGBA")
CLEAR.putalpha(GREY.transpose(Image.Transpose.ROTATE_180))
PALETTE, FEW = PHOTO.quantize(64), PHOTO.quantize(4)
DEEP = np.asarray(GREY).astype("uint16") * 257
UNIT = (np.asarray(GREY) - float(np.min(GREY))).astype("float32")
UNIT /= UNIT.max()
OTHERS = {"save_all": True, "append_images": [PHOTO.rotate(180), PHOTO.rotate(90)]}
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-synt'
    b'ax-ns#"><rdf:Description %b</rdf:RDF></x:xmpmeta>'
)
XMP_6 = XMP % b'tiff:Orientation="6"/>'
XMP_8 = XMP % b"><tiff:Orientation>8</tiff:Orientation></rdf:Description>"
ADOBE = b"http://ns.adobe.com/xap/1.0/\0"

# The picture or its pixels, the format, and how it is saved.
SAVED: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "jpeg": (PHOTO, "JPEG", {}),
    **{f"jpeg, quality {q}": (PHOTO, "JPEG", {"quality": q}) for q in (10, 50, 100)},
    **{f"jpeg, subsampling {s}": (PHOTO, "JPEG", {"subsampling": s}) for s in (0, 1, 2)},
    "jpeg, progressive": (PHOTO, "JPEG", {"progressive": True}),
    "jpeg, optimised": (PHOTO, "JPEG", {"optimize": True}),
    "jpeg, restart markers": (PHOTO, "JPEG", {"restart_marker_rows": 1}),
    "jpeg, kept as rgb": (PHOTO, "JPEG", {"keep_rgb": True}),
    "jpeg, comment": (PHOTO, "JPEG", {"comment": b"Exif\0\0MM\0*"}),
    "jpeg, large profile": (PHOTO, "JPEG", {"icc_profile": bytes(150_000)}),
    "jpeg, grey": (GREY, "JPEG", {}),
    "jpeg, grey and progressive": (GREY, "JPEG", {"progressive": True}),
    "jpeg, black and white": (PHOTO.convert("1"), "JPEG", {}),
    "jpeg, cmyk": (PHOTO.convert("CMYK"), "JPEG", {}),
    "jpeg, cmyk and progressive": (PHOTO.convert("CMYK"), "JPEG", {"progressive": True}),
    "jpeg, ycbcr": (PHOTO.convert("YCbCr"), "JPEG", {}),
    "jpeg, large": (PHOTO.resize((1001, 777)), "JPEG", {}),
    "jpeg, of one pixel": (PHOTO.crop((0, 0, 1, 1)), "JPEG", {}),
    "jpeg, of a row": (PHOTO.crop((0, 0, 61, 1)), "JPEG", {}),
    "mpo": (PHOTO, "MPO", OTHERS),
    "mpo, of one": (PHOTO, "MPO", {}),
    "png": (PHOTO, "PNG", {}),
    "png, not compressed": (PHOTO, "PNG", {"compress_level": 0}),
    "png, 1 bit": (PHOTO.convert("1"), "PNG", {}),
    "png, grey": (GREY, "PNG", {}),
    "png, grey of 4 bits": (GREY, "PNG", {"bits": 4}),
    "png, grey with alpha": (CLEAR.convert("LA"), "PNG", {}),
    "png, grey with a colour key": (GREY, "PNG", {"transparency": GREY.getpixel((30, 20))}),
    "png, palette": (PALETTE, "PNG", {}),
    "png, palette of 2 bits": (FEW, "PNG", {"bits": 2}),
    "png, palette with a clear colour": (FEW, "PNG", {"transparency": 3, "bits": 8}),
    "png, palette with half clear colours": (PALETTE, "PNG", {"transparency": bytes(range(64))}),
    "png, palette of 2 bits with a clear colour": (FEW, "PNG", {"transparency": 1}),
    "png, 1 bit with a colour key": (PHOTO.convert("1"), "PNG", {"transparency": 1}),
    "png, colour key": (PHOTO, "PNG", {"transparency": PHOTO.getpixel((30, 20))}),
    "png, alpha": (CLEAR, "PNG", {}),
    "png, 16 bits": (DEEP, "PNG", {}),
    "png, 16 bits, dark": (DEEP // 256, "PNG", {}),
    "png, profile": (PHOTO, "PNG", {"icc_profile": bytes(3000)}),
    "png, large": (PHOTO.resize((1001, 777)), "PNG", {}),
    "apng": (PHOTO, "PNG", OTHERS),
    "apng, alpha": (CLEAR, "PNG", {"save_all": True, "append_images": [CLEAR.rotate(180)]}),
    "apng, default image": (PHOTO, "PNG", {**OTHERS, "default_image": True}),
    "gif": (PALETTE, "GIF", {}),
    "gif, grey": (GREY, "GIF", {}),
    "gif, not interlaced": (PALETTE, "GIF", {"interlace": 0}),
    "gif, clear colour": (FEW, "GIF", {"transparency": 1}),
    "gif, animated": (PALETTE, "GIF", OTHERS),
    "gif, animated, clear colour": (FEW, "GIF", {**OTHERS, "transparency": 1, "disposal": 2}),
    "gif, black and white": (PHOTO.convert("1"), "GIF", {}),
    "bmp": (PHOTO, "BMP", {}),
    "bmp, 1 bit": (PHOTO.convert("1"), "BMP", {}),
    "bmp, grey": (GREY, "BMP", {}),
    "bmp, palette": (PALETTE, "BMP", {}),
    "bmp, alpha": (CLEAR, "BMP", {}),
    "dib": (PHOTO, "DIB", {}),
    "tiff": (PHOTO, "TIFF", {}),
    "tiff, 1 bit": (PHOTO.convert("1"), "TIFF", {}),
    "tiff, grey": (GREY, "TIFF", {}),
    "tiff, grey with alpha": (CLEAR.convert("LA"), "TIFF", {}),
    "tiff, palette": (PALETTE, "TIFF", {}),
    "tiff, alpha": (CLEAR, "TIFF", {}),
    "tiff, cmyk": (PHOTO.convert("CMYK"), "TIFF", {}),
    "tiff, ycbcr": (PHOTO.convert("YCbCr"), "TIFF", {}),
    "tiff, pages": (PHOTO, "TIFF", OTHERS),
    "tiff, big": (PHOTO, "TIFF", {"big_tiff": True}),
    **{
        f"tiff, {way}": (PHOTO, "TIFF", {"compression": way})
        for way in ("tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits", "jpeg")
    },
    "tiff, 16 bits": (DEEP, "TIFF", {}),
    "tiff, 16 bits, big-endian": (DEEP.astype(">u2"), "TIFF", {}),
    "tiff, 32 bits, to 65535": (DEEP.astype("int32"), "TIFF", {}),
    "tiff, 32 bits, to 255": (DEEP.astype("int32") // 257, "TIFF", {}),
    "tiff, floats to 1": (UNIT, "TIFF", {}),
    "tiff, floats to 255": (UNIT * 255, "TIFF", {}),
    "webp": (PHOTO, "WEBP", {}),
    "webp, lossless": (PHOTO, "WEBP", {"lossless": True}),
    "webp, lossless and grey": (GREY, "WEBP", {"lossless": True}),
    "webp, alpha": (CLEAR, "WEBP", {}),
    "webp, lossless with alpha": (CLEAR, "WEBP", {"lossless": True}),
    "webp, animated": (PHOTO, "WEBP", {**OTHERS, "lossless": True}),
    "webp, animated, alpha": (CLEAR, "WEBP", {"save_all": True, "append_images": [CLEAR]}),
    "avif": (PHOTO, "AVIF", {}),
    "avif, quality 100": (PHOTO, "AVIF", {"quality": 100}),
    "avif, alpha": (CLEAR, "AVIF", {}),
    "avif, animated": (PHOTO, "AVIF", OTHERS),
    "ppm": (PHOTO, "PPM", {}),
    "pgm": (GREY, "PPM", {}),
    "pgm, 16 bits": (DEEP, "PPM", {}),
    "pgm, 16 bits, dark": (DEEP // 256, "PPM", {}),
    "pbm": (PHOTO.convert("1"), "PPM", {}),
    "pfm": (UNIT, "PPM", {}),
    "ico": (PHOTO, "ICO", {"sizes": [(61, 46)]}),
    "ico, sizes": (PHOTO, "ICO", {"sizes": [(16, 16), (32, 32)]}),
    "ico, alpha, bmp inside": (CLEAR, "ICO", {"sizes": [(32, 32)], "bitmap_format": "bmp"}),
    "icns": (CLEAR.resize((128, 128)), "ICNS", {}),
    "jpeg 2000": (PHOTO, "JPEG2000", {}),
    "jpeg 2000, lossy": (PHOTO, "JPEG2000", {"quality_mode": "rates", "irreversible": True}),
    "jpeg 2000, grey": (GREY, "JPEG2000", {}),
    "jpeg 2000, alpha": (CLEAR, "JPEG2000", {}),
    "jpeg 2000, 16 bits": (DEEP, "JPEG2000", {}),
    "jpeg 2000, codestream": (PHOTO, "JPEG2000", {"no_jp2": True}),
    "tga": (PHOTO, "TGA", {}),
    "tga, grey": (GREY, "TGA", {}),
    "tga, palette": (PALETTE, "TGA", {}),
    "tga, alpha": (CLEAR, "TGA", {}),
    "tga, compressed": (PHOTO, "TGA", {"compression": "tga_rle"}),
    "pcx": (PHOTO, "PCX", {}),
    "pcx, palette": (PALETTE, "PCX", {}),
    "sgi": (PHOTO, "SGI", {}),
    "im": (PHOTO, "IM", {}),
    "msp": (PHOTO.convert("1"), "MSP", {}),
    "xbm": (PHOTO.convert("1"), "XBM", {}),
    "dds": (PHOTO, "DDS", {}),
    "dds, alpha": (CLEAR, "DDS", {}),
    "qoi": (PHOTO, "QOI", {}),
    "qoi, alpha": (CLEAR, "QOI", {}),
    "blp": (PALETTE, "BLP", {}),
    "spider": (UNIT, "SPIDER", {}),
}
# What no picture can be made of; training must refuse each.
REFUSED_FLOATS = {
    "tiff, floats to 1.01": UNIT * 1.01,
    "tiff, floats to 4000": UNIT * 4000,
    "tiff, floats below 0": UNIT - 0.5,
    "tiff, floats with nan": np.where(UNIT > 0.9, np.nan, UNIT).astype("float32"),
    "tiff, 32 bits, to 100000": (UNIT * 100_000).astype("int32"),
    "tiff, 32 bits, below 0": (UNIT * 100 - 50).astype("int32"),
}


def good() -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each file that holds a picture."""
    for name, (picture, form, how) in SAVED.items():
        if form in Image.SAVE or form in _all_formats():
            yield name, saved(picture, form, **how)
    yield from _oriented()
    yield from _jpegs()
    yield from _pngs()
    yield from _by_hand()


def bad() -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each file that no picture can be read from."""
    for form in ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "PPM", "JPEG2000", "TGA"):
        if form in _all_formats():
            yield f"half a {form}", (whole := saved(PHOTO, form))[: len(whole) // 2]
            yield f"the first bytes of a {form}", whole[:20]
    for name, values in REFUSED_FLOATS.items():
        yield name, saved(values, "TIFF")
    yield "empty", b""
    yield "zeros", bytes(1000)
    yield "noise", RANDOM.bytes(1000)
    yield "html", b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
    lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize 12345\n"
    yield "git lfs pointer", lfs % (b"0" * 64)
    yield "pdf", saved(PHOTO, "PDF")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("photo.jpg", saved(PHOTO, "JPEG"))
    yield "zip", archive.getvalue()
    locked = bytearray(archive.getvalue())
    locked[6] |= 1
    yield "encrypted zip", bytes(locked)
    yield "encrypted", b"Salted__" + RANDOM.bytes(2000)
    yield "heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
    yield "mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(200)
    yield "only a jpeg's marker", b"\xff\xd8\xff"
    yield "a jpeg without its data", saved(PHOTO, "JPEG").partition(b"\xff\xda")[0] + b"\xff\xd9"
    yield "png bomb", _png(60_000, 60_000, 8, 2, bytes(100))
    yield (
        "bmp bomb",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 60000, 60000, 1, 24, *[0] * 6),
    )
    broken = bytearray(saved(PHOTO, "PNG"))
    broken[len(broken) // 2] ^= 255
    yield "png with a broken byte", bytes(broken)
    yield "png without data", _png(8, 8, 8, 2, b"")


def saved(picture: Any, form: str, **how: Any) -> bytes:
    image = picture.copy() if isinstance(picture, Image.Image) else Image.fromarray(picture)
    if "append_images" in how:  # a picture keeps what its last encoder was told
        how["append_images"] = [other.copy() for other in how["append_images"]]
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow's, about profiles and palettes
        image.save(file, form, **how)
    return file.getvalue()


def exif(turn: int, order: str = "<", **more: bytes) -> Image.Exif:
    made = Image.Exif()
    made.endian = order
    made[ORIENTATION] = turn
    for tag, value in more.items():
        made[ExifTags.Base[tag]] = value
    return made


def _all_formats() -> dict[str, Any]:
    Image.init()
    return Image.SAVE


def _oriented() -> Iterator[tuple[str, bytes]]:
    """Pictures that are stored as the sensor lay."""
    for form in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        if form in _all_formats():
            for turn in range(0 if form == "JPEG" else 2, 10 if form == "JPEG" else 9):
                yield f"{form}, turned {turn}", saved(PHOTO, form, exif=exif(turn))
    for turn in (3, 6):
        yield f"alpha, turned {turn}", saved(CLEAR, "PNG", exif=exif(turn))
        yield f"grey jpeg, turned {turn}", saved(GREY, "JPEG", exif=exif(turn))
        yield f"cmyk jpeg, turned {turn}", saved(PHOTO.convert("CMYK"), "JPEG", exif=exif(turn))
        yield f"mpo, turned {turn}", saved(PHOTO, "MPO", exif=exif(turn), **OTHERS)
        large = PHOTO.resize((1001, 777))
        yield f"large jpeg, turned {turn}", saved(large, "JPEG", exif=exif(turn))
    for form in ("JPEG", "PNG", "WEBP"):
        yield f"{form}, big-endian exif", saved(PHOTO, form, exif=exif(6, ">"))
        yield f"{form}, xmp", saved(PHOTO, form, xmp=XMP_6)
        yield f"{form}, xmp as an element", saved(PHOTO, form, xmp=XMP_8)
        yield f"{form}, exif and xmp", saved(PHOTO, form, exif=exif(3), xmp=XMP_6)
        upright = saved(PHOTO, form, exif=exif(1), xmp=XMP_6)
        yield f"{form}, upright in exif and not in xmp", upright
        make = Image.Exif()
        make[ExifTags.Base.Make] = "a camera"
        yield f"{form}, exif without it, and xmp", saved(PHOTO, form, exif=make, xmp=XMP_6)


def _jpegs() -> Iterator[tuple[str, bytes]]:
    """Segments as cameras and programs arrange them."""
    jpeg = saved(PHOTO, "JPEG")
    body, turned = jpeg[2:], b"Exif\0\0" + _tiff(6)
    many = _segment(0xE2, b"other" + RANDOM.bytes(60_000)) * 3

    def of(*segments: bytes) -> bytes:
        return b"\xff\xd8" + b"".join(segments) + body

    yield "jpeg, exif beyond 64 kB", of(many, _segment(0xE1, turned))
    yield "jpeg, xmp beyond 64 kB", of(many, _segment(0xE1, ADOBE + XMP_6))
    yield "jpeg, long exif", saved(PHOTO, "JPEG", exif=exif(6, ImageDescription=b"x" * 60_000))
    yield "jpeg, exif in which it is far", of(_segment(0xE1, b"Exif\0\0" + _tiff(6, 50_000)))
    yield (
        "jpeg, exif in two parts",
        of(_segment(0xE1, turned + bytes(60_000)), _segment(0xE1, b"Exif\0\0" + bytes(60_000))),
    )
    yield "jpeg, exif twice", of(_segment(0xE1, turned), _segment(0xE1, b"Exif\0\0" + _tiff(3)))
    yield (
        "jpeg, exif whose directory is in its second part",
        of(
            _segment(0xE1, b"Exif\0\0" + _tiff(6, 70_000)[:60_000]),
            _segment(0xE1, b"Exif\0\0" + _tiff(6, 70_000)[60_000:]),
        ),
    )
    yield "jpeg, exif named in another part", of(_segment(0xE2, b"note " + turned))
    yield (
        "jpeg, exif of a thumbnail first",
        of(
            _segment(0xED, b"Photoshop" + b"\xff\xd8" + _segment(0xE1, turned) + body),
            _segment(0xE1, b"Exif\0\0" + _tiff(8)),
        ),
    )
    yield "jpeg, filled between segments", of(b"\xff" * 5 + _segment(0xE1, turned))
    for form in "<", ">":
        for kind, size in {"B": 1, "h": 8, "l": 9, "H": 3, "L": 4}.items():
            segment = _segment(0xE1, b"Exif\0\0" + _tiff(6, kind=kind, number=size, order=form))
            yield f"jpeg, exif of type {form}{kind}", of(segment)
    yield "jpeg, exif with two orientations", of(_segment(0xE1, b"Exif\0\0" + _tiff(6, count=2)))
    yield "jpeg, exif cut short", of(_segment(0xE1, turned[:20]))
    yield "jpeg, exif empty", of(_segment(0xE1, b"Exif\0\0"))
    yield "jpeg, xmp twice", of(_segment(0xE1, ADOBE + XMP_6), _segment(0xE1, ADOBE + XMP_8))
    yield "jpeg, xmp that is not utf-8", of(_segment(0xE1, ADOBE + b"\xff\xfe" + XMP_6))
    yield "jpeg, xmp with two digits", of(_segment(0xE1, ADOBE + XMP % b'tiff:Orientation="66"/>'))
    yield "jpeg, exif after the frame", jpeg[:-2] + _segment(0xE1, turned) + b"\xff\xd9"
    at = jpeg.index(b"\xff\xc0")
    yield "jpeg, exif between tables", jpeg[:at] + _segment(0xE1, turned) + jpeg[at:]
    yield "jpeg, without its end", jpeg[:-2]
    yield "jpeg, more behind it", jpeg + b"more" * 100
    yield "jpeg, another behind it", jpeg + saved(PHOTO.rotate(90), "JPEG", exif=exif(6))


def _pngs() -> Iterator[tuple[str, bytes]]:
    """Chunks as Pillow does not arrange them."""
    png, turned = saved(PHOTO, "PNG"), _chunk(b"eXIf", _tiff(6))
    yield "png, without its end", png[:-12]
    yield "png, without most of its end", png[:-6]
    yield "png, more behind it", png + b"more" * 100
    yield "png, exif behind the pixels", png[:-12] + turned + png[-12:]
    note = _chunk(b"tEXt", b"note\0" + bytes(range(1, 256)) * 600)
    yield "png, exif beyond 64 kB", png[:33] + note + turned + png[33:]
    yield (
        "png, exif named in a text",
        png[:33] + _chunk(b"tEXt", b"note\0eXIf" + _tiff(6)) + png[33:],
    )
    hexed = b"Raw profile type exif\0\nexif\n%8d\n%b\n" % (
        len(_tiff(6)) + 6,
        (b"Exif\0\0" + _tiff(6)).hex().encode(),
    )
    yield "png, exif as text", png[:33] + _chunk(b"tEXt", hexed) + png[33:]
    key = b"XML:com.adobe.xmp\0"
    for name, chunk in {
        "png, xmp": _chunk(b"iTXt", key + b"\0\0\0\0" + XMP_6),
        "png, xmp as an element": _chunk(b"iTXt", key + b"\0\0\0\0" + XMP_8),
        "png, xmp packed": _chunk(b"iTXt", key + b"\1\0\0\0" + zlib.compress(XMP_6)),
        "png, xmp as plain text": _chunk(b"tEXt", key + XMP_6),
        "png, xmp that says nothing": _chunk(b"iTXt", key + b"\0\0\0\0" + XMP % b"/>"),
        "png, upright in exif and not in xmp": _chunk(b"eXIf", _tiff(1))
        + _chunk(b"iTXt", key + b"\0\0\0\0" + XMP_6),
        "png, exif that begins as in a jpeg": _chunk(b"eXIf", b"Exif\0\0" + _tiff(6)),
    }.items():
        yield name, png[:33] + chunk + png[33:]
    yield "png, exif behind its end", png + turned
    yield "png, gamma", png[:33] + _chunk(b"gAMA", struct.pack(">I", 100_000)) + png[33:]
    pixels = np.asarray(CLEAR)
    wide = pixels.astype(">u2") * 257
    yield "png, 16 bits a colour", _png(WIDTH, HEIGHT, 16, 2, _rows(wide[..., :3]))
    yield "png, 16 bits with alpha", _png(WIDTH, HEIGHT, 16, 6, _rows(wide))
    yield "png, grey of 16 bits with alpha", _png(WIDTH, HEIGHT, 16, 4, _rows(wide[..., 2:]))
    key = struct.pack(">HHH", *wide[20, 30, :3].tolist())
    yield (
        "png, 16 bits a colour, colour key",
        _png(WIDTH, HEIGHT, 16, 2, _rows(wide[..., :3]), _chunk(b"tRNS", key)),
    )
    key = struct.pack(">H", int(DEEP[20, 30]))
    yield (
        "png, grey of 16 bits, colour key",
        _png(WIDTH, HEIGHT, 16, 0, _rows(DEEP.astype(">u2")), _chunk(b"tRNS", key)),
    )
    for name, kind, content in (("", 2, pixels[..., :3]), (" with alpha", 6, pixels)):
        yield f"png, interlaced{name}", _png(WIDTH, HEIGHT, 8, kind, _adam7(content), laced=1)


def _by_hand() -> Iterator[tuple[str, bytes]]:
    """What Pillow reads and does not write."""
    pixels = np.asarray(PHOTO)
    rows = np.zeros((HEIGHT, -(-WIDTH * 3 // 4) * 4), "u1")
    rows[:, : WIDTH * 3] = pixels[..., ::-1].reshape(HEIGHT, -1)
    header = struct.pack("<IiiHHIIiiII", 40, WIDTH, -HEIGHT, 1, 24, 0, rows.size, 0, 0, 0, 0)
    yield (
        "bmp, top down",
        b"BM" + struct.pack("<III", 54 + rows.size, 0, 54) + header + rows.tobytes(),
    )
    short = pixels.astype("<u2") >> 3
    values = np.zeros((HEIGHT, WIDTH + WIDTH % 2), "<u2")
    values[:, :WIDTH] = (short[..., 0] << 10) | (short[..., 1] << 5) | short[..., 2]
    header = struct.pack("<IiiHHIIiiII", 40, WIDTH, -HEIGHT, 1, 16, 0, values.nbytes, 0, 0, 0, 0)
    yield (
        "bmp, 16 bits",
        b"BM" + struct.pack("<III", 54 + values.nbytes, 0, 54) + header + values.tobytes(),
    )
    plain = " ".join(map(str, pixels.ravel().tolist())).encode()
    yield "ppm, as text", b"P3\n%d %d\n255\n%b\n" % (WIDTH, HEIGHT, plain)
    yield (
        "ppm, to 100",
        b"P6\n%d %d\n100\n%b" % (WIDTH, HEIGHT, (pixels // 2.56).astype("u1").tobytes()),
    )
    gif = bytearray(saved(PALETTE, "GIF"))
    gif[6:10] = struct.pack("<HH", WIDTH + 20, HEIGHT + 10)
    yield "gif, smaller than its canvas", bytes(gif)


def _segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def _tiff(
    turn: int, far: int = 8, order: str = "<", kind: str = "H", number: int = 3, count: int = 1
) -> bytes:
    """EXIF with nothing but an orientation, in a directory that begins `far` bytes in."""
    begin = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", far)
    value = struct.pack(f"{order}{count}{kind}", *[turn] * count).ljust(4, b"\0")
    entry = struct.pack(f"{order}HHHI", 1, ORIENTATION, number, count) + value
    return begin.ljust(far, b"\0") + entry + bytes(4)


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def _png(
    width: int, height: int, bits: int, kind: int, rows: bytes, *chunks: bytes, laced: int = 0
) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, laced))
    data = _chunk(b"IDAT", zlib.compress(rows)) if rows else b""
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + _chunk(b"IEND", b"")


def _rows(pixels: np.ndarray) -> bytes:
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def _adam7(pixels: np.ndarray) -> bytes:
    passes = (
        (0, 0, 8, 8),
        (0, 4, 8, 8),
        (4, 0, 8, 4),
        (0, 2, 4, 4),
        (2, 0, 4, 2),
        (0, 1, 2, 2),
        (1, 0, 2, 1),
    )
    return b"".join(_rows(pixels[top::down, left::right]) for top, left, down, right in passes)
