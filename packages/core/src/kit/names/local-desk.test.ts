import { describe, expect, it } from "vitest";
import { virtualClock } from "../clock/virtual-clock.ts";
import { DeskChannel } from "./desk-channel.ts";
import { DeskSemaphore } from "./desk-semaphore.ts";
import { LocalDesk } from "./local-desk.ts";
import { ownChannel, ownSemaphore } from "./own-names.ts";

const open = (clock = virtualClock()) => {
  const desk = new LocalDesk(clock);
  return {
    clock,
    desk,
    semaphore: (name: string, permits?: number) => new DeskSemaphore(desk, name, permits),
    channel: (name: string) => new DeskChannel<number>(desk, name, undefined),
  };
};

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "fulfilled",
    (error: { code?: unknown }) => error.code,
  );

describe("named semaphores in one thread", () => {
  it("time out on the desk's own clock, and leave the line", async () => {
    const { clock, semaphore } = open();
    const permit = await semaphore("a").acquire();
    const late = codeOf(semaphore("a").acquire({ timeout: 100 }));
    const patient = semaphore("a").acquire({ timeout: 200 });
    await clock.advance(100);
    expect(await late).toBe("TIMEOUT");
    permit.release();
    (await patient).release();
    await clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });

  it("give tokens that grow, whatever was forgotten between", async () => {
    const { semaphore } = open();
    const tokens: number[] = [];
    for (const name of ["a", "b", "a", "c", "a"]) {
      const permit = await semaphore(name).acquire();
      tokens.push(permit.fencingToken);
      permit.release();
    }
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
    expect(new Set(tokens).size).toBe(5);
  });

  it("keep a number that was said before anybody came, and forget one of 1", async () => {
    const { desk, semaphore } = open();
    ownSemaphore(desk, "a", 3);
    expect((await semaphore("a").inspect()).state).toMatchObject({ capacity: 3, available: 3 });
    ownSemaphore(desk, "a", 1);
    expect((await semaphore("a").inspect()).state).toMatchObject({ capacity: 1 });
  });

  it("refuse who waits for more than a new number, and serve the others", async () => {
    const { semaphore } = open();
    const first = await semaphore("a", 3).acquire();
    const heavy = codeOf(semaphore("a").acquire({ weight: 3 }));
    const light = semaphore("a").acquire();
    await semaphore("a", 2).tryAcquire();
    expect(await heavy).toBe("INVALID_OPTION");
    (await light).release();
    first.release();
  });

  it("say nothing of what was said wrong before it is used", async () => {
    const { desk } = open();
    const wrong = ownSemaphore(desk, "a", 1.5);
    expect(await codeOf(wrong.acquire())).toBe("INVALID_OPTION");
    expect(await codeOf(wrong.inspect())).toBe("INVALID_OPTION");
    const nameless = ownChannel(desk, 5 as never, { capacity: 1 }, undefined);
    expect(await codeOf(nameless.send(1))).toBe("INVALID_OPTION");
  });
});

describe("named channels in one thread", () => {
  it("take over what is said of them later: senders that waited have room then", async () => {
    const { desk, channel } = open();
    const sent = channel("a").send(1);
    const declared = ownChannel<number>(desk, "a", { capacity: 2 }, undefined);
    await sent;
    await declared.send(2);
    expect(await declared.trySend(3)).toBe(false);
    expect((await channel("a").receive()).value).toBe(1);
  });

  it("stay closed under their names", async () => {
    const { channel } = open();
    await channel("a").close(new Error("over"));
    await expect(channel("a").receive()).rejects.toThrow("over");
    expect(await codeOf(channel("a").send(1))).toBe("CHANNEL_CLOSED");
  });

  it("are left with the values when their desk is closed, and whoever comes is refused", async () => {
    const { desk, channel } = open();
    const receiving = codeOf(channel("a").receive());
    const sending = codeOf(channel("b").send(1));
    const reason = Object.assign(new Error("closed"), { code: "CLOSED" });
    desk.close(reason);
    desk.close(new Error("again"));
    expect(await receiving).toBe("CLOSED");
    expect(await sending).toBe("CLOSED");
    await expect(channel("b").tryReceive()).rejects.toBe(reason);
  });
});
