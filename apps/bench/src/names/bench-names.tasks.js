import { defineTasks } from "@quintet/core";

/** How a task uses what it shares by name with its caller and with others. */
export const names = defineTasks("bench-names", import.meta.url, {
  async permits(times, { semaphore }) {
    const only = semaphore("bench");
    let taken = 0;
    for (let time = 0; time < times; time++) {
      const permit = await only.acquire();
      taken++;
      permit.release();
    }
    return taken;
  },
  async values(count, { channel }) {
    const to = channel("bench", { capacity: 64 });
    for (let n = 1; n <= count; n++) await to.send(n);
  },
});
