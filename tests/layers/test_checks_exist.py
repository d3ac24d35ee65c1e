"""The checks that cards point to exist."""

from nnwhy import layers
from nnwhy.checks.basis.registry import all_checks
from nnwhy.checks.training.basis.registry import training_checks


def test_every_check_that_a_pitfall_names_exists():
    known = {*all_checks(), *training_checks()}
    named = {pitfall.check for card in layers.cards() for pitfall in card.pitfalls if pitfall.check}
    assert len(named) > 20
    assert named <= known
