"""Claims about cookiecutter: what it does with answers, names and what lies about."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

from claims.registry import claim
from support import run


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No replay, no settings and no working folder of whoever runs it."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)


def template(folder: Path, questions: dict[str, object]) -> Path:
    """A template of these questions, without files."""
    (folder / "{{cookiecutter.slug}}").mkdir(parents=True)
    (folder / "cookiecutter.json").write_text(json.dumps({"slug": "made", **questions}))
    return folder


def make(source: Path, output: Path, **answers: object) -> Path:
    settings = output.parent / "settings.yaml"
    settings.write_text(f"replay_dir: {output.parent / 'replay'}\ncookiecutters_dir: {output}\n")
    return Path(
        cookiecutter(
            str(source),
            no_input=True,
            output_dir=str(output),
            extra_context=answers,
            config_file=str(settings),
        )
    )


def inside(source: Path, name: str, text: str) -> None:
    (source / "{{cookiecutter.slug}}" / name).write_text(text, encoding="utf-8")


@claim("K1", "Unknown answers are ignored.", "true")
def test_unknown_answers_are_ignored(tmp_path: Path) -> None:
    """No error and no word, so frostline checks them itself."""
    source = template(tmp_path / "t", {"colour": "red"})
    inside(source, "text", "{{ cookiecutter.colour }}")
    made = make(source, tmp_path / "out", colur="blue")
    assert (made / "text").read_text() == "red"


@claim("K2", "Default answers are rendered as Jinja themselves.", "true")
def test_answers_are_rendered(tmp_path: Path) -> None:
    """{{ 7 * 7 }} as an answer becomes 49: text is given in a form that Jinja leaves alone."""
    source = template(tmp_path / "t", {"title": "x"})
    inside(source, "text", "{{ cookiecutter.title }}")
    made = make(source, tmp_path / "out", title="{{ 7 * 7 }}")
    assert (made / "text").read_text() == "49"
    made = make(source, tmp_path / "out2", title="{{ '{' }}{ 7 * 7 }}")
    assert (made / "text").read_text() == "{{ 7 * 7 }}"


@claim("K3", "A slug of '../x' writes outside the output folder.", "true")
def test_a_slug_can_leave_the_folder(tmp_path: Path) -> None:
    """It does; the template refuses such a name before a folder is made."""
    source = template(tmp_path / "t", {})
    inside(source, "text", "x")
    make(source, tmp_path / "out", slug="../outside")
    assert (tmp_path / "outside" / "text").exists()


@claim("K4", "The name of a file may be a condition; an empty one is not written.", "true")
def test_a_conditional_file(tmp_path: Path) -> None:
    """With the extension inside the condition, nothing is left of it."""
    source = template(tmp_path / "t", {"kit": "no"})
    inside(source, "{% if cookiecutter.kit == 'yes' %}kit.py{% endif %}", "x")
    inside(source, "always.py", "x")
    found = [
        {path.name for path in make(source, tmp_path / kit, kit=kit).iterdir()}
        for kit in ("no", "yes")
    ]
    assert found == [{"always.py"}, {"always.py", "kit.py"}]


@claim("K5", "Line ends follow the system unless _new_lines says otherwise.", "true")
def test_line_ends(tmp_path: Path) -> None:
    r"""With "\n" there, a file with \r\n ends up with \n everywhere."""
    source = template(tmp_path / "t", {"_new_lines": "\n"})
    (source / "{{cookiecutter.slug}}/text").write_bytes(b"one\r\ntwo {{ cookiecutter.slug }}\r\n")
    assert (make(source, tmp_path / "out") / "text").read_bytes() == b"one\ntwo made\n"


@claim("K6", "Files of known binary extensions are copied as they are.", "true")
def test_binary_files_are_copied(tmp_path: Path) -> None:
    """A PNG is not rendered, whatever it holds; another file is read as text, or fails."""
    source = template(tmp_path / "t", {})
    content = b"{{ cookiecutter.slug }} is text"
    for name in ("picture.png", "words.txt"):
        (source / "{{cookiecutter.slug}}" / name).write_bytes(content)
    made = make(source, tmp_path / "out")
    assert (made / "picture.png").read_bytes() == content
    assert (made / "words.txt").read_bytes() == b"made is text"


@claim("K7", "A hook that fails leaves no project.", "true")
def test_a_failing_hook_removes_the_project(tmp_path: Path) -> None:
    """When cookiecutter made the folder. Hooks here only check and print."""
    source = template(tmp_path / "t", {})
    (source / "hooks").mkdir()
    (source / "hooks/pre_gen_project.py").write_text("raise SystemExit(1)\n")
    inside(source, "text", "x")
    with pytest.raises(FailedHookException):
        make(source, tmp_path / "out")
    assert not (tmp_path / "out" / "made").exists()


@claim("K8", "Every render is remembered in the replay folder.", "true")
def test_renders_are_remembered(tmp_path: Path) -> None:
    """Stock cookiecutter writes the answers there; frostline calls none of that."""
    make(template(tmp_path / "t", {}), tmp_path / "out")
    remembered = list((tmp_path / "replay").iterdir())
    assert [path.suffix for path in remembered] == [".json"]


@claim("K9", "A list in cookiecutter.json is a choice, and only its members are taken.", "true")
def test_lists_are_choices(tmp_path: Path) -> None:
    """Therefore lists of ours are one text each, with JSON inside."""
    source = template(tmp_path / "t", {"classes": ["a", "b"]})
    inside(source, "text", "{{ cookiecutter.classes }}")
    assert (make(source, tmp_path / "out") / "text").read_text() == "a"
    with pytest.raises(ValueError, match="c provided for choice variable"):
        make(source, tmp_path / "out2", classes="c")


@claim("K10", "Importing cookiecutter.main brings an HTTP client and a prompt library.", "true")
def test_what_the_import_brings(tmp_path: Path) -> None:
    """requests and rich, which the environment module, all that frostline needs, does not."""
    script = "import sys, {0}; print([m for m in ('requests', 'rich') if m in sys.modules])"
    found = [
        run([sys.executable, "-c", script.format(name)], tmp_path, check=True).stdout.strip()
        for name in ("cookiecutter.main", "cookiecutter.environment")
    ]
    assert found == ["['requests', 'rich']", "[]"]


@claim("K11", "{% raw %} keeps the line end after it.", "true")
def test_raw_is_not_trimmed(tmp_path: Path) -> None:
    """With trim_blocks as well; the template has its marks within a line."""
    settings = {"_jinja2_env_vars": {"trim_blocks": True, "lstrip_blocks": True}}
    source = template(tmp_path / "t", settings)
    inside(source, "text", "{% raw %}\na\n{% endraw %}\n{% if true %}\nb\n{% endif %}\n")
    text = (make(source, tmp_path / "out") / "text").read_text()
    assert text.replace(os.linesep, "\n") == "\na\nb\n"
