import type { Subject } from "../subject.ts";
import type { Items, Limiter } from "./limiter.ts";

/** A library for work on the event loop. */
export interface AsyncSubject extends Subject {
  /** Makes a limiter of so many permits; the library's mutex for one, where it has one. */
  readonly limiter?: (permits: number) => Limiter;
  readonly queue?: () => Items;
}
