"""What a layer did to data: one call of a live network is kept and pictured, by the kind of layer.

The kinds are in `kinds`, one file each; where data come from is `data`, and weights `weights`.
"""

from nnwhy.show.showing import show

__all__ = ["show"]
