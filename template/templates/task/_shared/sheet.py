def sheet(
    pictures: Sequence[np.ndarray], captions: Sequence[tuple[str, str]], across: int = 8
) -> Any:
    """Pictures in rows, each under what is true of it and over what the model said."""
    down = max(1, -(-len(pictures) // across))
    side = 10 / across
    figure, axes = canvas(down, across, 10, down * (side + 0.42))
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, picture, (true, said) in zip(axes.flat, pictures, captions, strict=False):
        axis.imshow(picture, interpolation="nearest", aspect="equal")
        axis.set_title(_short(true, across), fontsize=8, pad=3)
        place = {"transform": axis.transAxes, "ha": "center", "va": "top", "fontsize": 8}
        axis.text(0.5, -0.04, _short(said, across), color=EMBER, **place)
    return figure


def _short(text: str, across: int) -> str:
    room = 132 // across
    return text if len(text) <= room else text[: room - 1] + "…"
