import { Chan, recv, Select } from "ts-chan";
import { packageVersion } from "../../package-version.ts";
import { type Selecting, share, sideBySide, total, type Transfer } from "../channel-job.ts";
import type { ChannelSubject } from "../channel-subject.ts";

const version = packageVersion("ts-chan");

/** As its README has it: `send`, `recv` and `Select`, each of which waits for the event loop's next turn. */
export const tsChan: ChannelSubject = {
  name: "ts-chan",
  kind: "peer",
  version,
  run: (job) => run(job, false),
};

/** The same without that, which the README calls a footgun, but which is faster. */
export const tsChanUnsafe: ChannelSubject = {
  name: "ts-chan, unsafe",
  kind: "peer",
  version,
  run: (job) => run(job, true),
};

const run = (job: Transfer | Selecting, unsafe: boolean): Promise<number> =>
  job.work === "select" ? selecting(job, unsafe) : transfer(job, unsafe);

async function transfer(
  { capacity, senders, receivers, messages }: Transfer,
  unsafe: boolean,
): Promise<number> {
  const numbers = new Chan<number>(capacity).setUnsafe(unsafe);
  const sent = sideBySide(senders, (index) => send(numbers, ...share(messages, senders, index)));
  const received = sideBySide(receivers, async () => {
    let sum = 0;
    for (let left = messages / receivers; left > 0; left--)
      sum += (await numbers.recv()).value ?? 0;
    return sum;
  });
  await sent;
  return total(await received);
}

async function send(to: Chan<number>, from: number, below: number): Promise<void> {
  for (let n = from; n < below; n++) await to.send(n);
}

async function selecting({ arms, messages }: Selecting, unsafe: boolean): Promise<number> {
  const channels = Array.from({ length: arms }, () => new Chan<number>(0).setUnsafe(unsafe));
  const sent = sideBySide(arms, (index) => send(channels[index], ...share(messages, arms, index)));
  const select = new Select(channels.map((one) => recv(one))).setUnsafe(unsafe);
  let sum = 0;
  for (let left = messages; left > 0; left--) {
    const index = await select.wait();
    sum += select.recv(select.cases[index]).value ?? 0;
  }
  await sent;
  return sum;
}
