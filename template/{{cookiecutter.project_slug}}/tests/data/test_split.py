"""Where an example goes does not depend on its neighbours, and copies never part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data.split import divide
from {{ cookiecutter.package }}.examples import SPLITS, Item

COUNT = 1000


def items(count: int, prefix: str = "") -> tuple[list[Item], list[str]]:
    """Different images, and the hash of each."""
    names = [f"{prefix}{number}" for number in range(count)]
    return [Item(name, ("a",)) for name in names], [f"hash of {name}" for name in names]


def divided(found: list[Item], digests: list[str], config: Config) -> dict[str, str]:
    settings = config.data.model_copy(update={"validation": 0.2, "test": 0.1})
    return {item.file: item.split for item in divide(found, digests, settings)}


def test_shares_are_about_as_asked(config: Config) -> None:
    splits = list(divided(*items(COUNT), config).values())
    train, validation, test = (splits.count(split) / COUNT for split in SPLITS)
    assert abs(test - 0.1) < 0.03
    assert abs(validation - 0.9 * 0.2) < 0.04
    assert abs(train - 0.9 * 0.8) < 0.05


def test_a_tenth_more_files_move_no_old_one(config: Config) -> None:
    found, digests = items(COUNT)
    before = divided(found, digests, config)
    more, others = items(COUNT // 10, "new-")
    after = divided([*more, *found[::-1]], [*others, *digests[::-1]], config)
    assert {name: after[name] for name in before} == before


def test_a_tenth_more_groups_move_no_old_one(config: Config) -> None:
    found, digests = items(COUNT)
    grouped = [replace(item, group=str(n % 300)) for n, item in enumerate(found)]
    before = divided(grouped, digests, config)
    more, others = items(COUNT // 10, "new-")
    after = divided(
        [*(replace(item, group=f"g{n % 20}") for n, item in enumerate(more)), *grouped],
        [*others, *digests],
        config,
    )
    assert {name: after[name] for name in before} == before
    assert len({split for name, split in before.items() if int(name) % 300 == 5}) == 1


def test_copies_never_part_even_where_their_groups_differ(config: Config) -> None:
    found, digests = items(COUNT)
    digests = [digest if n % 3 else digests[n // 30 * 3] for n, digest in enumerate(digests)]
    for groups in ([""] * COUNT, [str(n // 7) for n in range(COUNT)]):
        grouped = [replace(item, group=group) for item, group in zip(found, groups, strict=True)]
        splits = divided(grouped, digests, config)
        assert len(set(splits.values())) > 1
        for keys in (digests, groups):
            places: dict[str, set[str]] = {}
            for item, key in zip(grouped, keys, strict=True):
                places.setdefault(key or item.file, set()).add(splits[item.file])
            assert all(len(place) == 1 for place in places.values())


def test_what_the_data_say_is_kept(config: Config) -> None:
    found, digests = items(20)
    given = [replace(item, split=SPLITS[n % 3]) for n, item in enumerate(found)]
    assert divide(given, digests, config.data) == given


def test_a_group_on_both_given_sides_is_said(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [("p1", "train"), ("p2", "train"), ("p1", "test"), ("", "train"), ("", "test")]
    found = [Item(str(n), ("a",), split, group) for n, (group, split) in enumerate(given)]
    divided(found[1:], list("bcde"), config)
    assert "in several splits" not in capsys.readouterr().out
    divided(found, list("abcde"), config)
    assert "1 groups, such as p1, are in several splits" in capsys.readouterr().out
