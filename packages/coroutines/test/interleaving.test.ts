import { systemClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { expect, it, onTestFinished, vi } from "vitest";
import { channel } from "../src/channels/channel.ts";
import type { LocalChannel } from "../src/channels/local-channel.ts";
import type { Sender } from "../src/channels/sender.ts";
import { select } from "../src/select/select.ts";

/** `a:2` is the third value of the sender `a`. */
type Value = `${string}:${number}`;

/** What was given, received and reported. */
class Accounts {
  readonly given: Value[] = [];
  readonly received: Value[] = [];
  readonly undelivered: Value[] = [];

  /** What was received or reported, to be compared with what was given. */
  get seen(): Value[] {
    return [...this.received, ...this.undelivered].toSorted();
  }

  /** The names of senders whose values came in another order. */
  get disordered(): string[] {
    const names = new Set(this.received.map((value) => value.slice(0, 1)));
    return [...names].filter((name) => {
      const own = this.received.filter((value) => value.startsWith(name));
      return own.join() !== own.toSorted().join();
    });
  }
}

const aborts = fc.infiniteStream(fc.boolean());

it("keeps every value, whatever runs first, among clones, aborts and selects", async () => {
  vi.spyOn(systemClock, "now").mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const capacity = fc.nat(2);
  const property = fc.asyncProperty(
    fc.scheduler(),
    capacity,
    capacity,
    aborts,
    async (scheduler, ...[left, right, isAborted]) => {
      const accounts = new Accounts();
      const onUndelivered = (value: Value): void => void accounts.undelivered.push(value);
      const a = channel<Value>({ capacity: left, onUndelivered });
      const b = channel<Value>({ capacity: right, onUndelivered });
      const pause = (): Promise<void> => scheduler.schedule(Promise.resolve());
      /** A signal that aborts at some time, or never. */
      const signal = (): AbortSignal => {
        const controller = new AbortController();
        if (isAborted.next().value) void pause().then(() => controller.abort());
        return controller.signal;
      };

      const send = async (name: string, sender: Sender<Value>): Promise<void> => {
        for (let number = 0; number < 4; number++) {
          await pause();
          accounts.given.push(`${name}:${number}`);
          await sender.send(`${name}:${number}`, { signal: signal() }).catch(() => {});
        }
        sender.close();
      };
      const receive = async (from: LocalChannel<Value>): Promise<void> => {
        for (let ended = false; !ended;) {
          await pause();
          const result = await from.receive({ signal: signal() }).catch(() => undefined);
          if (result?.done === false) accounts.received.push(result.value);
          ended = result?.done === true;
        }
      };
      const receiveEither = async (): Promise<void> => {
        const open = { a: true, b: true };
        while (open.a || open.b) {
          await pause();
          const arms = { a: open.a && a.receiving(), b: open.b && b.receiving() };
          const won = await select(arms, { signal: signal() }).catch(() => undefined);
          if (won?.value.done) open[won.arm] = false;
          else if (won) accounts.received.push(won.value.value as Value);
        }
      };

      const [ofA, ofB] = [a.sender(), b.sender()];
      const all = [
        send("k", ofA.clone()),
        send("l", ofA.clone()),
        send("m", ofA),
        send("n", ofB.clone()),
        send("o", ofB),
        receive(a),
        receive(b),
        receiveEither(),
        receiveEither(),
      ];
      await scheduler.waitFor(Promise.all(all));
      expect(accounts.seen).toEqual(accounts.given.toSorted());
      expect(accounts.disordered).toEqual([]);
      const idle = { senders: 0, receivers: 0 };
      expect([a.waiting, b.waiting]).toEqual([idle, idle]);
    },
  );
  await fc.assert(property, { numRuns: 200 });
}, 60_000);
