import {
  type AcquireOptions,
  type Arm,
  InvalidOptionError,
  notReady,
  type Parked,
  type Permit,
  type Selectable,
  type Semaphore,
} from "@quintet/core";

/** Options of `acquiring`. */
export type AcquiringOptions = Pick<AcquireOptions, "weight" | "priority">;

/** A semaphore that knows select. */
export interface SelectableSemaphore extends Semaphore {
  /** An arm for `select`: ready when the permit can be taken, which a select that it wins then holds. */
  acquiring(options?: AcquiringOptions): Selectable<Permit>;
}

/**
 * An arm for `select` that acquires a permit, of any semaphore; the winner releases it.
 * Semaphores and mutexes of `@quintet/async` know select: the arm waits in their line, and leaves it in O(1).
 * Others are asked by `acquire` with a signal. Should one grant a permit to an arm that has just lost, that is
 * released at once.
 *
 * @example
 * ```ts
 * import { semaphore } from "@quintet/async";
 * import { acquiring, after, select } from "@quintet/coroutines";
 *
 * const connections = semaphore(2);
 * const won = await select({ permit: acquiring(connections), late: after(1_000) });
 * if (won.arm === "permit") {
 *   console.log(connections.available); // => 1
 *   won.value.release();
 * }
 * ```
 */
export function acquiring(
  semaphore: Semaphore | SelectableSemaphore,
  options: AcquiringOptions = {},
): Selectable<Permit> {
  const { acquire: acquires } = Object(semaphore) as Partial<Semaphore>;
  if (typeof acquires !== "function") {
    throw new InvalidOptionError(`acquiring: takes a semaphore, got ${typeof semaphore}.`);
  }
  if ("acquiring" in semaphore) return semaphore.acquiring(options);
  return {
    poll: () => semaphore.tryAcquire(options.weight) ?? notReady,
    park: (arm) => acquire(semaphore, options, arm),
  };
}

/** Why an arm stops waiting. A reason at hand, because to make an error for each that loses would be slow. */
const lost = "another arm has won";

/** Acquires for an arm, until it leaves. */
function acquire(semaphore: Semaphore, options: AcquiringOptions, arm: Arm<Permit>): Parked {
  const controller = new AbortController();
  let isWaiting = true;
  semaphore.acquire({ ...options, signal: controller.signal }).then(
    (permit) => {
      isWaiting = false;
      if (!arm.fire(permit)) permit.release();
    },
    // That we have left ourselves is nobody's error.
    (error: unknown) => void (controller.signal.aborted || arm.fail(error)),
  );
  return {
    leave() {
      if (isWaiting) controller.abort(lost);
    },
  };
}
