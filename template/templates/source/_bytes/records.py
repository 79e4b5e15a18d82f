# A place in a TFRecord file: PATH@OFFSET+LENGTH. So the images of a shard can be read in any order,
# which a shuffle over all of them needs, and hashed and remembered like files.
PLACE = re.compile(r"(?s)(.*)@(\d+)\+(\d+)")


def read_bytes(entry: tf.Tensor) -> tf.Tensor:
    """The bytes of an image, in a graph or outside."""

    def load(entries: list[bytes]) -> bytes:  # one, in a list: a bare text comes in two types
        return load_bytes(entries[0].decode("utf-8", "surrogateescape"))

    return tf.cond(
        tf.strings.regex_full_match(entry, r"(?s).*@\d+\+\d+"),
        lambda: tf.ensure_shape(tf.numpy_function(load, [entry[None]], tf.string), ()),
        lambda: tf.io.read_file(entry),
    )


def load_bytes(entry: str) -> bytes:
    """The bytes of an image: a file, or a part of a TFRecord file."""
    found = PLACE.fullmatch(entry)
    if not found:
        return Path(entry).read_bytes()
    with Path(found[1]).open("rb") as shard:
        shard.seek(int(found[2]))
        return shard.read(int(found[3]))


def file_of(entry: str) -> str:
    """The file that holds an image."""
    found = PLACE.fullmatch(entry)
    return found[1] if found else entry
