from ...data.masks import read_mask
