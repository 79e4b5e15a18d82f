from .image import distort, read_image
