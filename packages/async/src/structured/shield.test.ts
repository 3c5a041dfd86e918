import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { shield } from "./shield.ts";
import { taskGroup } from "./task-group.ts";

it("gives what the work gives", async () => {
  expect(await shield(() => 1)).toBe(1);
  expect(await shield(Promise.resolve(2), {})).toBe(2);
  const error = new Error("no");
  expect(await thrown(shield(() => Promise.reject(error)))).toBe(error);
  expect(await thrown(shield(5 as never))).toMatchObject({ code: "INVALID_OPTION" });
});

it("gives up at once when it is aborted, and the work goes on", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  let isSaved = false;
  const save = (): Promise<void> => ticks().then(() => void (isSaved = true));
  const outcome = thrown(shield(save, { signal: controller.signal }));
  controller.abort("enough");
  expect(await outcome).toBe("enough");
  expect(isSaved).toBe(false);
  await ticks();
  expect(isSaved).toBe(true);
  expect(listeners()).toBe(0);
});

it("does not begin after the abort", async () => {
  const work = (): never => expect.fail();
  expect(await thrown(shield(work, { signal: AbortSignal.abort("before") }))).toBe("before");
});

it("reports an error that comes after the abort as uncaught", async () => {
  const { promise: uncaught, resolve } = Promise.withResolvers<unknown>();
  const listeners = process.rawListeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.once("uncaughtException", resolve);
  try {
    const controller = new AbortController();
    const error = new Error("not saved");
    const outcome = thrown(
      shield(() => ticks().then(() => Promise.reject(error)), { signal: controller.signal }),
    );
    controller.abort("enough");
    expect(await outcome).toBe("enough");
    expect(await uncaught).toBe(error);
  } finally {
    for (const each of listeners) process.on("uncaughtException", each as () => void);
  }
});

describe("in a group", () => {
  it("keeps the group waiting, and no abort reaches it", async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const group = taskGroup(
      (parent) =>
        shield(() => ticks().then(() => log.push("saved")), { parent }).catch((reason: unknown) => {
          log.push(String(reason));
          throw reason;
        }),
      { signal: controller.signal, limit: 1 },
    );
    controller.abort("closing");
    expect(await thrown(group)).toBe("closing");
    expect(log).toEqual(["closing", "saved"]);
  });

  it("hands an error to whoever still waits, and to the group otherwise", async () => {
    const error = new Error("not saved");
    const fine = await taskGroup(async (parent) => {
      expect(await thrown(shield(() => Promise.reject(error), { parent }))).toBe(error);
      return parent.cancelled;
    });
    expect(fine).toBe(false);

    const group = taskGroup(async (parent) => {
      const { signal } = parent;
      const outcome = thrown(shield(() => ticks().then(() => Promise.reject(error)), { parent }));
      parent.cancel("enough");
      expect(await outcome).toBe("enough");
      expect(signal.aborted).toBe(true);
    });
    expect(await thrown(group)).toBe(error);
  });

  it("takes no slot, and is named when it is given up", async () => {
    const clock = virtualClock();
    const group = taskGroup(
      async (parent) => {
        void shield(() => new Promise(() => {}), { parent }).catch(() => {});
        expect(await parent.spawn(() => 1).result).toBe(1);
        parent.cancel();
      },
      { limit: 1, grace: 10, clock },
    );
    const outcome = thrown(group);
    await clock.advance(10);
    expect(await outcome).toMatchObject({ code: "TASKS_LEAKED", tasks: ["shield"] });
  });

  it("does not begin in one that is aborted or has ended", async () => {
    let parent!: Parameters<Parameters<typeof taskGroup>[0]>[0];
    const group = taskGroup(async (own) => {
      parent = own;
      own.cancel("over");
      await shield(() => expect.fail(), { parent });
    });
    expect(await thrown(group)).toBe("over");
    await taskGroup((own) => void (parent = own));
    expect(await thrown(shield(() => expect.fail(), { parent }))).toMatchObject({ code: "CLOSED" });
  });
});
