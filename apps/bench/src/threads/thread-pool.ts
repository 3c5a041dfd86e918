import type * as functions from "./workers/functions.js";

/** What every worker can run. */
export type Functions = typeof functions;

/** What a function of that name takes. */
export type InputOf<Name extends keyof Functions> = Parameters<Functions[Name]>[0];

/** What a function of that name gives. */
export type OutputOf<Name extends keyof Functions> = ReturnType<Functions[Name]>;

/** A pool of threads as works see it: what it cannot do is missing. */
export interface ThreadPool {
  /** Runs one function once. */
  run<Name extends keyof Functions>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** Runs `noop` on every input, in the way the library offers for many inputs. */
  readonly map?: (inputs: readonly number[]) => Promise<readonly number[]>;
  /** Runs `weigh` on bytes that move to the worker. */
  readonly send?: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>;
  /** Runs `stamp` on bytes that move to the worker and back. */
  readonly bounce?: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
  /** Makes a way to cancel many tasks together. */
  readonly cancellation?: () => Cancellation;
  /** Ends all workers. */
  close(): Promise<void>;
}

/** Tasks that are cancelled together. */
export interface Cancellation {
  /** Runs `noop`, which `cancel` cancels. */
  readonly run: (input: number) => Promise<number>;
  readonly cancel: () => void;
  /** With how many tasks it still works. Default: with any number. */
  readonly most?: number;
  /** Whether a promise was rejected in the way that the library documents for this. */
  readonly isCancelled: (error: unknown) => boolean;
}

/** How a pool is opened. */
export interface ThreadPoolOptions {
  /** The number of workers, all there from the start as far as the library has it so. */
  readonly size: number;
  /** Tasks will be cancelled while they wait, for pools that have to know. */
  readonly cancels?: boolean;
}
