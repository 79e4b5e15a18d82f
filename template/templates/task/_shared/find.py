def find(names: Iterable[str]) -> list[str]:
    """The files that are meant: a file itself, the images of a folder, what a pattern matches."""
    files: list[str] = []
    for name in names:
        matches = [name] if os.path.exists(name) else sorted(glob.glob(name, recursive=True))
        found: list[Path | str] = []
        for match in matches:
            found += images_in(Path(match)) if os.path.isdir(match) else [match]
        if not found:
            raise ConfigError(f"{name}: there is no such image, nor a folder that holds any")
        files += map(str, found)
    return files


def write(rows: Iterable[Row], form: str, path: Path | None) -> tuple[int, int]:
    """Rows to the screen, or to a file that is there only once it is whole; all, and in error."""
    count = wrong = 0
    fresh = path and path.with_name(f"{path.name}.new")  # Click's `atomic` replaces on errors too
    try:
        with click.open_file(str(fresh or "-"), "w", "utf-8", "surrogateescape") as file:
            for row in rows:
                if form == "json":
                    answer = [key for key in row if key != "error"]
                    shown = ["file", "error"] if row["error"] else answer
                    text = json.dumps({key: row[key] for key in shown}, ensure_ascii=False)
                    file.write(text + "\n")
                else:
                    table = csv.DictWriter(file, list(row), lineterminator="\n")
                    if not count:
                        table.writeheader()
                    table.writerow(row)
                count += 1
                wrong += bool(row["error"])
        if path and fresh:
            os.replace(fresh, path)
    finally:
        if fresh:
            fresh.unlink(missing_ok=True)
    return count, wrong


def described(output: np.ndarray, meaning: Meaning) -> Row:
    """The answer by columns, none of which is called like one that every row has."""
    said = scores.describe(output, meaning)
    return {f"{key} (answer)" if key in OWN else key: value for key, value in said.items()}
