"""Stage after stage: `schedule`, then `optimizer`, `objective`, `epochs`, `run`, `devices`."""
