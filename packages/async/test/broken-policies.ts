import { type Call, DroppedError, type Policy, TimeoutError } from "@quintet/core";
import { onAbort, systemClock } from "@quintet/core/kit";
import type { LimitOptions, OverlapMode, TimeoutOptions } from "../src/index.ts";

// Policies as they are easily written, each with one mistake that real ones have had. The properties have to see it.

interface Waiter {
  readonly go: () => void;
}

interface Mistakes {
  /** Gets its slot while it is aborted, and does not give it back. */
  readonly losesSlots?: boolean;
  /** Frees the slot before the next one in line takes it, so that a newcomer comes in between. */
  readonly barges?: boolean;
  /** Calls the function although it was aborted meanwhile. */
  readonly callsAborted?: boolean;
}

/** A limit that looks at no weights and has mistakes. */
export const brokenLimit =
  (mistakes: Mistakes) =>
  (slots: number, _options: LimitOptions): Policy => {
    let free = slots;
    const line: Waiter[] = [];
    const release = (): void => {
      const next = line.shift();
      if (!mistakes.barges) {
        if (next) next.go();
        else free++;
        return;
      }
      free++;
      // The newcomer and the one in line both find it free.
      if (next) next.go();
    };
    return (next) => async (input, call) => {
      call.signal.throwIfAborted();
      if (free > 0) free--;
      else await new Promise<void>((resolve) => line.push({ go: resolve }));
      if (call.signal.aborted && !mistakes.callsAborted) {
        if (!mistakes.losesSlots) release();
        throw call.signal.reason;
      }
      try {
        return await next(input, call);
      } finally {
        release();
      }
    };
  };

interface TimeoutMistakes {
  readonly leaksListener?: boolean;
  readonly leaksTimer?: boolean;
  /** Leaves the function alone when the time is up. */
  readonly tellsNobody?: boolean;
  /** Says that the time was up where the caller has aborted before. */
  readonly hidesAbort?: boolean;
}

/** A timeout that races. */
export const brokenTimeout =
  (mistakes: TimeoutMistakes) =>
  (milliseconds: number, { clock = systemClock }: TimeoutOptions): Policy =>
  (next) =>
  async (input, call) => {
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const late = new TimeoutError("late");
    const timer = clock.after(milliseconds, () => {
      const isAborted = call.signal.aborted && !mistakes.hidesAbort;
      const why: unknown = isAborted ? call.signal.reason : late;
      if (!mistakes.tellsNobody) controller.abort(why);
      reject(why);
    });
    const onCallerAbort = (): void => controller.abort(call.signal.reason);
    call.signal.addEventListener("abort", onCallerAbort);
    try {
      return await Promise.race([next(input, { ...call, signal: controller.signal }), promise]);
    } finally {
      if (!mistakes.leaksTimer) timer.cancel();
      if (!mistakes.leaksListener) call.signal.removeEventListener("abort", onCallerAbort);
    }
  };

interface DedupeMistakes {
  /** The first caller's signal aborts the call for all. */
  readonly firstAbortsAll?: boolean;
  /** Keeps the key until an aborted call has ended, so that newcomers join what is being aborted. */
  readonly keepsKey?: boolean;
}

/** Joins calls by input. */
export const brokenDedupe = (mistakes: DedupeMistakes) => (): Policy => {
  const flights = new Map<
    unknown,
    { work: Promise<unknown>; leave: () => void; join: () => void }
  >();
  const begin = (start: (call: Call) => Promise<unknown>, call: Call, key: unknown): void => {
    const controller = new AbortController();
    let callers = 0;
    const { signal } = mistakes.firstAbortsAll ? call : controller;
    const forget = (): void => void flights.delete(key);
    const leave = (): void => {
      if (--callers > 0) return;
      if (!mistakes.keepsKey) forget();
      controller.abort(call.signal.reason);
    };
    const work = start({ ...call, signal }).finally(() => {
      if (flights.get(key)?.work === work) forget();
    });
    work.catch(() => {});
    flights.set(key, { work, leave, join: () => callers++ });
  };
  return (next) => (input, call) => {
    if (!flights.has(input)) begin(async (inner) => next(input, inner), call, input);
    const flight = flights.get(input);
    flight?.join();
    return new Promise((resolve, reject) => {
      const registration = onAbort(call.signal, (reason) => {
        reject(reason);
        flight?.leave();
      });
      flight?.work.then(
        (value) => {
          registration.leave();
          resolve(value as never);
        },
        (error: unknown) => {
          registration.leave();
          reject(error);
        },
      );
    });
  };
};

/** Starts the newest at once, while the one before it is still ending. */
export const overlappingLane = (mode: OverlapMode): Policy => {
  let running = 0;
  let current: AbortController | undefined;
  return (next) => async (input, call) => {
    if (running > 0 && mode === "drop") throw new DroppedError("dropped");
    current?.abort(new DroppedError("dropped"));
    const controller = (current = new AbortController());
    running++;
    try {
      return await next(input, { ...call, signal: controller.signal });
    } finally {
      running--;
    }
  };
};
