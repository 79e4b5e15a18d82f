"""Claims about files: models, weights, and what Keras keeps for a resumed run."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from claims.registry import claim
from claims.small import body, fit, flat, nested, numbers, plain, prepare


@claim("S1.9", "load_model reads an .h5 file.", "true", "seed 1")
def test_h5_files_are_read(tmp_path: Path) -> None:
    """Keras writes it with a warning that the format is legacy, and reads it to the same model."""
    model = plain()
    model.save(tmp_path / "model.h5")
    loaded = keras.models.load_model(tmp_path / "model.h5")
    x = numbers()[0]
    assert np.array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))


@claim("F10", "Weights of a nested model cannot be loaded into its backbone.", "true")
def test_nested_weights_do_not_fit_the_base(tmp_path: Path) -> None:
    """It raises: the file is laid out by containers; the product's model is flat."""
    keras.utils.set_random_seed(0)
    model = nested(body())
    model.save_weights(tmp_path / "whole.weights.h5")
    skipping = pytest.warns(UserWarning, match="Skipping nested container")
    with skipping, pytest.raises(ValueError, match="could not be loaded"):
        body().load_weights(tmp_path / "whole.weights.h5")


@claim("F10b", "A nested backbone hides its layers and its feature maps.", "true")
def test_nested_hides_layers() -> None:
    """get_layer finds none of them and their outputs are not connected; flat, both work."""
    base = body()
    model = nested(base)
    with pytest.raises(ValueError, match="No such layer"):
        model.get_layer("conv")
    with pytest.raises(ValueError, match="not connected"):
        keras.Model(model.input, base.get_layer("conv").output)
    model = flat(body())
    taps = keras.Model(model.input, model.get_layer("conv").output)
    assert taps.output_shape == (None, 6, 6, 4)


@claim("F10c", "A .weights.h5 file is keyed by kind and order, not by name.", "true")
def test_weights_go_by_order(tmp_path: Path) -> None:
    """Layers of other names take the weights, and a name is no help where the order differs."""

    def pair(*names: str) -> keras.Model:
        given = hidden = keras.Input((4,))
        for name in names:
            hidden = layers.Dense(4, name=name)(hidden)
        return keras.Model(given, hidden)

    model, other = pair("a", "b"), pair("b", "a")
    model.save_weights(tmp_path / "pair.weights.h5")
    other.load_weights(tmp_path / "pair.weights.h5")
    assert np.array_equal(other.get_layer("b").kernel, model.get_layer("a").kernel)
    with pytest.raises(ValueError, match="by_name"):
        other.load_weights(tmp_path / "pair.weights.h5", by_name=True)


@claim("C1", "BackupAndRestore deletes its folder after each fit.", "true")
def test_backups_are_gone_after_a_fit(tmp_path: Path) -> None:
    """So after one stage it knows nothing of it, and a schedule of several starts again."""
    folder = tmp_path / "backup"
    seen = []
    look = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: seen.append(any_file(folder)))
    backup = keras.callbacks.BackupAndRestore(folder)
    fit(prepare(plain()), callbacks=[look, backup], epochs=2)
    assert seen[-1]
    assert not any_file(folder)


def any_file(folder: Path) -> bool:
    return folder.exists() and any(path.is_file() for path in folder.rglob("*"))


@claim("C2", "A fit that was restored leaves its first epoch to the next fit.", "true")
def test_the_first_epoch_sticks(tmp_path: Path) -> None:
    """A model resumed at epoch 2 runs 1 epoch of 3 in the next stage as well."""

    class Power(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
            if epoch == 2:
                raise KeyboardInterrupt

    model = prepare(plain())
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(KeyboardInterrupt):
        fit(model, epochs=3, callbacks=[backup, Power()])
    model = prepare(plain())
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    epochs: list[int] = []
    count = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: epochs.append(epoch))
    fit(model, epochs=3, callbacks=[backup, count])
    assert epochs == [2]
    fit(model, epochs=3, callbacks=[count])
    assert epochs == [2, 2]


@claim("C3", "With all variables, optimizer and seeds put back, a run goes on bit for bit.", "true")
def test_state_put_back_gives_the_same_weights() -> None:
    """Two epochs, against one, a new process' worth of objects, and another: equal weights."""

    def build() -> keras.Model:
        keras.utils.set_random_seed(0)
        given = keras.Input((4,))
        hidden = layers.Dropout(0.5, seed=3)(layers.Dense(8, "relu")(given))
        model = keras.Model(given, layers.Dense(3, "softmax")(hidden))
        prepare(model, keras.optimizers.Adam(0.01))
        model.optimizer.build(model.trainable_variables)
        return model

    def variables(model: keras.Model) -> list[keras.Variable]:
        return [*model.variables, *model.optimizer.variables]

    whole = build()
    fit(whole, epochs=2, shuffle=False)
    first = build()
    fit(first, shuffle=False)
    second = build()
    for variable, other in zip(variables(second), variables(first), strict=True):
        variable.assign(other)
    fit(second, shuffle=False)
    for one, other in zip(whole.weights, second.weights, strict=True):
        assert np.array_equal(one, other)


@claim("C4", "EfficientNet V1 has another graph with 'imagenet' than without weights.", "true")
def test_the_graph_of_efficientnet_depends_on_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """One rescaling more: rebuilt without weights, tuned weights make another function."""
    from keras.src.utils import file_utils

    def build(weights: str | None) -> keras.Model:
        network = keras.applications.EfficientNetB0
        return network(weights=weights, include_top=False, input_shape=(32, 32, 3))

    monkeypatch.setattr(file_utils, "get_file", lambda *args, **options: "nothing.weights.h5")
    monkeypatch.setattr(keras.Model, "load_weights", lambda *args, **options: None)
    downloaded, bare = build("imagenet"), build(None)
    extra = len(downloaded.layers) - len(bare.layers)
    assert extra == 1
    assert [type(layer) for layer in downloaded.layers].count(layers.Rescaling) == 2


@claim("C5", "load_model with safe_mode refuses a Lambda and runs none of its code.", "true")
def test_safe_mode_refuses_code(tmp_path: Path) -> None:
    """A model of one's own is read so: a file that holds Python code is refused."""
    given = keras.Input((4,))
    model = keras.Model(given, layers.Lambda(lambda x: x)(given))
    model.save(tmp_path / "code.keras")
    with pytest.raises(ValueError, match=r"[Ll]ambda"):
        keras.models.load_model(tmp_path / "code.keras", safe_mode=True)
