from .image import distort, read_image
from .masks import read_mask
