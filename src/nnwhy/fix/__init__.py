"""Fixes: tried on a copy, proved, applied."""
