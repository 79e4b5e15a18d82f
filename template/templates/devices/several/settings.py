class Devices(Table):
    device: Literal["auto", "cpu", "gpu"] = "auto"
    gpus: tuple[CountOrNone, ...] = ()
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"] = "auto"
    xla: Literal["auto", "on", "off"] = "auto"
    memory_limit_mb: Annotated[CountOrNone, Field(exclude=True)] = 0
    async_allocator: Annotated[bool, Field(exclude=True)] = False
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    strategy: Literal["auto", "one", "mirrored", "workers"] = "auto"
    batch: Literal["whole", "each"] = "whole"
    scale_rate: Literal["none", "linear", "sqrt"] = "none"
    sync_batch_norm: bool = True
