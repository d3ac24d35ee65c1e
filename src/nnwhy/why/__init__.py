"""Derivations: dimension rules, torch's symbolic shapes where a rule is missing, and the questions they answer."""
