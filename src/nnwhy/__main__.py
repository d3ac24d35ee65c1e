"""`python -m nnwhy`, for where the `nnwhy` command is not on the path."""

from nnwhy.faces.entry import main

if __name__ == "__main__":
    main()
