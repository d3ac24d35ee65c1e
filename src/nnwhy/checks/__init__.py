"""Checks: one file each, from facts to findings. A new check is a new file here and nothing else."""
