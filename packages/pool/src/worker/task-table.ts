import type { TaskOrigin } from "@quintet/core";
import { loadTask, setLoadingModule, type TaskCall } from "@quintet/core/kit";

interface Entry {
  readonly id: string;
  readonly origin: TaskOrigin;
  call: TaskCall | undefined;
}

/** The tasks this worker was told of, by their numbers, and their code once it is loaded. */
export class TaskTable {
  readonly #entries = new Map<number, Entry>();

  register(number: number, id: string, origin: TaskOrigin): void {
    this.#entries.set(number, { id, origin, call: undefined });
  }

  id(number: number): string {
    return this.#entries.get(number)?.id ?? `task ${number}`;
  }

  /** The code, where it is loaded already. */
  loaded(number: number): TaskCall | undefined {
    return this.#entries.get(number)?.call;
  }

  /** Loads the code. A failed load is tried again the next time. */
  async load(number: number): Promise<TaskCall> {
    const entry = this.#entries.get(number) as Entry;
    const { origin } = entry;
    setLoadingModule(origin.kind === "inline" ? undefined : origin.module);
    try {
      return (entry.call = await loadTask(entry.id, origin));
    } finally {
      setLoadingModule(undefined);
    }
  }
}
