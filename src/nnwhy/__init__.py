"""nnwhy: what does this layer do, and where does this number come from?

Importing the package loads neither torch nor any other heavy library.
"""

__version__ = "0.1.0"
