def feed(
    make: Callable[[], Feed],
    network: Network,
    frost: Frost,
    config: Config,
    splits: Splits,
    *_: Any,
) -> Feed:
    """This worker's own images to validate on; of stored outputs its own are stored already."""
    from ..cache import outputs
    from .joined import Share

    crew = team()
    if crew.workers == 1:
        return make()
    outputs.part = Share(crew)
    made = make()
    own = own_rows(splits.validation)
    if made.model is network.model:
        return replace(made, validation=batches.in_order(own, config.data), validation_steps=None)
    return replace(made, validation_steps=made.validation_steps and batches.steps(own, config.data))
