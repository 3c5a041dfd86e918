import { channel, select } from "@thi.ng/csp";
import { packageVersion } from "../../package-version.ts";
import { type Selecting, share, sideBySide, total, type Transfer } from "../channel-job.ts";
import type { ChannelSubject } from "../channel-subject.ts";

/** As its README has it: `write` and `read`, each awaited, and `select`. */
export const thingCsp: ChannelSubject = {
  name: "@thi.ng/csp",
  kind: "peer",
  version: packageVersion("@thi.ng/csp"),
  run: (job) => (job.work === "select" ? selecting(job) : transfer(job)),
  refusal: (job) =>
    job.work === "transfer" && job.capacity === 0 ? "it has no rendezvous" : undefined,
  note: ({ work }) => (work === "select" ? "its channels have a buffer of 1" : undefined),
};

type Numbers = ReturnType<typeof channel<number>>;

async function transfer({ capacity, senders, receivers, messages }: Transfer): Promise<number> {
  const numbers = channel<number>(capacity);
  const sent = sideBySide(senders, (index) => send(numbers, ...share(messages, senders, index)));
  const received = sideBySide(receivers, async () => {
    let sum = 0;
    for (let left = messages / receivers; left > 0; left--) sum += (await numbers.read()) ?? 0;
    return sum;
  });
  await sent;
  return total(await received);
}

async function send(to: Numbers, from: number, below: number): Promise<void> {
  for (let n = from; n < below; n++) await to.write(n);
}

async function selecting({ arms, messages }: Selecting): Promise<number> {
  const channels = Array.from({ length: arms }, () => channel<number>());
  const [first, ...others] = channels;
  const sent = sideBySide(arms, (index) => send(channels[index]!, ...share(messages, arms, index)));
  let sum = 0;
  for (let left = messages; left > 0; left--) sum += (await select(first!, ...others))[0] ?? 0;
  await sent;
  return sum;
}
