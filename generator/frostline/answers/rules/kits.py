"""Which kits need each other, and which a freeze strategy needs."""

from __future__ import annotations

from frostline.answers.rules.rule import Earlier, Facts, Rules

NEEDED_BY_KIT = {"distribute": "gpus"}
NEEDED_BY_STRATEGY = {"filters": "filters"}


def _kits(kits: list[str], earlier: Earlier, facts: Facts) -> str | None:
    strategy = earlier["freeze"]
    needed = NEEDED_BY_STRATEGY.get(strategy)
    if needed and needed not in kits:
        return (
            f"--freeze {strategy} needs the kit {needed}, which --kits leaves out; "
            f"add {needed} to --kits, or take another strategy"
        )
    for kit in kits:
        needed = NEEDED_BY_KIT.get(kit)
        if needed and needed not in kits:
            return (
                f"the kit {kit} needs the kit {needed}, which --kits leaves out; "
                f"add {needed} to --kits, or leave {kit} out"
            )
    return None


KITS: Rules = {
    "kits": _kits,
}
