"""The catalogue: whole in itself, and what the installed Keras still builds."""

from __future__ import annotations

import json
import sys
import tomllib
from typing import Any

import pytest

from frostline.backbones import catalogue
from frostline.backbones.catalogue import Backbone, Leaf
from support import ROOT

TOOLS = ROOT / "tools"
DATA = ROOT / "generator" / "frostline" / "backbones" / "data"
SURVEYED = [name for name in catalogue.names() if name != "custom"]
QUICK = ["tiny", "MobileNetV2", "ResNet50", "EfficientNetB0", "ConvNeXtTiny"]


@pytest.fixture(scope="module")
def tools() -> Any:
    """The survey itself, which imports TensorFlow."""
    sys.path.insert(0, str(TOOLS))
    pytest.importorskip("tensorflow")
    import backbones
    import catalogue as survey

    yield survey, backbones
    sys.path.remove(str(TOOLS))


def names_of(name: str) -> set[str | None]:
    return {leaf.name for leaf in catalogue.leaves(name)}


def first_names(found: Backbone, leaves: tuple[Leaf, ...]) -> dict[str, int]:
    """Where the names that a block may begin with are: those of leaves and of containers."""
    names: dict[str, int] = {}
    for leaf in leaves:
        for name in (leaf.owner, leaf.name):
            if name is not None:
                names.setdefault(name, leaf.position)
    return names


def test_the_bundled_backbone_comes_first_and_the_users_own_last() -> None:
    names = catalogue.names()
    assert (names[0], names[-1], len(names)) == ("tiny", "custom", 42)
    assert list(names[1:-1]) == sorted(names[1:-1])


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(KeyError):
        catalogue.backbone("ResNet51")


def test_each_backbone_has_its_layers_and_no_layers_are_left_over() -> None:
    assert {file.stem for file in (DATA / "layers").iterdir()} == set(SURVEYED)


@pytest.mark.parametrize("name", SURVEYED)
def test_blocks_cover_the_layers_once_from_input_to_output(name: str) -> None:
    found = catalogue.backbone(name)
    stops = [block.stop for block in found.blocks]
    assert 4 <= len(found.blocks) <= 9
    assert [block.start for block in found.blocks] == [0, *stops[:-1]]
    assert stops[-1] == found.layers
    assert all(block.start < block.stop for block in found.blocks)
    assert len({block.name for block in found.blocks}) == len(found.blocks)


@pytest.mark.parametrize("name", SURVEYED)
def test_every_position_has_leaves_and_names_are_given_once(name: str) -> None:
    found, leaves = catalogue.backbone(name), catalogue.leaves(name)
    assert [leaf.position for leaf in leaves] == sorted(leaf.position for leaf in leaves)
    assert {leaf.position for leaf in leaves} == set(range(found.layers or 0))
    given = [leaf.name for leaf in leaves if leaf.name is not None]
    assert len(given) == len(set(given))


@pytest.mark.parametrize("name", SURVEYED)
def test_parameters_add_up(name: str) -> None:
    found, leaves = catalogue.backbone(name), catalogue.leaves(name)
    for block in found.blocks:
        inside = [leaf for leaf in leaves if block.start <= leaf.position < block.stop]
        assert sum(leaf.trainable + leaf.non_trainable for leaf in inside) == block.parameters
        assert any(leaf.trainable for leaf in inside), f"{block.name} has nothing to train"
    assert sum(block.parameters for block in found.blocks) == found.parameters


@pytest.mark.parametrize("name", SURVEYED)
def test_each_block_begins_where_its_first_layer_is(name: str) -> None:
    found = catalogue.backbone(name)
    positions = first_names(found, catalogue.leaves(name))
    for block in found.blocks:
        at = block.first if isinstance(block.first, int) else positions[block.first]
        assert at == block.start


@pytest.mark.parametrize("name", SURVEYED)
def test_normalisation_layers_are_counted(name: str) -> None:
    found = catalogue.backbone(name)
    kinds = [leaf.kind for leaf in catalogue.leaves(name) if leaf.kind in found.norm_kinds]
    assert len(kinds) == found.norm_layers
    assert bool(kinds) == (name not in ("VGG16", "VGG19"))


