import type { Task, TaskOrigin } from "@quintet/core";

/** What a number stands for. */
export interface NumberedTask {
  readonly number: number;
  readonly id: string;
  readonly origin: TaskOrigin;
}

/** Gives each distinct task a small number, so that its id and place are sent to a worker once. */
export class TaskNumbers {
  readonly #byTask = new WeakMap<Task<never, unknown>, NumberedTask>();
  /** `inline()` in a loop makes many tasks of the same source. */
  readonly #byKey = new Map<string, NumberedTask>();

  of(task: Task<never, unknown>): NumberedTask {
    let numbered = this.#byTask.get(task);
    if (!numbered) {
      const { id, origin } = task;
      const key = JSON.stringify([id, origin]);
      numbered = this.#byKey.get(key) ?? { number: this.#byKey.size, id, origin };
      this.#byKey.set(key, numbered);
      this.#byTask.set(task, numbered);
    }
    return numbered;
  }
}
