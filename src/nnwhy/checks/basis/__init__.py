"""What checks are made of: the registry, the subject they look at, and the ways from a number to the source that sets it."""
