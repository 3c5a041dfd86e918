import type { TaskOrigin } from "@quintet/core";
import { loadTask, setLoadingModule, type TaskCall } from "@quintet/core/kit";
import type { RegisterOrder } from "../codec/protocol.ts";

/** A task this worker was told of. */
export interface TaskEntry {
  readonly id: string;
  readonly origin: TaskOrigin;
  /** Whose runs it is for: the name their ids begin with. */
  readonly executor: string;
  /** The code, once it is loaded. */
  call: TaskCall | undefined;
}

/** The tasks this worker was told of, by their numbers. */
export class TaskTable {
  readonly #entries: (TaskEntry | undefined)[] = [];

  register([, number, id, origin, executor]: RegisterOrder): void {
    this.#entries[number] = { id, origin, executor, call: undefined };
  }

  get(number: number): TaskEntry | undefined {
    return this.#entries[number];
  }
}

/** Loads the code of a task. A failed load is tried again the next time. */
export async function loadEntry(entry: TaskEntry): Promise<TaskCall> {
  const { id, origin } = entry;
  setLoadingModule(origin.kind === "inline" ? undefined : origin.module);
  try {
    return (entry.call = await loadTask(id, origin));
  } finally {
    setLoadingModule(undefined);
  }
}
