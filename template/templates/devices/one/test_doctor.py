def test_only_the_first_gpu_needs_free_memory() -> None:
    full = replace(CARD, free=2_000)
    for cards, wrong in (((CARD, full), set()), ((full, CARD), {"memory"})):
        driver = probes.Driver("550.54", "12.8", cards)
        two = replace(GPU, driver=driver, tensorflow=SEEN | {"gpus": ["Some GPU"] * 2})
        assert set(bad(two)) == wrong
