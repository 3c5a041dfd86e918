/** What every child process is started with. */
export interface ProcessOptions {
  /** The children's `process.env`. Default: a copy of the caller's at the time each is started. */
  readonly env?: NodeJS.Dict<string> | undefined;
  /** Appended to the children's `process.argv`. Default: none. */
  readonly argv?: readonly string[] | undefined;
  /**
   * Node's own options for the children. Default: the caller's, without those that say what to run, and without a
   * debugger, of which there can be one at a port.
   */
  readonly execArgv?: readonly string[] | undefined;
  /** The program that runs them: Node 22.12 or newer. Default: the caller's. */
  readonly execPath?: string | undefined;
  /** The folder they work in. Default: the caller's. */
  readonly cwd?: string | undefined;
  /** User and group they run as, by number; needs the right to do so. Default: the caller's. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** How much they give way to other programs: from -20, not at all, to 19; below 0 needs the right. Default: 0. */
  readonly nice?: number | undefined;
  /**
   * Bytes of JavaScript objects that each may have before it ends, and its task with `WORKER_LOST`; buffers come on
   * top. At least 16 MB (`16 * 2 ** 20`). Default: Node's own limit, which depends on the machine.
   */
  readonly memory?: number | undefined;
  /**
   * So many processes more are started before they are needed, and wait: where processes are replaced often, as with
   * `tasksPerWorker: 1`, the next task does not wait for one to start. Default: none.
   */
  readonly spares?: number | undefined;
  /** Where what they print goes: to the caller's stdout and stderr, or nowhere. Default: `"inherit"`. */
  readonly stdio?: "inherit" | "ignore" | undefined;
}
