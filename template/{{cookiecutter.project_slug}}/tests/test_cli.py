"""The commands, from the first training to a prediction, on a few made images."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf
from click.testing import CliRunner, Result
from helpers.made import make_images
from helpers.small import small_network_of

from {{ cookiecutter.package }} import cli, hooks
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import check, load
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.freezing import frostmap
from {{ cookiecutter.package }}.hooks import Kit
from {{ cookiecutter.package }}.results import evaluate, scores
from {{ cookiecutter.package }}.training import devices, schedule
from {{ cookiecutter.package }}.training.epochs import TrainingError

TRACED = ("compile", "train_step", "test_step")


@pytest.fixture(scope="module")
def workplace(
    quick: Config, splits: Splits, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Config]:
    """A folder where the commands find a few images, a small network and a short schedule."""
    short = tuple(stage.model_copy(update={"epochs": 1}) for stage in quick.stage)
    data = quick.data.model_copy(update={"batch_size": 3})
    here = quick.model_copy(update={"stage": short, "data": data})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("work"))
        patch.setattr(load, "load", lambda config: splits)
        patch.setattr(evaluate, "load", lambda config: splits)
        patch.setattr(hooks, "load", lambda path, overrides: here)
        for module in (schedule, frostmap):
            patch.setattr(module, "build", lambda config, meaning: small_network_of(config))
        for name in ("open_devices", "stay_on_cpu"):  # the other tests have made them up
            patch.setattr(devices, name, lambda *_: None)
        yield here


@pytest.fixture(scope="module")
def trained(workplace: Config) -> tuple[Result, Counter[str]]:
    """The first training, and how often Keras compiled and traced on the way."""
    counts: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devices, "setup", lambda config: "device     CPU")
        for name in TRACED:
            patch.setattr(keras.Model, name, counted(getattr(keras.Model, name), counts))
        return invoke("train", "--run", "first"), counts


@pytest.fixture
def elsewhere(workplace: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A folder without runs, in which no kit acts and nothing is trained."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "kits", tuple)
    monkeypatch.setattr(devices, "setup", lambda config: "")
    monkeypatch.setattr(schedule, "train", lambda *_: None)
    return workplace


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


def test_train_evaluate_and_predict(
    workplace: Config, trained: tuple[Result, Counter[str]], tmp_path: Path
) -> None:
    assert "frost line" in trained[0].output
    assert trained[0].exit_code == 0
    assert "runs/first is finished" in invoke("train").output

    assert scores.HEADLINE in invoke("evaluate", "--run", "first").output
    folder = Path("runs", "first")
    assert scores.HEADLINE in json.loads((folder / "metrics.json").read_text())
    assert len((folder / "history.csv").read_text().splitlines()) == 1 + len(workplace.stage)
    known = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert known == json.loads(workplace.model_dump_json())

    images = make_images(tmp_path / "new", 8)
    rows = invoke("predict", *images.files).output.splitlines()
    assert sum(row.startswith("file,") for row in rows) == 1
    assert sum(row.startswith(str(tmp_path)) for row in rows) == 8


def test_a_stage_is_compiled_once_and_its_steps_are_traced_once(
    workplace: Config, trained: tuple[Result, Counter[str]]
) -> None:
    """Tracing is most of a short stage's time; a last batch that is smaller must not repeat it."""
    assert trained[1] == dict.fromkeys(TRACED, len(workplace.stage))


def test_the_plan_shows_every_stage(workplace: Config) -> None:
    shown = invoke("plan").output
    for number, stage in enumerate(workplace.stage, 1):
        assert f"stage {number} of {len(workplace.stage)}: {stage.name}" in shown


def test_mistakes_are_sentences(elsewhere: Config) -> None:
    early = invoke("evaluate")
    assert early.exit_code == 2
    assert "error: there is no finished run" in early.stderr
    assert "Traceback" not in early.output


