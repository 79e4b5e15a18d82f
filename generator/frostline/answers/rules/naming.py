"""Valid names of the project, its folder and its package."""

from __future__ import annotations

from frostline.answers.rules.rule import Earlier, Facts, Rules
from frostline.names import folder_problem, package_problem


def _name(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if not text:
        return "--name is empty; a project needs a name"
    if text.startswith(("./", "../", "/", "~/", "\\", ".\\", "..\\")) or text[1:3] == ":\\":
        return (
            f"the name '{text}' is a path; the folder of the project is an argument: "
            "frostline new DIRECTORY"
        )
    return None


def _project_slug(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if not text:
        return f"no folder name can be made from '{earlier['name']}'; give one as DIRECTORY"
    return folder_problem(text)


def _package(text: str, earlier: Earlier, facts: Facts) -> str | None:
    problem = package_problem(text)
    if problem is None:
        return None
    stem = "".join(
        letter if letter.isalnum() else "_" for letter in text.lower() if letter < "\x7f"
    )
    stem = stem.strip("_")[:32]
    other = f"{stem}_net" if stem[:1].isalpha() else f"net_{stem}".rstrip("_")
    return f"{problem}; choose another, such as --package {other}"


NAMING: Rules = {
    "name": _name,
    "project_slug": _project_slug,
    "package": _package,
}
