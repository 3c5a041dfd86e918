import { expect, it } from "vitest";
import { Outbox, type OutboxOwner } from "./outbox.ts";

type Step = number | "submit" | readonly ["submit", number];

/** Posts a run as a sender does. */
function post(box: Outbox, position: number, byMessage: boolean): void {
  if (byMessage) box.follows(position);
  box.posted(1);
}

/** An outbox, and what it did: which inputs it sent, and when it let the worker see the ring. */
function outbox(sendInput: (position: number) => void = () => {}): { box: Outbox; steps: Step[] } {
  const steps: Step[] = [];
  const owner: OutboxOwner = {
    sendInput(position) {
      steps.push(position);
      sendInput(position);
    },
    submit: (end) => void steps.push(end === undefined ? "submit" : ["submit", end]),
  };
  return { box: new Outbox(owner), steps };
}

it("lets the worker see once what one turn gave it", async () => {
  const { box, steps } = outbox();
  for (const position of [0, 1, 2]) post(box, position, false);
  expect(steps).toEqual([]);
  await Promise.resolve();
  expect(steps).toEqual(["submit"]);
});

it("sends inputs first, in the order of the ring", async () => {
  const { box, steps } = outbox();
  for (const position of [0, 1, 2, 3]) post(box, position, position % 2 === 1);
  await Promise.resolve();
  expect(steps).toEqual([1, 3, "submit"]);
});

it("sends what is posted while it sends too, before the worker may see its slot", async () => {
  const { box, steps } = outbox((position) => {
    if (position < 3) post(box, position + 1, true);
  });
  post(box, 0, true);
  for (let n = 0; n < 9; n++) await Promise.resolve();
  expect(steps.slice(0, 5)).toEqual([0, 1, 2, 3, "submit"]);
});

it("sends at once what it is told to, and nothing of that again", async () => {
  const { box, steps } = outbox();
  post(box, 0, true);
  box.flush();
  expect(steps).toEqual([0, "submit"]);
  await Promise.resolve();
  expect(steps.filter((step) => step === 0)).toEqual([0]);
});

it("goes on with the next turn", async () => {
  const { box, steps } = outbox();
  for (const position of [0, 1]) {
    post(box, position, true);
    await Promise.resolve();
  }
  expect(steps).toEqual([0, "submit", 1, "submit"]);
});

it("shows many runs of one turn before it is over, but none before its input is sent", async () => {
  const { box, steps } = outbox();
  box.posted(20);
  expect(steps).toEqual(["submit"]);
  box.follows(20);
  box.posted(30);
  expect(steps).toEqual(["submit"]);
  await Promise.resolve();
  expect(steps).toEqual(["submit", 20, "submit"]);
});

it("shows many runs before all their inputs are sent, up to the first one that has none yet", async () => {
  const { box, steps } = outbox();
  for (let position = 0; position < 20; position++) post(box, position, position % 2 === 1);
  await Promise.resolve();
  expect(steps).toEqual([1, 3, 5, 7, 9, 11, 13, 15, ["submit", 17], 17, 19, "submit"]);
});

it("shows none whose input is still to be sent, whatever is given while one before it is", async () => {
  const { box, steps } = outbox((position) => {
    if (position === 0) box.posted(20);
  });
  for (const position of [0, 1, 2]) post(box, position, true);
  await Promise.resolve();
  expect(steps).toEqual([0, 1, 2, "submit"]);
});
