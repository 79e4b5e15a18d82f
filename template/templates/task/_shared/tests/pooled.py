def built(**settings: object) -> keras.Model:
    features = keras.Input((2, 2, 1))
    return keras.Model(features, pooled(features, Head.model_validate(settings)))


@pytest.mark.parametrize(
    ("pool", "expected"), [("average", [2.5]), ("max", [4]), ("flatten", [1, 2, 3, 4])]
)
def test_maps_become_one_row_of_numbers(pool: str, expected: list[float]) -> None:
    maps = np.reshape([1.0, 2.0, 3.0, 4.0], (1, 2, 2, 1))
    np.testing.assert_array_equal(built(pool=pool, dropout=0.5)(maps), [expected])


def test_hidden_layers_and_dropout_come_after() -> None:
    *_, first, second, last = built(hidden=(5, 3), dropout=0.5).layers
    assert [layer.units for layer in (first, second)] == [5, 3]
    assert last.rate == 0.5
