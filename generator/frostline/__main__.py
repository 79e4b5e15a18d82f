"""`python -m frostline`, the same as the `frostline` command."""

from frostline.cli import main

main()
