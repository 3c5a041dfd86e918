import type { Subject } from "../subject.ts";

/** What shares names with its workers. */
export interface NamePlace {
  /** In so many workers at once, one task takes the permit of one name so often, one after the other; gives how often in all. Absent where there are no permits. */
  readonly permits?: (workers: number, times: number) => Promise<number>;
  /** One task sends 1, 2, 3 … to its caller, who receives them; gives their sum. Absent where there are no channels. */
  readonly values?: (count: number) => Promise<number>;
  close(): Promise<void>;
}

/** Who takes part: it has two workers. */
export interface NameSubject extends Subject {
  open(): NamePlace | PromiseLike<NamePlace>;
}
