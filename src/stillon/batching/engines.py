"""Who does the steps of a run: this process, or a pool of processes that load the models once."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from stillon.batching import answering, components, extracting, linking, splitting
from stillon.batching.job import Job
from stillon.errors import BatchFailed

Step = Callable[[Job, str], None]
STEPS: Mapping[str, Step] = {
    "split": splitting.split_group,
    "read": extracting.read_part,
    "scatter": linking.scatter,
    "admit": linking.admit,
    "share": linking.share,
    "measure": linking.measure,
    "meet": linking.meet,
    "compare": linking.compare,
    "route": components.route,
    "gather": answering.gather,
    "answer": answering.answer,
    "finish": answering.finish,
}
"""Each step by its name: done again it gives the same file, so that a task may be given to another worker."""
MOST_DEATHS = 3
"""Times that workers may die over one task before the run is given up."""


class Engine(Protocol):
    """Does tasks of a step, in any order."""

    def run(self, step: str, job: Job, tasks: Sequence[str]) -> Iterator[str]:
        """Each task as it is done. Raises BatchFailed where a task cannot be done, and whatever a task raises."""
        ...

    def close(self) -> None:
        """Lets the workers go."""
        ...


class Here:
    """Does all in this process."""

    def run(self, step: str, job: Job, tasks: Sequence[str]) -> Iterator[str]:
        """Each task as it is done."""
        for task in tasks:
            STEPS[step](job, task)
            yield task

    def close(self) -> None:
        """Nothing to let go."""


class Local:
    """A pool of processes on this machine; one that dies is replaced, and its task done again."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def run(self, step: str, job: Job, tasks: Sequence[str]) -> Iterator[str]:
        """Each task as it is done; never more in hand than keeps all workers busy."""
        waiting = deque(tasks)
        deaths: Counter[str] = Counter()
        while waiting:
            in_hand: dict[Future[None], str] = {}
            try:
                pool = self._pool = self._pool or self._opened()
                while waiting or in_hand:
                    while waiting and len(in_hand) < 2 * self._workers:
                        in_hand[pool.submit(do, step, job, waiting[0])] = waiting[0]
                        waiting.popleft()
                    for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                        future.result()
                        yield in_hand.pop(future)
            except BrokenProcessPool as error:
                self._pool = None
                deaths.update(in_hand.values())
                waiting.extendleft(in_hand.values())  # one that is done already is found to be
                worst, times = deaths.most_common(1)[0]
                if times > MOST_DEATHS:
                    raise BatchFailed(f"workers died {times} times over it", about=f"{step} {worst}") from error

    def _opened(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    def close(self) -> None:
        """Ends the workers, what they have in hand being done again by the next run."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _begin() -> None:
    """A worker leaves it to its parent to stop it, which lets it be done with what it has in hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def do(step: str, job: Job, task: str) -> None:
    """One task."""
    STEPS[step](job, task)
