"""One file a kind of layer. To add one: write a function from `Seen` to `Told` under `@kind("TheLayer")`; nothing else."""
