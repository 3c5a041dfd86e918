import { eventLoop } from "@quintet/async";
import type { Executor } from "@quintet/core";
import { processes } from "@quintet/processes";
import { threads } from "@quintet/threads";
import { packageVersion } from "../../package-version.ts";
import { names } from "../bench-names.tasks.js";
import type { NameSubject } from "../name-subject.ts";

const subject = (place: string, open: () => Executor): NameSubject => ({
  name: `quintet, ${place}`,
  kind: "ours",
  version: packageVersion("@quintet/core"),
  async open() {
    const executor = open();
    const channel = executor.channel<number>("bench", { capacity: 64 });
    await executor.ready();
    return {
      async permits(workers, times) {
        const runs = Array.from({ length: workers }, () => executor.run(names.permits, times));
        return (await Promise.all(runs)).reduce((sum, taken) => sum + taken, 0);
      },
      async values(count) {
        const sent = executor.run(names.values, count);
        let sum = 0;
        for (let n = 0; n < count; n++) {
          const { value } = await channel.receive();
          sum += value ?? Number.NaN;
        }
        await sent;
        return sum;
      },
      close: () => executor.close(),
    };
  },
});

export const quintetThreads: NameSubject = subject("threads", () => threads({ size: 2 }));
export const quintetProcesses: NameSubject = subject("processes", () => processes({ size: 2 }));
export const quintetEventLoop: NameSubject = subject("event loop", () => eventLoop());
