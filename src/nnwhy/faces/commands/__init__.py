"""One file a command, found by its name. Each defines `command`, a click command, and stays thin: parse, call, print."""
