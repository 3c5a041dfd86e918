import { describe, expect, it } from "vitest";
import { stateOf } from "../../test/state-of.ts";
import { channel } from "./channel.ts";

const value = (of: unknown): object => ({ done: false, value: of });
const done = { done: true, value: undefined };
const closed: unknown = expect.objectContaining({ code: "CHANNEL_CLOSED" });

describe("a reservation", () => {
  it("holds room for one value, which its send then takes without waiting", async () => {
    const c = channel<number>({ capacity: 2 });
    const [one, two] = [await c.reserve(), await c.reserve()];
    expect([c.tryReserve(), c.trySend(9), c.size]).toEqual([undefined, false, 0]);
    two.send(2);
    one.send(1);
    expect([await c.receive(), await c.receive()]).toEqual([value(2), value(1)]);
  });

  it("gives its room to the next who waits when it is released, once", async () => {
    const c = channel<number>({ capacity: 1 });
    const first = await c.reserve();
    const second = c.reserve();
    const sent = c.send(3);
    expect(await stateOf(second)).toBe("pending");
    first.release();
    first.release();
    (await second)[Symbol.dispose]();
    await sent;
    expect([c.size, c.trySend(4)]).toEqual([1, false]);
  });

  it("is used once", async () => {
    const c = channel<number>({ capacity: 2 });
    const reservation = await c.reserve();
    reservation.send(1);
    expect(() => reservation.send(2)).toThrow(expect.objectContaining({ code: "CHANNEL_CLOSED" }));
    reservation.release();
    expect([c.size, c.trySend(2), c.trySend(3)]).toEqual([1, true, false]);
  });

  it("gives its place up when it is aborted while it waits", async () => {
    const c = channel<number>({ capacity: 1 });
    const held = await c.reserve();
    const controller = new AbortController();
    const waiting = c.reserve({ signal: controller.signal });
    controller.abort("gone");
    await expect(waiting).rejects.toBe("gone");
    held.release();
    expect(c.trySend(1)).toBe(true);
  });

  it("of a rendezvous waits for a receiver, and keeps others from it", async () => {
    const c = channel<number>();
    const reserving = c.reserve();
    expect(await stateOf(reserving)).toBe("pending");
    const received = c.receive();
    const reservation = await reserving;
    expect(c.trySend(9)).toBe(false);
    reservation.send(1);
    expect(await received).toEqual(value(1));
  });

  it("of a rendezvous keeps its value for the next one when the receiver has left", async () => {
    const c = channel<number>();
    const controller = new AbortController();
    const received = c.receive({ signal: controller.signal });
    const reservation = await c.reserve();
    controller.abort("gone");
    await expect(received).rejects.toBe("gone");
    reservation.send(1);
    expect(c.trySend(2)).toBe(false);
    expect(await c.receive()).toEqual(value(1));
    expect(await stateOf(c.send(2))).toBe("pending");
  });

  it("is kept by a channel that closes, whose end comes after it", async () => {
    const c = channel<number>({ capacity: 2 });
    const [used, released] = [await c.reserve(), await c.reserve()];
    const waiting = c.reserve();
    c.close();
    await expect(waiting).rejects.toEqual(closed);
    await expect(c.reserve()).rejects.toEqual(closed);
    expect(c.tryReceive()).toBeUndefined();
    const received = [c.receive(), c.receive()];
    used.send(1);
    expect(await received[0]).toEqual(value(1));
    expect(await stateOf(received[1]!)).toBe("pending");
    released.release();
    expect(await received[1]).toEqual(done);
  });

  it("is void after a cancel, and its value is reported", async () => {
    const undelivered: number[] = [];
    const c = channel<number>({ capacity: 2, onUndelivered: (lost) => undelivered.push(lost) });
    const [one, two] = [await c.reserve(), await c.reserve()];
    const received = c.receive();
    c.cancel();
    expect(await received).toEqual(done);
    expect(() => one.send(1)).toThrow(closed);
    two.release();
    expect(undelivered).toEqual([1]);
    expect(await c.receive()).toEqual(done);
  });
});
