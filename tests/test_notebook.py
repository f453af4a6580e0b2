"""The notebook of examples/ runs from its first cell to its last, over the bundled story as stillon reads it."""

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import stillon

EXAMPLES = Path(__file__).parent.parent / "examples"
NOTEBOOK = EXAMPLES / "statuses.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook with its outputs, run beside a copy of the story."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(EXAMPLES / "budapest", folder / "budapest")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STILLON_ROWS", raising=False)
        patch.setenv("PYTHONPATH", str(Path(stillon.__file__).parents[1]))  # the one that is tested, from any folder
        patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("MPLCONFIGDIR", os.environ.get("MPLCONFIGDIR", str(folder / "matplotlib")))
        client = NotebookClient(
            notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        client.execute()  # fmt: skip
    return notebook


def _outputs(notebook: Any, kind: str) -> list[str]:
    return [
        output["data"][kind]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if kind in output.get("data", {})
    ]


@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")
def test_the_notebook_draws_the_statuses_of_the_bundled_story(ran: Any) -> None:
    assert len(_outputs(ran, "image/png")) == 2
    tables = "".join(_outputs(ran, "text/html"))
    for words in ("in doubt", "announced", "2025-10-2", "Budapest"):
        assert words in tables
    assert not [output for cell in ran.cells for output in cell.get("outputs", []) if output.output_type == "error"]


def test_the_notebook_is_kept_without_outputs() -> None:
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
