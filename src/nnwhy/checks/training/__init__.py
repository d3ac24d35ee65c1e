"""Checks of training: one file each, from what was seen while a script ran to findings. A new one is a new file here."""
