import { expect, it } from "vitest";
import {
  channel,
  go,
  type ReceiveChannel,
  scope,
  select,
  settled,
  spawn,
  wait,
} from "../src/index.ts";

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Receives in a coroutine so that being ended meanwhile takes no value. */
const receive = <T>(
  from: ReceiveChannel<T>,
): Generator<PromiseLike<unknown>, IteratorResult<T, undefined>, unknown> =>
  wait((signal) => from.receive({ signal }), "a value");

it.each([0, 1, 16])(
  "hand values to each other through a channel of capacity %i",
  async (capacity) => {
    const numbers = channel<number>({ capacity });
    const received: number[] = [];
    await scope(function* (s) {
      const senders = [0, 1, 2].map((sender) =>
        s.spawn(function* () {
          for (let n = sender; n < 30; n += 3) yield* wait(numbers.send(n));
        }),
      );
      for (let receiver = 0; receiver < 2; receiver++) {
        s.spawn(function* () {
          for (;;) {
            const { done, value } = yield* receive(numbers);
            if (done) return;
            received.push(value);
          }
        });
      }
      for (const sender of senders) yield* sender;
      numbers.close();
    });
    expect(received.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  },
);

/** What arrives of one letter, whose receiver is cancelled so many reactions after it was sent. */
async function arrives(reactions: number, receiving: typeof receive<string>): Promise<string[]> {
  const letters = channel<string>({ capacity: 1 });
  const received: string[] = [];
  const receiver = spawn(function* () {
    for (;;) {
      const { done, value } = yield* receiving(letters);
      if (!done) received.push(value);
    }
  });
  await turn();
  const sent = letters.send("a");
  for (let reaction = 0; reaction < reactions; reaction++) await Promise.resolve();
  receiver.cancel("enough");
  await receiver.result.catch(() => {});
  await sent;
  const left = letters.tryReceive();
  if (left && !left.done) received.push(left.value);
  return received;
}

it("lose nothing when a receiver is cancelled, however far the value had come", async () => {
  for (let reactions = 0; reactions < 8; reactions++) {
    expect(await arrives(reactions, receive)).toEqual(["a"]);
  }
});

it("would be seen to lose it without the signal", async () => {
  expect(await arrives(0, (from) => wait(from.receive()))).toEqual([]);
});

it("can be an arm of a select", async () => {
  const quiet = channel<string>();
  const answer = spawn(function* () {
    yield;
    return 42;
  });
  const won = await go(function* () {
    return yield* wait((signal) =>
      select({ word: quiet.receiving(), answer: settled(answer) }, { signal }),
    );
  });
  expect(won.arm).toBe("answer");
});
