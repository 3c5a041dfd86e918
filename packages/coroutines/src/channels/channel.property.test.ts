import type { Arm, ChannelWaitOptions, Overflow, Parked, Selectable } from "@quintet/core";
import { type Received, type Reservation, systemClock, Undelivered } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { ChannelHarness, type MakeChannel, type Message } from "../../test/channel-harness.ts";
import { BufferedChannel } from "./buffered-channel.ts";

type Command = fc.AsyncCommand<object, ChannelHarness>;
type Make = (
  ...args: ConstructorParameters<typeof BufferedChannel<Message>>
) => BufferedChannel<Message>;

const which = fc.nat(1);
const any = fc.nat(20);

/** Something to do, after which nothing may be wrong. */
function command<T>(
  name: string,
  args: fc.Arbitrary<T>,
  act: (harness: ChannelHarness, args: T) => void,
): fc.Arbitrary<Command> {
  return args.map((given) => ({
    check: () => true,
    async run(_, harness) {
      act(harness, given);
      await harness.check();
      expect(harness.problems).toEqual([]);
    },
    toString: () => `${name}(${fc.stringify(given)})`,
  }));
}

const commands = fc.commands(
  [
    command("send", fc.tuple(which, fc.integer({ min: 1, max: 3 })), (h, [index, count]) =>
      h.send(index, count),
    ),
    command("trySend", which, (h, index) => h.trySend(index)),
    command("receive", which, (h, index) => h.receive(index)),
    command("receive twice", which, (h, index) => (h.receive(index), h.receive(index))),
    command("tryReceive", which, (h, index) => h.tryReceive(index)),
    command("reserve", which, (h, index) => h.reserve(index)),
    command("use", fc.tuple(any, fc.boolean()), (h, [one, sends]) => h.useReservation(one, sends)),
    command("select", fc.tuple(which, which), (h, [from, to]) => h.select(from, to)),
    command("abort", any, (h, one) => h.abort(one)),
    command("clone", any, (h, one) => h.clone(one)),
    command("close a sender", any, (h, one) => h.closeSender(one)),
    command("close", which, (h, index) => h.close(index)),
    command("cancel", which, (h, index) => h.cancel(index)),
  ],
  { maxCommands: 50 },
);

const kinds = fc
  .record({
    capacity: fc.nat(3),
    overflow: fc.constantFrom<Overflow>("block", "block", "drop-oldest", "drop-newest", "error"),
  })
  .filter(({ capacity, overflow }) => capacity > 0 || overflow !== "drop-oldest");

/** Does anything to two channels, and says what was wrong. */
async function problemOf(make: Make, numRuns: number): Promise<string | undefined> {
  // Without a pause that an operation makes for timers, results come in the order in which values are handed over.
  vi.spyOn(systemClock, "now").mockReturnValue(0);
  const property = fc.asyncProperty(commands, kinds, kinds, async (steps, ...both) => {
    const makes = both.map(
      ({ capacity, overflow }): MakeChannel =>
        (onUndelivered) =>
          make(capacity, overflow, new Undelivered(onUndelivered)),
    );
    const harness = new ChannelHarness(makes);
    await fc.asyncModelRun(() => ({ model: {}, real: harness }), steps);
    await harness.finish();
    expect(harness.problems).toEqual([]);
  });
  const details = await fc.check(property, { numRuns });
  vi.restoreAllMocks();
  return fc.defaultReportMessage(details);
}

it("keeps account of every value, and lets nobody wait who need not", async () => {
  const problem = await problemOf((...args) => new BufferedChannel(...args), 400);
  expect(problem).toBeUndefined();
}, 60_000);

describe("this test catches a channel that", () => {
  const never = new Undelivered<Message>(undefined);
  const broken: Record<string, Make> = {
    "loses a value whose receiver has left": (...args) =>
      new (class extends BufferedChannel<Message> {
        override receive(options?: ChannelWaitOptions): Promise<Received<Message>> {
          const gone = new Promise<never>((_, reject) => {
            options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
          });
          return Promise.race([super.receive(), gone]);
        }
      })(...args),
    "delivers what was taken back": (...args) =>
      new (class extends BufferedChannel<Message> {
        override send(value: Message, options?: ChannelWaitOptions): Promise<void> {
          const gone = new Promise<never>((_, reject) => {
            options?.signal?.addEventListener("abort", () => {
              args[2].report(value);
              reject(options.signal?.reason);
            });
          });
          return Promise.race([super.send(value), gone]);
        }
      })(...args),
    "delivers twice": (...args) =>
      new (class extends BufferedChannel<Message> {
        override trySend(value: Message): boolean {
          return super.trySend(value) && (super.trySend(value) || true);
        }
      })(...args),
    "does not report what it throws away": (capacity, overflow) =>
      new BufferedChannel(capacity, overflow, never),
    "changes the order of a sender": (...args) =>
      new (class extends BufferedChannel<Message> {
        override async send(value: Message, options?: ChannelWaitOptions): Promise<void> {
          for (let times = value.number % 3; times < 2; times++) await Promise.resolve();
          return await super.send(value, options);
        }
      })(...args),
    "leaves receivers waiting after the close": (...args) =>
      new (class extends BufferedChannel<Message> {
        override close(error?: unknown): void {
          if (this.waiting.receivers === 0) super.close(error);
          else Object.defineProperty(this, "closed", { value: true });
        }
      })(...args),
    "keeps arms in line that have lost": (...args) =>
      new (class extends BufferedChannel<Message> {
        override receiving(): Selectable<Received<Message>> {
          const arms = super.receiving();
          const stay = (arm: Arm<Received<Message>>): Parked => {
            arms.park(arm);
            return { leave() {} };
          };
          return { poll: () => arms.poll(), park: stay };
        }
      })(...args),
    "forgets room that was reserved": (...args) =>
      new (class extends BufferedChannel<Message> {
        override async reserve(options?: ChannelWaitOptions): Promise<Reservation<Message>> {
          const reservation = await super.reserve(options);
          reservation.release = () => {};
          return reservation;
        }
      })(...args),
  };

  it.each(Object.entries(broken))(
    "%s",
    async (_, make) => {
      expect(await problemOf(make, 2_000)).toContain("Property failed");
    },
    60_000,
  );
});
