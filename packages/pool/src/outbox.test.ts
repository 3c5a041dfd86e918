import { expect, it } from "vitest";
import { Outbox } from "./outbox.ts";
import { Order, type RunOrder, type WorkerOrder } from "./protocol.ts";

const run = (slot: number, input: unknown): RunOrder => [
  Order.run,
  slot,
  1,
  0,
  `run-${slot}`,
  1,
  0,
  0,
  input,
];

/** An outbox, and what it sent: each message as its slots, alone when it went by itself. */
function outbox(isWanted: (order: RunOrder) => boolean = () => true) {
  const messages: (readonly WorkerOrder[] | { readonly alone: number })[] = [];
  const box = new Outbox({
    send: (orders) => void messages.push(orders),
    sendRun: ([, slot]) => void messages.push({ alone: slot }),
    isWanted,
    isMoving: ([, slot]) => slot === 7,
  });
  return { box, messages };
}

it("sends the orders with plain inputs of one turn in one message, in order", async () => {
  const { box, messages } = outbox();
  const orders = [undefined, null, 1, 2n, "text", true].map((input, slot) => run(slot, input));
  for (const order of orders) box.post(order);
  expect(messages).toEqual([]);
  await Promise.resolve();
  expect(messages).toEqual([orders]);
});

it("sends each order with an object by itself, at its place in the order", async () => {
  const { box, messages } = outbox();
  const grant: WorkerOrder = [Order.grant, 0, 1];
  for (const order of [run(0, 0), grant, run(1, {}), run(2, []), run(3, 3)]) box.post(order);
  await Promise.resolve();
  expect(messages).toEqual([[run(0, 0), grant], { alone: 1 }, { alone: 2 }, [run(3, 3)]]);
});

it("sends a run that moves values by itself, also with a plain input", async () => {
  const { box, messages } = outbox();
  for (const slot of [6, 7, 8]) box.post(run(slot, slot));
  await Promise.resolve();
  expect(messages).toEqual([[run(6, 6)], { alone: 7 }, [run(8, 8)]]);
});

it("does not send a run that was taken back", async () => {
  const { box, messages } = outbox(([, slot]) => slot !== 1);
  for (const slot of [0, 1, 2]) box.post(run(slot, slot));
  await Promise.resolve();
  expect(messages).toEqual([[run(0, 0), run(2, 2)]]);
});

it("sends nothing when nothing is left to send", async () => {
  const { box, messages } = outbox(() => false);
  box.post(run(0, 0));
  await Promise.resolve();
  expect(messages).toEqual([]);
});

it("sends what is posted while it sends in a message of its own", async () => {
  const messages: unknown[] = [];
  const box = new Outbox({
    send: (orders) => void messages.push(orders),
    sendRun: () => box.post(run(9, 9)),
    isWanted: () => true,
    isMoving: () => false,
  });
  box.post(run(0, {}));
  box.post(run(1, 1));
  await Promise.resolve();
  await Promise.resolve();
  expect(messages).toEqual([[run(1, 1)], [run(9, 9)]]);
});
