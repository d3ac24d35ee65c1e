"""A real script or notebook under observation: what it does in its first steps becomes a `Session` of facts."""
