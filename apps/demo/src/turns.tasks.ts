import { defineTasks, type TaskContext } from "@quintet/core";

/** What a task tells of its turn. */
export type Turn = "begins" | "ends";

/** What tasks share by name, written once for every place. */
export const turns = defineTasks("turns", import.meta.url, {
  /** Takes the one permit that all tasks and their caller share, and tells the caller of its turn while it has it. */
  async take(_: number, { semaphore, channel }: TaskContext): Promise<void> {
    const told = channel<Turn>("turns");
    await semaphore("whose turn it is").use(async () => {
      await told.send("begins");
      await told.send("ends");
    });
  },
});
