"""`python -m nnwhy` is `nnwhy`."""

from nnwhy.faces.cli import main

main()
