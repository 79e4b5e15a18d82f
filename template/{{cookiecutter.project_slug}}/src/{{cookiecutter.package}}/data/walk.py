"""Every file below a folder: an image, or counted with the reason why it is not used.

Standard library only, for the generator runs this file as well.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator

# What Pillow cannot read of these is named later, and not passed over.
IMAGE = re.compile(
    r"(?i).*\.(avif|bmp|dib|gif|hei[cf]|jfif|jp2|jpe?g?|png|p[bgnp]m|tga|tiff?|webp)"
)
# How an image begins, whatever its name is.
BEGINNING = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|BM.{4}\0{4}|RIFF.{4}WEBP", re.DOTALL)
# What file managers, network drives and archives leave beside images.
SYSTEM = re.compile(
    r"(?i)\..*|@eadir|__macosx|#recycle|\$recycle\.bin|lost\+found|@recycle|@tmp|(eh)?thumbs.*\.db|"
    r"desktop\.ini|picasa\.ini|system volume information"
)
DEEPEST = 200  # more folders in each other are a mistake, and too much for Python's stack


class FolderError(ValueError):
    """Files that have no meaning, or two; the message is meant for the user."""


def walk(
    top: str, unused: Counter[str], parts: tuple[str, ...] = (), above: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """The images in order, each as the parts of its path; `unused` counts the other files.

    Linked folders are followed, unless the link leads back to a folder around it.
    """
    folders, place = [], os.path.join(top, *parts)
    if len(parts) > DEEPEST:
        raise FolderError(f"in {os.path.join(top, parts[0])}, folders are too deep in each other")
    for entry in entries(place):
        if SYSTEM.fullmatch(entry.name):
            files = [len(names) for *_, names in os.walk(entry.path)] or [1]
            unused["hidden or of the system"] += sum(files)
        elif os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir():
            folders.append(entry.name)
        elif not entry.is_symlink() and not entry.is_file():
            unused["no file"] += 1  # a pipe, whose reader waits for ever, or a socket
        elif IMAGE.fullmatch(entry.name) or _begins_as_image(entry.path):
            yield *parts, entry.name
        else:
            suffix = os.path.splitext(entry.name)[1].lower()
            unused[f"no image ({ascii(suffix)[1:-1] or 'no suffix'})"] += 1
    above = (*above, os.path.realpath(place))
    for name in folders:
        if os.path.realpath(os.path.join(place, name)) in above:
            unused["a link to a folder around it"] += 1
        else:
            yield from walk(top, unused, (*parts, name), above)


def entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder, by name."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        raise FolderError(f"there is no folder {folder}") from None
    except NotADirectoryError:
        if folder.lower().endswith(".zip"):
            hint = "an archive; unpack it, or leave out its .zip to have it unpacked"
        else:
            hint = "a file, and should be a folder of images"
        raise FolderError(f"{folder} is {hint}") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", problem)
        raise FolderError(f"the folder {folder!r} cannot be read: {reason}") from None


def _begins_as_image(file: str) -> bool:
    try:
        with open(file, "rb") as content:
            return bool(BEGINNING.match(content.read(16)))
    except OSError:
        return False
