@pytest.mark.parametrize("trained", scaling.SCALINGS)
def test_the_right_scaling_is_taken_and_each_wrong_one_named(trained: str, config: Config) -> None:
    found = scaling.distances(network_of(body_of(trained), config), "inside", colours)
    assert next(iter(found)) == trained
    assert found[trained] < 0.001
    assert [name for name in found if not scaling.far(found, name)] == [trained]


def test_weights_of_another_network_are_found(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    body = body_of("tf")
    body.get_layer("one_bn").moving_mean.assign(np.linspace(-9, 9, 8))
    scaling.distances(network_of(body, config), "inside", colours)
    assert "far from what one_bn stored under every scaling" in capsys.readouterr().out


def test_where_nothing_can_be_told_it_says_so(
    config: Config, network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    image = keras.Input((SIZE, SIZE, 3))
    plain = keras.Model(image, keras.layers.Conv2D(4, 3, name="one_conv")(image))
    for one, reason in ((network_of(plain, config), "no BatchNorm"), (network, "is untrained")):
        assert scaling.distances(one, "inside", colours) == {}
        assert reason in capsys.readouterr().out
