SPLIT = {"train": "train", "training": "train", "test": "test", "testing": "test"}
SPLIT |= dict.fromkeys(("val", "valid", "validation", "validate", "dev", "eval"), "validation")
