import { barProgress } from "./progress-bar.ts";
import { lineProgress } from "./progress-lines.ts";

/** Shows how far a place has come. */
export interface Progress {
  /** Told of the number of files done, and the milliseconds since the first. */
  update(done: number, time: number): void;
  /** Leaves what is shown standing. */
  stop(): void;
}

/** What progress is shown of, and where. */
export interface ProgressOptions {
  /** The place's name. */
  readonly title: string;
  readonly total: number;
  /** After how many milliseconds the first place had done so many files. */
  readonly baseline?: readonly number[] | undefined;
  readonly output: NodeJS.WriteStream;
}

/** A bar on a terminal; a line for each quarter where the output goes to a file or a pipe. */
export function showProgress(options: ProgressOptions): Progress {
  return options.output.isTTY ? barProgress(options) : lineProgress(options);
}
