"""The faces: command line, notebook, editor. They translate questions and answers and do nothing else."""
