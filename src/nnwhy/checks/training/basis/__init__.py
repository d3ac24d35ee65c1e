"""What the checks of training stand on: the registry, what they look at, places and edits in scripts."""
