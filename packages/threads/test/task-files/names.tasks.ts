import { defineTasks, move, type TaskContext } from "@quintet/core";

export const named = defineTasks("named", import.meta.url, {
  /** Adds one in two steps, which others must not come between; gives its token. */
  increment: (cell: Int32Array<SharedArrayBuffer>, { semaphore }: TaskContext) =>
    semaphore("counter").use(async ({ fencingToken }) => {
      const before = cell[0]!;
      await new Promise((resolve) => setTimeout(resolve, 1));
      cell[0] = before + 1;
      return fencingToken;
    }),

  /** Sends bytes twice, moved and copied; gives how many are left of each here. */
  async sendsBytes(size: number, { channel }: TaskContext): Promise<number[]> {
    const bytes = channel("bytes", { capacity: 2 });
    const [moved, copied] = [new Uint8Array(size).fill(7), new Uint8Array(size)];
    await bytes.send(move(moved));
    await bytes.send(copied);
    return [moved.byteLength, copied.byteLength];
  },
});
