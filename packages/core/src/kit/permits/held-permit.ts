import type { Party } from "../../inspection.ts";
import { party } from "../waits/parking-lot.ts";
import { type Track, waitWatch } from "../waits/wait-watch.ts";
import type { AcquireOptions, Permit } from "../../semaphore.ts";

/** Whom permits go back to. */
export interface PermitOwner {
  /** Called once for each permit. */
  giveBack(permit: HeldPermit): void;
}

/** A permit of this process: it is never lost, and goes back once, however often that is asked for. */
export class HeldPermit implements Permit {
  readonly weight: number;
  #owner: PermitOwner | undefined;
  #signal: AbortSignal | undefined;

  constructor(owner: PermitOwner, weight: number) {
    this.#owner = owner;
    this.weight = weight;
  }

  // One for each permit: listeners that somebody forgot go with it.
  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal);
  }

  release(): void {
    const owner = this.#owner;
    if (owner === undefined) return;
    this.#owner = undefined;
    owner.giveBack(this);
  }

  /** Hands what it stands for to somebody else; false when it was given back before. */
  protected surrender(): boolean {
    const isHeld = this.#owner !== undefined;
    this.#owner = undefined;
    return isHeld;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}

/**
 * Runs a function while a permit is held, and gives it back however the function ends. With `then` and without an async
 * function, which takes half as long again; V8 follows both when it shows who awaits an error.
 */
export function useHeld<T, Held extends Permit>(
  permit: Held,
  call: (permit: Held) => T | PromiseLike<T>,
): Promise<T> {
  let result: T | PromiseLike<T>;
  try {
    result = call(permit);
    if (!hasThen(result)) {
      permit.release();
      return Promise.resolve(result);
    }
  } catch (error) {
    permit.release();
    return Promise.reject(error);
  }
  return Promise.resolve(result).then(
    (value) => {
      permit.release();
      return value;
    },
    (error: unknown) => {
      permit.release();
      throw error;
    },
  );
}

/** The same for a permit that is waited for. The function is not called when the signal has aborted by then. */
export async function useAwaited<T, Held extends Permit>(
  acquired: Promise<Held>,
  call: (permit: Held) => T | PromiseLike<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const permit = await acquired;
  try {
    if (signal !== undefined && signal.aborted) throw signal.reason;
    return await call(permit);
  } finally {
    permit.release();
  }
}

const hasThen = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === "object" && value !== null) || typeof value === "function") &&
  typeof (value as { then?: unknown }).then === "function";

/** The same while waits are watched: what the function waits for while it holds the permit is seen as one task's. */
export function useWatched<T, Held extends Permit>(
  source: { acquire(options?: AcquireOptions): Promise<Held> },
  call: (permit: Held) => T | PromiseLike<T>,
  options: AcquireOptions | undefined,
): Promise<T> {
  const use = (): Promise<T> => useAwaited(source.acquire(options), call, options?.signal);
  return waitWatch.current ? waitWatch.current.runAs(undefined, use) : use();
}

/** Who holds permits; filled while waits are watched. */
export class Holders {
  readonly #tracks = new Map<HeldPermit, Track>();

  /** Notes that a permit was taken: by the one who waited for it, or by the caller. */
  add(permit: HeldPermit, track: Track | undefined): void {
    const found = track ?? waitWatch.current?.track();
    if (found) this.#tracks.set(permit, found);
  }

  delete(permit: HeldPermit): void {
    this.#tracks.delete(permit);
  }

  parties(what: string): Party[] {
    return Array.from(this.#tracks, ([permit, track]) => party(what, permit.weight, track));
  }
}
