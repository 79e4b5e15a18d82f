"""Stage after stage: `schedule` first, then `optimizer`, `objective`, `epochs` and `run`."""
