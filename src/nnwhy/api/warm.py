"""What the warm worker loads while nobody asks: every verb that runs on a target, and what their registries find in folders."""

from nnwhy import layers
from nnwhy.api import check, check_targets, contract, targets
from nnwhy.checks.basis.registry import all_checks
from nnwhy.why.registry import rules

VERBS = (check, check_targets, contract, targets)

layers.cards()
all_checks()
rules()
