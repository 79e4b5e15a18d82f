@pytest.mark.gpu
@pytest.mark.skipif(not tf.config.list_physical_devices("GPU"), reason="TensorFlow sees no GPU")
def test_a_gpu_trains_a_step(quick: Config, splits: Splits) -> None:
    freezer = Freezer(small_network_of(quick), quick.backbone.batch_norm)
    _, feed = schedule.prepare(freezer, quick, splits, quick.stage[-1])
    assert math.isfinite(feed.model.evaluate(feed.validation, verbose=0)[0])
    feed.model.fit(feed.train, steps_per_epoch=1, shuffle=False, verbose=0)
    assert all("GPU" in variable.value.device for variable in feed.model.trainable_variables)
