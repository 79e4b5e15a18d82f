def split_of(folder: str) -> str:
    """The split that a folder is called as, in one of many ways: Train, test_set, val2017."""
    words = re.split(r"[-_. \d]+|(?<=[a-z])(?=[A-Z])", folder)
    left = {word.lower().removesuffix("set").removesuffix("data") for word in words} - BESIDE
    return SPLIT.get(left.pop(), "") if len(left) == 1 else ""
