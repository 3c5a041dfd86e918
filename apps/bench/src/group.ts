import type { Subject } from "./subject.ts";
import type { Target } from "./target.ts";
import type { Work } from "./work.ts";

/** Subjects of one kind, what they have to do, and what we want to reach. */
export interface Group {
  readonly name: string;
  readonly subjects: readonly Subject[];
  /** Everything there is to do. `quick` makes it smaller, not other. */
  readonly works: (options: { readonly quick: boolean }) => readonly Work[];
  readonly targets: readonly Target[];
}
