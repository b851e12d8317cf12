"""A notebook executed by papermill in a kernel of this very interpreter."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import riskmodels
from riskmodels.core import errors
from riskmodels.core.errors import RiskmodelsError, RunFailed
from riskmodels.runs.values import Scalar

if TYPE_CHECKING:
    from nbformat import NotebookNode

Progress = Callable[[int, int], None]
"""Told how many code cells are done, and of how many."""


class TimedOut(RunFailed):
    """A cell took longer than it may."""

    exit_code = 41


@dataclass
class Execution:
    """A notebook on its way: papermill hands it over at the start, so a failed one can be seen too."""

    progress: Progress | None = None
    notebook: NotebookNode | None = None
    done: int = 0

    def started(self, notebook: NotebookNode) -> None:
        """Keep the notebook that is about to run."""
        self.notebook = notebook

    def cell_done(self, **_: Any) -> None:
        """Count one more code cell."""
        self.done += 1
        if self.progress and self.notebook:
            self.progress(self.done, sum(c.cell_type == "code" for c in self.notebook.cells))

    def save(self, path: Path) -> None:
        """Write the notebook as far as it got, without clock times, so that equal runs write equal bytes."""
        import nbformat

        if self.notebook is not None:
            nbformat.write(_timeless(self.notebook), path)


def execute(notebook: Path, parameters: Mapping[str, Scalar], execution: Execution, cell_timeout: int | None) -> None:
    """Run the notebook's cells in order, in the caller's working directory; `execution` holds what came out.

    An error of this package raised in a cell is raised here with the same words; any other is a RunFailed.
    """
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError, execute_notebook

    try:
        with TemporaryDirectory(prefix="riskmodels-") as private:
            execute_notebook(
                # as a node: papermill reads braces in a path as its own placeholders
                nbformat.read(notebook, as_version=4),
                None,
                dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                execution_timeout=cell_timeout,
                kernel_manager_class=_this_interpreter(Path(private)),
                record_timing=False,
                on_notebook_start=execution.started,
                on_cell_executed=execution.cell_done,
            )
    except PapermillExecutionError as error:
        raise _as_ours(notebook, error) from None
    except CellTimeoutError:
        raise TimedOut(f"{notebook.stem}: cell {execution.done + 1} took more than {cell_timeout} s") from None
    except DeadKernelError:
        raise RunFailed(f"{notebook.stem}: cell {execution.done + 1} ended its Python process") from None
    _refuse_early_exit(notebook, execution)


def _as_ours(notebook: Path, error: Any) -> RiskmodelsError:
    message = " ".join(str(error.evalue).split())
    ours = getattr(errors, error.ename, None)
    if isinstance(ours, type) and issubclass(ours, RiskmodelsError):
        return ours(message)
    return RunFailed(f"{notebook.stem}: cell {error.exec_count} raised {error.ename}: {message}")


def _refuse_early_exit(notebook: Path, execution: Execution) -> None:
    # papermill takes a cell that calls sys.exit() for a success, and never runs the rest
    if execution.notebook is not None and execution.notebook.metadata.papermill.exception:
        raise RunFailed(f"{notebook.stem}: cell {execution.done} ended the notebook before its last cell")


def _timeless(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"parameters-of-the-run-{number}"
    return notebook


def _this_interpreter(private: Path) -> type:
    """A kernel manager that knows one kernel: this interpreter, whatever kernels a user has registered."""
    from ipykernel.kernelspec import make_ipkernel_cmd
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OneKernel(KernelSpecManager):
        """The one kernel there is."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            """This interpreter's kernel, whatever the name."""
            command = make_ipkernel_cmd(extra_arguments=["--InteractiveShellApp.ignore_cwd=True"])
            return KernelSpec(argv=command, display_name="Python 3", language="python", env=_environment(private))

    class ThisInterpreter(AsyncKernelManager):
        """A manager that starts it and keeps its connection private."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.kernel_spec_manager = OneKernel(parent=self)
            self.connection_file = str(private / "kernel.json")
            if os.name == "posix":
                # sockets in a private folder: no port another process could take or listen to
                self.transport = "ipc"

        async def _async_launch_kernel(self, kernel_cmd: list[str], **settings: Any) -> None:
            # what cells print is in the notebook; what the kernel says of itself when it is stopped helps nobody
            await super()._async_launch_kernel(kernel_cmd, **{**settings, "stderr": subprocess.DEVNULL})

    return ThisInterpreter


def _environment(private: Path) -> dict[str, str]:
    # this package's own folder first: the kernel must not find another copy of it in the working directory
    path = [str(Path(riskmodels.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {
        "PYTHONPATH": os.pathsep.join(part for part in path if part),
        "PYTHONHASHSEED": "0",
        # spinning OpenMP threads make LightGBM ten times slower on a busy machine
        "OMP_WAIT_POLICY": "passive",
        # a user's IPython start-up files are no part of a report
        "IPYTHONDIR": str(private),
        # the debugger's warning about frozen modules is no part of a log
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
