import type { Traits } from "@quintet/core";
import type { Clock, Travels } from "@quintet/core/kit";
import type { WorkerOrder, WorkerReport } from "../codec/protocol.ts";
import { Ring } from "./ring.ts";
import type { Position } from "./ring-memory.ts";

/** How a worker ended. */
export interface WorkerExit {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** What it died of, when it says so. */
  readonly error?: unknown;
  /** The last lines it wrote to stderr. */
  readonly stderr?: string | undefined;
}

/** What a link tells its owner; `exit` is the last thing, after every report that arrived. */
export interface LinkEvents {
  report(report: WorkerReport): void;
  /** Every report that had arrived was told. */
  caughtUp(): void;
  /** A distant worker answers: of the runs it was asked for it has not started these, and gives them back. */
  returned?(positions: readonly Position[]): void;
  /** A report arrived that cannot be read. */
  unreadable(error: unknown): void;
  exit(exit: WorkerExit): void;
}

/** The connection to one worker. */
export interface Link {
  /** For messages and traces: `"thread 3"`. */
  readonly label: string;
  /** Where runs are handed over. */
  readonly ring: Ring;
  /** Sends a message. Throws when a value in it cannot travel; then nothing was sent. */
  send(order: WorkerOrder, transfer?: readonly object[]): void;
  /** Whether the worker keeps this process alive. */
  hold(held: boolean): void;
  /** Calls back when the event loop has turned once. Default: answers are looked for when the worker tells of them. */
  readonly soon?: (call: () => void) => void;
  /** Reads what has arrived, and tells when the worker has ended: for who blocks the event loop. */
  poll?(): void;
  /** The worker cannot come up while this thread blocks. */
  readonly needsCaller?: boolean;
  /** Whether a value can be sent. Default: whether it survives structured clone. */
  readonly travels?: Travels;
  /** Ends the worker whatever it does; `exit` follows. */
  kill(): void;
}

/** Starts workers and talks to them: the only part of a pool that differs between threads and processes. */
export interface Transport {
  readonly traits: Traits;
  /** Whether a value can be sent. Default: whether it survives structured clone. */
  readonly travels?: Travels;
  /** Ends what is kept ready beside the workers; resolves when that is gone. Default: there is nothing. */
  close?(): Promise<void>;
  /** Starts a worker. It reports `ready` once, or exits. */
  connect(events: LinkEvents): Link;
}

const nothing = (): void => {};

/** Starts a worker. One that cannot even be tried, for a bad option or lack of memory, exits with that error. */
export function connect(transport: Transport, events: LinkEvents, clock: Clock): Link {
  try {
    return transport.connect(events);
  } catch (error) {
    const poll = (): void => events.exit({ error });
    clock.after(0, poll);
    const ring = new Ring();
    return { label: "no worker", ring, send: nothing, hold: nothing, kill: nothing, poll };
  }
}
