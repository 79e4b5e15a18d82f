def test_gpus_that_are_asked_for_and_are_not_there_are_named() -> None:
    assert set(bad(PLAIN, Devices(gpus=(0,)))) == {"driver", "GPU"}
    assert "asks for GPU 1" in bad(GPU, Devices(gpus=(1,)))["GPU"]


def test_only_gpus_that_are_used_need_free_memory() -> None:
    driver = probes.Driver("550.54", "12.8", (CARD, replace(CARD, free=2_000)))
    two = replace(GPU, driver=driver, tensorflow=SEEN | {"gpus": ["Some GPU"] * 2})
    assert "on GPU 1" in bad(two)["memory"]
    assert bad(two, Devices(gpus=(0,))) == {}
    assert "memory_limit_mb" in bad(GPU, Devices(memory_limit_mb=39_500))["memory"]
