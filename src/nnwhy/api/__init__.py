"""The verbs of nnwhy: what every face calls. Each takes a live network, or a target in the user's files, and gives facts."""
