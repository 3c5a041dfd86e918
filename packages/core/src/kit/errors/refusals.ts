import { ClosedError, NotSupportedError, QueueFullError, TimeoutError } from "../../errors.ts";

/** For what comes after the end of an executor. */
export function closed(executor: string): ClosedError {
  return new ClosedError(`The executor ${executor} is closed; it takes no tasks any more.`);
}

/** For what is asked about names of an executor after its end. */
export function closedNames(executor: string): ClosedError {
  return new ClosedError(
    `The executor ${executor} is closed, and with it its named semaphores and channels.`,
  );
}

/** For a run that would have to wait where no more may. */
export function queueFull(executor: string, maxQueue: number): QueueFullError {
  return new QueueFullError(
    `The queue of ${executor} is full: ${maxQueue} tasks wait. Wait for some to end, or use submit(), which waits for room.`,
  );
}

/** For a run whose output is asked for where it cannot be told from the others'. */
export function noOutput(executor: string): NotSupportedError {
  return new NotSupportedError(
    `${executor} cannot tell what one task writes from what others do; leave out the onOutput option.`,
  );
}

/** For a run with the names of an executor that its worker cannot reach. */
export function noNames(executor: string): NotSupportedError {
  return new NotSupportedError(
    `Tasks of ${executor} run elsewhere and find its own names only; leave out the names option.`,
  );
}

/** For what was not done by its deadline, in milliseconds since 1970. */
export function late(what: string, deadline: number): TimeoutError {
  const date = new Date(deadline).toISOString();
  return new TimeoutError(`${what} was not done by its deadline, ${date}.`);
}

/** For a task that ran for more than so many milliseconds. */
export function overtime(task: string, timeout: number): TimeoutError {
  return new TimeoutError(`${task} ran longer than its timeout of ${timeout} ms.`);
}

/** For a key where tasks have no worker to stay at. */
export function unkeyed(executor: string): NotSupportedError {
  return new NotSupportedError(
    `${executor} has no workers that tasks could stay at; leave out the key option.`,
  );
}