@pytest.mark.parametrize("name", SURVEYED)
def test_taps_follow_one_another_to_the_output(name: str) -> None:
    found = catalogue.backbone(name)
    assert list(found.taps) == sorted(found.taps)
    assert list(found.taps.values()) == sorted(found.taps.values())
    assert list(found.taps.values())[-1] == (found.layers or 0) - 1
    assert {8, 4}.issubset(found.taps)


@pytest.mark.parametrize("name", SURVEYED)
def test_preprocessing_is_said_to_be_inside_only_where_it_is(name: str) -> None:
    inside = {"Rescaling", "Normalization"} & {leaf.kind for leaf in catalogue.leaves(name)}
    assert (catalogue.backbone(name).preprocessing == "inside") == bool(inside)


def test_resnet50_has_the_names_of_today() -> None:
    assert "conv1_bn" in names_of("ResNet50")
    assert "bn_conv1" not in names_of("ResNet50")


@pytest.mark.parametrize("number", range(8))
def test_efficientnet_blocks_are_found_by_name_since_its_graph_depends_on_the_weights(
    number: int,
) -> None:
    blocks = catalogue.backbone(f"EfficientNetB{number}").blocks
    assert all(isinstance(block.first, str) for block in blocks[1:])
    kinds = [leaf.kind for leaf in catalogue.leaves(f"EfficientNetB{number}")]
    assert kinds.count("Rescaling") == 2  # the second one comes with the ImageNet weights


def test_published_accuracies_belong_to_backbones_that_exist() -> None:
    published = tomllib.loads((TOOLS / "accuracy.toml").read_text(encoding="utf-8"))
    applications = set(SURVEYED) - {"tiny"}
    assert set(published["top1"]) == applications
    assert set(published["top5"]) <= applications
    for name in applications:
        found = catalogue.backbone(name)
        assert (found.top1, found.top5) == (published["top1"][name], published["top5"].get(name))


def test_custom_says_only_what_is_known_before_it_is_loaded() -> None:
    found = catalogue.backbone("custom")
    assert (found.module, found.blocks, found.parameters) == ("custom", (), None)
    assert catalogue.leaves("custom") == ()


@pytest.mark.medium
def test_every_constructor_of_keras_is_in_the_catalogue(tools: Any) -> None:
    _, backbones = tools
    assert set(backbones.constructors()) == set(SURVEYED)


@pytest.mark.medium
@pytest.mark.parametrize("name", QUICK)
def test_a_new_survey_finds_what_is_written(tools: Any, name: str) -> None:
    assert_still_so(tools[0], name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(SURVEYED) - set(QUICK)))
def test_a_new_survey_of_the_rest_finds_what_is_written(tools: Any, name: str) -> None:
    assert_still_so(tools[0], name)


def assert_still_so(survey: Any, name: str) -> None:
    entry, rows = survey.survey(name)
    written = json.loads((DATA / "backbones.json").read_text(encoding="utf-8"))
    assert entry == written["backbones"][name]
    assert survey.dump(rows) + "\n" == (DATA / "layers" / f"{name}.json").read_text("utf-8")


@pytest.mark.medium
def test_a_survey_leaves_no_weights_to_be_made_later(tools: Any) -> None:
    """They once came to eleven gigabytes, in another test of the same process."""
    import keras

    network, *_ = tools[1].build_twice("MobileNetV2")
    number = keras.Input((1,))
    keras.layers.Lambda(lambda x: x)(number)
    assert network.weights
    assert all(weight._value is None for weight in network.weights)


@pytest.mark.medium
def test_the_survey_refuses_a_block_that_begins_nowhere_or_inside_a_branch(
    tools: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, _ = tools
    blocks = {"conv1": "", "conv2": "^bn_conv1$", "conv3": "^conv3_"}
    monkeypatch.setitem(survey.BLOCKS, "resnet", blocks)
    with pytest.raises(SystemExit, match=r"no layer matches '\^bn_conv1"):
        survey.survey("ResNet50")
    blocks["conv2"] = "^conv2_block1_2_conv$"
    with pytest.raises(SystemExit, match="conv2 begins inside a branch"):
        survey.survey("ResNet50")
