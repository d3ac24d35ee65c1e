"""`%load_ext nnwhy` in a real Jupyter kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

ROOT = Path(__file__).parents[2]

NOTEBOOK = """
import json, sys, warnings
warnings.simplefilter("ignore")
import nbclient, nbformat

cells = [
    "%load_ext nnwhy\\nimport torch\\nfrom torch import nn",
    "class Net(nn.Module):\\n    def __init__(self):\\n        super().__init__()\\n        self.conv = nn.Conv2d(1, 8, 3)\\n"
    "        self.fc = nn.Linear(1024, 10)\\n    def forward(self, x):\\n        return self.fc(self.conv(x).flatten(1))",
    "net = Net()",
    "net(torch.randn(2, 1, 28, 28))",
    "1 / 0",
]
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=100).execute()
json.dump([[dict(output) for output in cell.outputs] for cell in notebook.cells], sys.stdout)
"""


def test_a_crash_in_a_cell_is_explained_with_the_cells_numbers(tmp_path: Path) -> None:
    import json

    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "OMP_NUM_THREADS": "1",
        "IPYTHONDIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", NOTEBOOK],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    outputs = json.loads(done.stdout)
    assert [len(cell) for cell in outputs] == [0, 0, 0, 2, 1], done.stderr
    told, error = outputs[3]
    assert "In[2]:5:29" in told["text"]
    assert "5408 = 8 × 26 × 26" in told["text"]
    assert "nn.Linear(5408, 10)" in told["text"]
    assert "verified: the network then runs" in told["text"]
    assert error["ename"] == "RuntimeError"
    assert outputs[4][0]["ename"] == "ZeroDivisionError"
