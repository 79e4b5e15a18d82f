"""Which layers, filters and BatchNorm policies go with a freeze strategy."""

from __future__ import annotations

from frostline.answers.rules.rule import Earlier, Facts, Rules


def _freeze(strategy: str, earlier: Earlier, facts: Facts) -> str | None:
    if strategy == "norm" and facts["module"] != "custom" and not facts["norm_kinds"]:
        return (
            f"{earlier['backbone']} has no normalisation layers for --freeze norm to train; choose "
            "another strategy, such as top, or a backbone that has them, such as ResNet50"
        )
    return None


def _unfreeze_blocks(number: int | str, earlier: Earlier, facts: Facts) -> str | None:
    blocks, name = len(facts["blocks"]), earlier["backbone"]
    if facts["module"] == "custom":
        blocks = 9
        if number == "all":
            return (
                "how many blocks your own model has is known at run time only; "
                "give --unfreeze-blocks a number, or take --freeze full"
            )
    if isinstance(number, int) and not 1 <= number <= blocks:
        return (
            f"--unfreeze-blocks {number} is out of range: {name} has 1 to {blocks} blocks to "
            f"unfreeze; 'frostline show {name}' lists them"
        )
    return None


def _layers(selectors: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if selectors and "" not in selectors:
        return None
    what = "has an empty selector" if selectors else "is needed with --freeze layers"
    return (
        f"--layers {what}: it names the layers that train, such as --layers 'block:-1'; "
        f"'frostline show {earlier['backbone']}' lists them"
    )


def _filters(entries: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if entries and "" not in entries:
        return None
    what = "has an empty entry" if entries else "is needed with --freeze filters"
    return (
        f"--filters {what}: it names the filters of a convolution that stay frozen, such as "
        "--filters 'conv5_block3_3_conv:0-63' on ResNet50; "
        f"'frostline show {earlier['backbone']}' lists the layers"
    )


def _batch_norm(policy: str, earlier: Earlier, facts: Facts) -> str | None:
    if earlier["freeze"] == "norm":
        return (
            None
            if policy == "train"
            else (
                f"--freeze norm trains the normalisation layers and --batch-norm {policy} freezes "
                "them; leave one of the two out"
            )
        )
    if (
        policy != "frozen"
        and facts["module"] != "custom"
        and "BatchNormalization" not in facts["norm_kinds"]
    ):
        return (
            f"{earlier['backbone']} has no BatchNormalization for --batch-norm {policy}; "
            "leave it out"
        )
    return None


FREEZING: Rules = {
    "freeze": _freeze,
    "unfreeze_blocks": _unfreeze_blocks,
    "layers": _layers,
    "filters": _filters,
    "batch_norm": _batch_norm,
}
