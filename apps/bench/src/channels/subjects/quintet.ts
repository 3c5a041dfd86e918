import { channel, type LocalChannel, select } from "@quintet/coroutines";
import { packageVersion } from "../../package-version.ts";
import { type Selecting, share, sideBySide, total, type Transfer } from "../channel-job.ts";
import type { ChannelSubject } from "../channel-subject.ts";

const isSource = import.meta.resolve("@quintet/coroutines").endsWith(".ts");
const version = packageVersion("@quintet/coroutines") + (isSource ? " (sources)" : "");

/** As its README has it: each send and each receive is awaited. */
export const quintet: ChannelSubject = {
  name: "quintet",
  kind: "ours",
  version,
  run: (job) => (job.work === "select" ? selecting(job) : transfer(job, sendEach, receiveEach)),
};

/** The way for hot loops: a promise only where there is something to wait for. */
export const quintetTrying: ChannelSubject = {
  name: "quintet, trying first",
  kind: "ours",
  version,
  run: (job) => {
    if (job.work === "select") throw new Error("the same as quintet");
    return transfer(job, sendTrying, receiveTrying);
  },
  refusal: ({ work }) => (work === "select" ? "the same as quintet" : undefined),
};

async function transfer(
  { capacity, senders, receivers, messages }: Transfer,
  send: (to: LocalChannel<number>, from: number, below: number) => Promise<void>,
  receive: (from: LocalChannel<number>, count: number) => Promise<number>,
): Promise<number> {
  const numbers = channel<number>({ capacity });
  const sent = sideBySide(senders, (index) => send(numbers, ...share(messages, senders, index)));
  const received = sideBySide(receivers, () => receive(numbers, messages / receivers));
  await sent;
  return total(await received);
}

async function sendEach(to: LocalChannel<number>, from: number, below: number): Promise<void> {
  for (let n = from; n < below; n++) await to.send(n);
}

async function receiveEach(from: LocalChannel<number>, count: number): Promise<number> {
  let sum = 0;
  for (let received = 0; received < count; received++) sum += (await from.receive()).value ?? 0;
  return sum;
}

async function sendTrying(to: LocalChannel<number>, from: number, below: number): Promise<void> {
  for (let n = from; n < below; n++) if (!to.trySend(n)) await to.send(n);
}

async function receiveTrying(from: LocalChannel<number>, count: number): Promise<number> {
  let sum = 0;
  for (let received = 0; received < count; received++) {
    sum += (from.tryReceive() ?? (await from.receive())).value ?? 0;
  }
  return sum;
}

async function selecting({ arms, messages }: Selecting): Promise<number> {
  const channels = Array.from({ length: arms }, () => channel<number>());
  const sent = sideBySide(arms, (index) =>
    sendEach(channels[index]!, ...share(messages, arms, index)),
  );
  const receiving = channels.map((one) => one.receiving());
  let sum = 0;
  for (let received = 0; received < messages; received++) {
    sum += (await select(receiving)).value.value ?? 0;
  }
  await sent;
  return sum;
}
