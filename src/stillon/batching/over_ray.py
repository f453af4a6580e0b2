"""The steps of a run over Ray Data: the same functions, in a pool of actors that load the models once.

The only file that imports ray. All machines of the cluster must see the folder of the run at one path; what passes
through Ray itself is no more than the names of the tasks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from stillon.batching.engines import STEPS
from stillon.batching.job import Job
from stillon.errors import SettingsError

LOADED = frozenset({"read"})
"""Steps that need the models."""
STORE_BYTES = 100_000_000
"""Memory for what passes through a Ray started here: names of tasks, so that the least will do."""


Batch = dict[str, Any]
"""Names of tasks, as Ray Data hands them on."""


class _Worker:
    """An actor that keeps what it loads; Ray starts another, and gives it the task again, where it dies."""

    def __init__(self, step: str, job: Job) -> None:
        self._step, self._job = step, job

    def __call__(self, batch: Batch) -> Batch:
        return _done(batch, self._step, self._job)


def _done(batch: Batch, step: str, job: Job) -> Batch:
    """The same, when the tasks of the batch are done."""
    for task in batch["task"].tolist():
        STEPS[step](job, task)
    return batch


class OverRay:
    """Ray: the cluster at an address, or workers started here."""

    def __init__(self, workers: int, address: str | None) -> None:
        """Raises SettingsError where ray is not installed or the cluster does not answer."""
        try:
            import ray
            import ray.data
        except ImportError as error:
            raise SettingsError("needs Ray: pip install 'stillon[ray]'", about="--engine ray") from error
        self._ray = ray
        self._workers = workers
        try:
            if address:
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
            else:
                ray.init(
                    address="local", num_cpus=workers, include_dashboard=False, log_to_driver=False,
                    object_store_memory=STORE_BYTES,
                    _system_config={"worker_niceness": 0},  # else they give way to all else on this machine
                    logging_level=logging.ERROR,
                )  # fmt: skip
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise SettingsError(f"no Ray there: {error}", about=address or "--engine ray") from error
        logging.getLogger("ray.data").setLevel(logging.ERROR)  # standard error is ours to speak on
        ray.data.DataContext.get_current().enable_progress_bars = False

    def run(self, step: str, job: Job, tasks: Sequence[str]) -> Iterator[str]:
        """Each task as it is done."""
        if not tasks:
            return
        data = self._ray.data.from_items([{"task": task} for task in tasks], override_num_blocks=len(tasks))
        if step in LOADED:
            workers = min(self._workers, len(tasks))
            done = data.map_batches(
                _Worker, fn_constructor_args=(step, job), batch_size=1, concurrency=workers, num_cpus=1
            )
        else:  # Ray's own processes are at hand already; an actor takes seconds to start
            done = data.map_batches(partial(_done, step=step, job=job), batch_size=1, num_cpus=1)
        for row in done.iter_rows():
            yield row["task"]

    def close(self) -> None:
        """Leaves the cluster, or ends the workers started here."""
        self._ray.shutdown()
