"""Time and memory of finding the copies of one new report among many, by synthetic texts.

    python bench/copies.py [--known 100000] [--asked 200] [--words 500]

Texts are drawn from a vocabulary with the skew of prose (Zipf); one in ten is a copy, whole or in part, of
an earlier one. Prints plain figures: milliseconds to find the copies of a report and to make it known, peak
memory, and how many of the planted copies were found.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import statistics
import time

import numpy as np

from stillon.linking.copies import COPIED, CopyIndex
from stillon.model import Report


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--known", type=int, default=100_000)
    ask.add_argument("--asked", type=int, default=200)
    ask.add_argument("--words", type=int, default=500)
    args = ask.parse_args()
    random = np.random.default_rng(7)
    vocabulary = [f"word{number}" for number in range(30_000)]
    drawn = random.zipf(1.3, size=args.known * args.words // 4) % len(vocabulary)

    def text(length: int) -> str:
        places = random.integers(0, len(drawn), size=length)
        return " ".join(vocabulary[each] for each in drawn[places])

    def report(number: int, words: str) -> Report:
        return Report(id=f"r{number}", file=f"r{number}", text=words, published=datetime.date(2030, 1, 1))

    index, kept = CopyIndex(), []
    begun = time.perf_counter()
    for number in range(args.known):
        made = report(number, text(int(random.integers(args.words // 2, args.words * 3 // 2))))
        if number % max(1, args.known // args.asked) == 0:
            kept.append(made)
        index.add(made)
    add_ms = 1000 * (time.perf_counter() - begun) / args.known
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    taken, found = [], 0
    for number, original in enumerate(kept[: args.asked]):
        words = original.text.split()
        part = words[: len(words) * 3 // 4] if number % 2 else words
        new = report(args.known + number, " ".join(part) + " " + text(args.words // 4))
        begun = time.perf_counter()
        candidates = index.candidates(new)
        taken.append(1000 * (time.perf_counter() - begun))
        found += any(known == original.id and shared >= COPIED for known, shared in candidates)
    print(f"known reports           {len(index)}")
    print(f"find copies, median ms  {statistics.median(taken):.2f}")
    print(f"find copies, 99th ms    {float(np.percentile(taken, 99)):.2f}")
    print(f"draw and add, mean ms   {add_ms:.2f}")
    print(f"peak of process, MB     {peak_mb:.0f}")
    print(f"planted copies found    {found} of {len(taken)}")


if __name__ == "__main__":
    main()
