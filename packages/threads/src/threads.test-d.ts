import { defineTasks } from "@quintet/core";
import { threads, type ThreadsOptions } from "./threads.ts";

interface Pool {
  readonly url: string;
}

const tasks = defineTasks("types", "file:///types.ts", {
  open: (url: string): Pool => ({ url }),
  fresh: async (): Promise<Pool> => ({ url: "" }),
  fail: (): never => {
    throw new Error("no");
  },
  close: (pool: Pool) => pool.url,
  other: (date: Date) => date.getTime(),
  tidy: () => {},
});

threads();
threads({ size: 1 });
threads({ setup: tasks.open, setupInput: "a", teardown: tasks.close });
threads({ setup: tasks.open, setupInput: "a" });
threads({ setup: tasks.fresh, teardown: tasks.close });
threads({ setup: tasks.fresh });
threads({ setup: tasks.fail });
threads({ size: 1, setup: tasks.fail });
threads({ size: 1, setup: tasks.fresh });
threads({ setup: tasks.fresh, teardown: tasks.tidy });
threads({ teardown: tasks.tidy });
// @ts-expect-error: the set-up takes a string
threads({ setup: tasks.open, setupInput: 1 });
// @ts-expect-error: the set-up makes something else
threads({ setup: tasks.fresh, teardown: tasks.other });

const options: ThreadsOptions = { size: 1, setup: tasks.fresh };
threads(options);
const typed: ThreadsOptions<string, Pool> = {
  setup: tasks.open,
  setupInput: "a",
  teardown: tasks.close,
};
threads(typed);
