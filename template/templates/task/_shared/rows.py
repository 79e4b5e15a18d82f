Row = dict[str, str | float]
AT_ONCE = 256  # files that are looked at before any of them is predicted
OWN = ("file", "mask", "error")  # columns that say nothing of the answer
