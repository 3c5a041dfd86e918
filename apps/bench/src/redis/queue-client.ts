import type { Subject } from "../subject.ts";

/** What a subject has to be able to do: `noop`, which adds one, on a worker in a process of its own. */
export interface QueueClient {
  run(input: number): Promise<number>;
  /** Many at once, as quickly as its library knows how to. */
  all(inputs: readonly number[]): Promise<number[]>;
  close(): Promise<void>;
}

/** A library that sends tasks through Redis and waits for their results. */
export interface QueueSubject extends Subject {
  readonly open: (url: string) => Promise<QueueClient>;
}
