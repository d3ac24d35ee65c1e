"""What the warm worker loads while nobody asks: every verb that runs on a target, and what their registries find in folders."""

import torch

from nnwhy import layers
from nnwhy.api import check, check_targets, contract, targets
from nnwhy.checks.basis.registry import all_checks
from nnwhy.load import arguments, candidates, hints, large, literal, reading, running
from nnwhy.trace.naming import full_name
from nnwhy.why.registry import rules

VERBS = (check, check_targets, contract, targets)
LOADING = (arguments, candidates, hints, large, literal, reading, running)

layers.cards()
all_checks()
rules()
full_name(torch.relu)  # has torch list its functions once, without running one
