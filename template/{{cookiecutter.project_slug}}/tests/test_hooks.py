"""Kits are found as folders, and every command reads its settings in the same way."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from {{ cookiecutter.package }} import hooks
from {{ cookiecutter.package }}.config import Config


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another package, whose kits are called what their module is called."""
    monkeypatch.setattr(hooks, "__file__", str(tmp_path / "hooks.py"))
    monkeypatch.setattr(importlib, "import_module", lambda name: SimpleNamespace(KIT=name))
    return tmp_path / "kits"


def found() -> list[str]:
    return [str(name).rpartition(".")[2] for name in hooks.kits.__wrapped__()]


def test_a_kit_is_a_package_and_they_come_in_the_order_of_their_names(folder: Path) -> None:
    """A folder that is empty, as some clients leave it, and what kits share are none."""
    for name in ("report", "cache", "empty"):
        (folder / name).mkdir(parents=True)
    for file in ("report/__init__.py", "cache/__init__.py", "_page.py", "notes.txt"):
        (folder / file).touch()
    assert found() == ["cache", "report"]


def test_there_may_be_no_kits(folder: Path) -> None:
    assert found() == []


def test_every_kit_of_this_project_is_one() -> None:
    kits = hooks.kits()
    assert all(isinstance(kit, hooks.Kit) for kit in kits)
    names = [str(command.name) for kit in kits for command in kit.commands]
    assert len(set(names)) == len(names)


@click.command()
@hooks.with_config
@hooks.with_run
@click.argument("word")
def command(config: Config, name: str | None, word: str) -> None:
    click.echo(f"{config} {name} {word}")


@click.command()
@hooks.config_options
def unread(config: Path, overrides: tuple[str, ...]) -> None:
    click.echo(f"{config} {overrides}")


def invoke(*arguments: str, of: click.Command = command) -> Result:
    return CliRunner().invoke(of, arguments, catch_exceptions=False)


def test_a_command_is_given_the_settings_that_its_options_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hooks, "load", lambda path, overrides: f"{path} {overrides}")
    assert invoke("word").output == "config.toml () None word\n"
    options = ("--config", "other.toml", "--set", "a.b=1", "--set", "c.d=x y", "--run", "first")
    assert invoke(*options, "word").output == "other.toml ('a.b=1', 'c.d=x y') first word\n"
    assert invoke("--set", "a.b=1", of=unread).output == "config.toml ('a.b=1',)\n"


def test_a_command_runs_where_standard_output_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    with hooks.around_command():
        print("read by nobody", file=sys.stdout)
        assert sys.stdout
