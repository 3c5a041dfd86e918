import { describe, expect, it } from "vitest";
import { stateOf } from "../../test/state-of.ts";
import { channel } from "./channel.ts";

const done = { done: true, value: undefined };

describe("the senders of a channel", () => {
  it("keep it open until the last of them has closed", async () => {
    const c = channel<number>({ capacity: 4 });
    const first = c.sender();
    const second = first.clone();
    await first.send(1);
    first.close();
    first.close();
    expect([first.closed, second.closed, c.closed]).toEqual([true, false, false]);
    expect(second.trySend(2)).toBe(true);
    second[Symbol.dispose]();
    expect(c.closed).toBe(true);
    expect([await c.receive(), await c.receive(), await c.receive()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      done,
    ]);
  });

  it("take nothing after their own close, and the caller keeps the value", async () => {
    const undelivered: number[] = [];
    const c = channel<number>({ capacity: 4, onUndelivered: (lost) => undelivered.push(lost) });
    const [closed, open] = [c.sender(), c.sender()];
    closed.close();
    const refusal = { code: "CHANNEL_CLOSED" };
    await expect(closed.send(1)).rejects.toMatchObject(refusal);
    await expect(closed.reserve()).rejects.toMatchObject(refusal);
    expect(closed.trySend(1)).toBe(false);
    expect(() => closed.sending(1)).toThrow(expect.objectContaining(refusal));
    expect(() => closed.clone()).toThrow(expect.objectContaining(refusal));
    expect([c.size, undelivered, open.closed]).toEqual([0, [], false]);
  });

  it("close it at once with an error, however many there are", async () => {
    const c = channel<number>();
    const failed = c.sender();
    const other = c.sender();
    const received = c.receive();
    failed.close("broken");
    await expect(received).rejects.toBe("broken");
    await expect(other.send(1)).rejects.toMatchObject({ code: "CHANNEL_CLOSED", cause: "broken" });
    expect(other.closed).toBe(true);
    other.close();
  });

  it("do not close what is still being sent", async () => {
    const c = channel<number>();
    const sender = c.sender();
    const sent = sender.send(1);
    sender.close();
    expect(await stateOf(sent)).toBe("pending");
    expect(await c.receive()).toEqual({ done: false, value: 1 });
    await sent;
    expect(await c.receive()).toEqual(done);
  });
});
