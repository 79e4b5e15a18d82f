"""config.toml is checked before anything runs, and mistakes are named."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError, load, parse

FILE = Path(__file__).parents[1] / "config.toml"


@pytest.fixture
def values() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def test_the_projects_own_config_is_valid(project: Config) -> None:
    assert project.stage
    assert project.data.path.is_absolute() == FILE.is_absolute()


@pytest.mark.parametrize(
    ("table", "key", "value", "message"),
    [
        ("data", "bach_size", 3, r"\[data\]: unknown key 'bach_size'; did you mean 'batch_size'"),
        ("data", "batch_size", 0, r"\[data\]: batch_size = 0"),
        ("backbone", "batch_norm", "freeze", "batch_norm = 'freeze'.*'frozen'"),
        ("training", "seed", -1, "seed = -1"),
        ("head", "dropout", 1.5, "dropout = 1.5"),
        ("head", "dropout", float("nan"), "dropout = nan: should be a finite number"),
        ("data", "batch_size", 10**20, r"batch_size = 1000+: should be less"),
        ("data", "batch_size", True, "batch_size = True"),
        ("data", "batch_size", "8", "batch_size = '8'"),
        ("training", "seed", 2**32, "seed = 4294967296: should be less"),
        ("training", "deterministic", "yes", "deterministic = 'yes'"),
        ("training", "deterministic", 1, "deterministic = 1"),
        ("training", "weight_decay", float("inf"), "weight_decay = inf: should be a finite"),
        (
            "backbone",
            "blocks",
            {"a": 1.5},
            r"\[backbone.blocks\]: a = 1.5: .* integer or .* string",
        ),
        (
            "backbone",
            "name",
            datetime.date(1979, 5, 27),
            "name = .*1979-05-27.*: should be .*string",
        ),
    ],
)
def test_a_mistake_is_named(
    values: dict[str, Any], table: str, key: str, value: object, message: str
) -> None:
    values[table][key] = value
    with pytest.raises(ConfigError, match=message):
        parse(values)


@pytest.mark.parametrize(
    ("key", "value"),
    [("learning_rate", 0), ("learning_rate", float("nan")), ("epochs", 0), ("trian", [])],
)
def test_a_mistake_in_a_stage_is_named(values: dict[str, Any], key: str, value: object) -> None:
    values["stage"][0][key] = value
    with pytest.raises(ConfigError, match=rf"\[stage\[1\]\].*{key}"):
        parse(values)


def test_a_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("epochs"))
    seed = next(number for number, line in enumerate(lines) if line.startswith("seed"))
    lines[last], lines[seed] = "epochs = 0", "sede = 7"
    file, stages = tmp_path / "config.toml", lines.count("[[stage]]")
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(file)
    assert sorted(str(refused.value).splitlines()) == sorted(
        [
            f"config.toml, line {last + 1}, [stage[{stages}]]: epochs = 0: "
            "should be greater than or equal to 1",
            f"config.toml, line {seed + 1}, [training]: unknown key 'sede'; did you mean 'seed'?",
        ]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[backbone]\nname = 'x'\n[backbone.blocks]\nstem = nan",
            r"4, \[backbone.blocks\]: stem =",
        ),
        ("stage = []", r"1: stage = \[\]: should have at least 1 item$"),
        ("data = 3", "1: data = 3: should be a table"),
        ("[head]\nclasses = 3", "2, .*classes = 3: should be a list"),
    ],
)
def test_a_mistake_is_named_in_the_words_of_toml(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=rf"(?m)^config.toml, line {said}"):
        parse(tomllib.loads(text), text=text)


def test_stages_need_names_of_their_own(values: dict[str, Any]) -> None:
    values["stage"].append(values["stage"][0])
    with pytest.raises(ConfigError, match="two stages are called"):
        parse(values)


def test_a_broken_or_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no"):
        load(tmp_path / "config.toml")
    (tmp_path / "config.toml").write_text("[data\n")
    with pytest.raises(ConfigError, match=r"not valid TOML.*line 1"):
        load(tmp_path / "config.toml")


def test_a_setting_may_be_overridden_and_is_validated_like_the_file(project: Config) -> None:
    stage = project.stage[0].name
    config = load(
        FILE,
        (
            "training.seed=3",
            "data.resize=pad",  # a text without its quotes, which the shell removes
            'data.flip="both"',
            f"stage.{stage}.epochs=2",
            f'stage.{stage}.train=["block:-1", "!type:BatchNormalization"]',
            "training.seed = 4",  # the last one counts
            "backbone.weights=none",
        ),
    )
    assert (config.training.seed, config.data.resize, config.data.flip) == (4, "pad", "both")
    assert config.stage[0].epochs == 2
    assert config.stage[0].train == ("block:-1", "!type:BatchNormalization")
    assert config.stage[1:] == project.stage[1:]
    assert config.backbone.weights == "none"
    assert load(FILE) == project


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (f"data.batch_size={'9' * 5000}", "batch_size = '9{199}: should be"),
        ("data.path=\udcff", "surrogate"),
        ("training.sed=3", r"\[training\]: unknown key 'sed'; did you mean 'seed'"),
        ("trainig.seed=3", "unknown key 'trainig'; did you mean 'training'"),
        ("seed=3", "unknown key 'seed'"),
        ("training.seed=soon", "seed = 'soon'"),
        ("training.seed", "seed = ''"),
        ("data.batch_size=0", "batch_size = 0"),
        ("stage.nowhere.epochs=2", r"--set stage\.nowhere\.epochs=2: .*no table stage\.nowhere"),
        ("stage.epochs=2", r"--set stage\.epochs=2: .*no table stage"),
        ("training.seed.more=2", r"--set training\.seed\.more=2: .*no table training\.seed"),
    ],
)
def test_a_mistake_in_an_override_is_named(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(FILE, (override,))


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = load(tmp_path / "config.toml", ("data.path=photos", "backbone.weights=own.weights.h5"))
    assert config.data.path == tmp_path / "photos"
    assert config.backbone.weights == str(tmp_path / "own.weights.h5")
