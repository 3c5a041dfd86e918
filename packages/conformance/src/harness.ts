import type { Executor } from "@quintet/core";
import type { Report } from "./report.ts";

/** What a case asks of the executor that is made for it. What it leaves out is the harness's own choice. */
export interface CreateOptions {
  /** How many tasks run at a time. */
  readonly concurrency?: number;
  /** How many accepted tasks may wait. */
  readonly maxQueue?: number;
  /** How many milliseconds an aborted task has before its worker is stopped, where that is possible. */
  readonly grace?: number;
}

/** The executor under test. */
export interface Harness {
  /** For titles and the report. */
  readonly name: string;
  /** Makes an executor that nobody else uses. The suite closes it. */
  create(options: CreateOptions): Executor | PromiseLike<Executor>;
  /**
   * Source text of an ES module that exports the same `create`, with absolute URLs in its imports. With it the
   * suite also checks, in processes of its own, that an idle executor lets its process end. Default: it does not.
   */
  readonly program?: string;
  /**
   * How long a case waits for something that has to happen, in milliseconds; a whole case may take three
   * times as long. Default: 10,000.
   */
  readonly patience?: number;
  /**
   * Gets the report when all cases have run, or the file to write it to: as JSON, with a table beside it
   * that ends in `.txt`.
   */
  readonly report?: string | ((report: Report) => void);
}

/**
 * The part of a test runner that the suite uses: that of Vitest, Jest and Mocha, or `nodeTest()`.
 * A runner's `expect` may be there and is not used: the suite brings its own assertions.
 */
export interface Runner {
  readonly describe: (title: string, define: () => void) => unknown;
  /** `timeout` in milliseconds; longer than the suite itself lets a case run. */
  readonly it: (title: string, run: () => Promise<void>, timeout: number) => unknown;
  /** Without it the report is only to be had from `report()`, and each case makes its own executors. */
  readonly afterAll?: ((run: () => Promise<void>) => unknown) | undefined;
  readonly expect?: unknown;
}
