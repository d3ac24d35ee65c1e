"""What every layer is for: a card for each class of `torch.nn`, and a NumPy reference that can be run.

To add one: write a `module(...)` or `function(...)` card in the file of its family, and its reference in the
file of the same name under `references/`. Nothing else has to be told; the tests find both.
Nothing here imports torch, and numpy only where a reference is asked for as a function.
"""

from nnwhy.layers.lookup import card, cards, families, reference, reference_source, sentence

__all__ = ["card", "cards", "families", "reference", "reference_source", "sentence"]