def test_what_goes_wrong_in_training_is_a_sentence(
    elsewhere: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TrainingError("loss is no longer a number")

    monkeypatch.setattr(schedule, "train", fail)
    failed = invoke("train")
    assert failed.exit_code == 1
    assert "loss is no longer a number" in failed.stderr


def test_a_training_that_is_stopped_says_how_to_go_on(
    elsewhere: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends with the status that a shell expects, and without a traceback."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(schedule, "train", stop)
    stopped = invoke("train")
    assert stopped.exit_code == 130
    assert "the same command goes on" in stopped.stderr


@pytest.mark.parametrize("number", [2, -1])
def test_a_file_damaged_while_training_goes_on_is_named(
    number: int, elsewhere: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TensorFlow's own message says neither which file it was nor what to do."""
    images = make_images(Path("images"), 8)
    read = [*images.files, *images.targets.ravel().tolist()]  # targets may be masks
    file = [name for name in read if isinstance(name, str)][number]

    def fail(*_: object) -> None:
        Path(file).write_bytes(b"")
        raise tf.errors.InvalidArgumentError(None, None, "cannot decode")

    images = replace(images, digests=tuple("abcdefgh"))
    monkeypatch.setattr(load, "load", lambda config: replace(splits, train=images))
    monkeypatch.setattr(schedule, "train", fail)
    failed = invoke("train")
    assert failed.exit_code == 2
    assert f"{file} cannot be read: it is empty; it could be when training began" in failed.stderr


def test_another_fault_of_tensorflow_is_not_blamed_on_a_file(
    elsewhere: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")

    monkeypatch.setattr(schedule, "train", fail)
    monkeypatch.setattr(check, "refuse_damaged", lambda *_: pytest.fail("looked at every file"))
    failed = invoke("train")
    assert failed.exit_code == 1
    assert "make batch_size or image_size in [data] smaller" in failed.stderr


def test_a_place_that_cannot_be_written_to_is_a_sentence(elsewhere: Config) -> None:
    Path("runs").mkdir()
    Path("runs", "1").write_text("a file where a run should be")
    failed = invoke("train")
    assert failed.exit_code == 1
    assert failed.stderr.startswith("error: runs/1: ")
    assert "move it away" in failed.stderr


def test_a_terminal_that_knows_few_letters_shows_the_plan(workplace: Config) -> None:
    shown = CliRunner(charset="latin-1").invoke(cli.main, ["plan"], catch_exceptions=False)
    assert " trains " in shown.output


def test_kits_act_around_every_command(workplace: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    @contextmanager
    def around() -> Iterator[None]:
        seen.append("in")
        try:
            yield
        except ConfigError as problem:
            seen.append(str(problem))
            raise
        finally:
            seen.append("out")

    monkeypatch.setattr(hooks, "kits", lambda: (Kit(around_commands=around),))
    assert "frost line" in invoke("plan").output
    assert seen == ["in", "out"]
    assert invoke("evaluate", "--run", "none").exit_code == 2
    assert seen[2:] == ["in", "there is no finished run in runs/none; train first", "out"]


def test_kits_act_before_around_and_after_a_training(
    elsewhere: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    changed = elsewhere.model_copy(update={"stage": elsewhere.stage[:1]})

    class Scope:
        def __enter__(self) -> Config:
            seen.append("in")
            return changed

        def __exit__(self, *_: object) -> None:
            seen.append("out")

    def run(find: Callable[[], Any], config: Config) -> Any:
        found = find()
        seen.append(found.settings.exists())  # a kit may still leave the run to another process
        return found

    kit = Kit(
        around=lambda config: Scope(),
        run=run,
        before_training=lambda config, splits, run: seen.append(
            config if run.settings.exists() else None
        ),
        after_training=seen.append,
    )
    monkeypatch.setattr(cli, "kits", lambda: (Kit(), kit))
    monkeypatch.setattr(schedule, "train", lambda config, splits, run: seen.append(config))
    assert invoke("train").exit_code == 0
    assert seen == ["in", False, elsewhere, changed, Path("runs", "1"), "out"]


def test_commands_of_kits_are_among_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    @cli.click.command("extra")
    def extra() -> None:
        cli.click.echo("done")

    monkeypatch.setattr(cli, "kits", lambda: (Kit(commands=(extra,)),))
    assert "extra" in invoke("--help").output
    assert invoke("extra").output == "done\n"


def counted(method: Callable[..., Any], counts: Counter[str]) -> Callable[..., Any]:
    """The method, counting how often Python runs it: inside a traced function, once a trace."""

    def count_and_call(*arguments: Any, **keywords: Any) -> Any:
        counts[method.__name__] += 1
        return method(*arguments, **keywords)

    return count_and_call
