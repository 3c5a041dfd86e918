"""Does the works of the group in Python's own pools, one for each line of JSON on its input.

A request is {"work", "size", "via", "workers"}; the answer is {"time", "cpu", "latencies", "inline"} in
milliseconds, or {"mismatch"} or {"error"}. Each output is checked.
"""

import gc
import json
import resource
import sys
import time
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from math import ceil
from multiprocessing import Pool

IN_FLIGHT = 64
TASK_MILLISECONDS = 10


class Mismatch(Exception):
    """An output is wrong."""


def noop(number):
    return number + 1


def burn(iterations):
    state = 1
    for _ in range(iterations):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    return state


def check(what, expected, got):
    if expected != got:
        raise Mismatch(f"{what}: expected {expected!r}, got {got!r}")


def check_all(results):
    for number, result in enumerate(results):
        check(f"noop({number})", number + 1, result)


def milliseconds():
    return time.perf_counter() * 1000


def processor_milliseconds():
    """What this process used, and those of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used) * 1000


def submit_at_once(executor, size):
    start = milliseconds()
    futures = [executor.submit(noop, number) for number in range(size)]
    results = [future.result() for future in futures]
    ended = milliseconds()
    check("number of results", size, len(results))
    check_all(results)
    return {"time": ended - start}


def submit_in_flight(executor, size):
    start = milliseconds()
    waiting = deque()
    for number in range(size):
        if len(waiting) == IN_FLIGHT:
            earlier, future = waiting.popleft()
            check(f"noop({earlier})", earlier + 1, future.result())
        waiting.append((number, executor.submit(noop, number)))
    for earlier, future in waiting:
        check(f"noop({earlier})", earlier + 1, future.result())
    return {"time": milliseconds() - start}


def submit_one_at_a_time(executor, size):
    latencies = []
    for number in range(size):
        start = milliseconds()
        result = executor.submit(noop, number).result()
        latencies.append(milliseconds() - start)
        check(f"noop({number})", number + 1, result)
    return {"time": sum(latencies), "latencies": latencies}


def map_all(run_map, size):
    numbers = list(range(size))
    start = milliseconds()
    results = run_map(numbers)
    ended = milliseconds()
    check("number of results", size, len(results))
    check_all(results)
    return {"time": ended - start}


def computing_task():
    """How many iterations take TASK_MILLISECONDS here, and what they give."""
    sample = 20_000
    fastest = float("inf")
    for _ in range(10):
        start = milliseconds()
        burn(sample)
        fastest = min(fastest, milliseconds() - start)
    iterations = round(TASK_MILLISECONDS * sample / fastest)
    return iterations, burn(iterations)


def submit_computing(executor, size):
    iterations, expected = computing_task()
    alone = max(1, size // 4)
    start = milliseconds()
    for _ in range(alone):
        check("burn", expected, burn(iterations))
    inline = (milliseconds() - start) / alone
    start = milliseconds()
    futures = [executor.submit(burn, iterations) for _ in range(size)]
    for future in futures:
        check("burn", expected, future.result())
    return {"time": milliseconds() - start, "inline": inline}


SUBMIT = {
    "at once": submit_at_once,
    "in flight": submit_in_flight,
    "one at a time": submit_one_at_a_time,
    "computing": submit_computing,
}


def with_executor(size, workers, run):
    with ProcessPoolExecutor(workers) as executor:
        list(executor.map(noop, range(64 * workers)))  # all processes are up
        return run(executor, size)


def with_pool(size, workers):
    with Pool(workers) as pool:
        pool.map(noop, range(64 * workers))
        answer = map_all(lambda numbers: pool.map(noop, numbers), size)
        pool.close()
        pool.join()
        return answer


def executor_map(executor, size, workers):
    """The documentation advises a large chunksize for long iterables; this is the one that Pool.map takes."""
    chunksize = ceil(size / (4 * workers))
    return map_all(lambda numbers: list(executor.map(noop, numbers, chunksize=chunksize)), size)


def cold_start(workers):
    start = milliseconds()
    with ProcessPoolExecutor(workers) as executor:
        check("noop(1)", 2, executor.submit(noop, 1).result())
        ended = milliseconds()
    return {"time": ended - start}


def answer_to(work, size, via, workers):
    if work == "cold start":
        return cold_start(workers)
    if via.endswith("Pool.map"):
        return with_pool(size, workers)
    if via.endswith(".map"):
        return with_executor(size, workers, lambda it, n: executor_map(it, n, workers))
    return with_executor(size, workers, SUBMIT[work])


def main():
    for line in sys.stdin:
        try:
            gc.collect()
            before = processor_milliseconds()
            answer = {"latencies": [], "inline": 0, **answer_to(**json.loads(line))}
            answer["cpu"] = processor_milliseconds() - before
        except Mismatch as mismatch:
            answer = {"mismatch": str(mismatch)}
        except Exception as error:  # the one who asks decides what becomes of it
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
