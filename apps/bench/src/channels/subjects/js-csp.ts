import { createRequire } from "node:module";
import { packageVersion } from "../../package-version.ts";
import { type Selecting, share, sideBySide, total, type Transfer } from "../channel-job.ts";
import type { ChannelSubject } from "../channel-subject.ts";

/** An instruction that a process yields. */
type Instruction = object;
type Process = Generator<Instruction, void, never>;

/** What is used of it; it comes without types. */
interface Csp {
  chan(capacity?: number): object;
  go(process: () => Process): void;
  put(to: object, value: unknown): Instruction;
  take(from: object): Instruction;
  alts(channels: readonly object[]): Instruction;
}

const csp = createRequire(import.meta.url)("js-csp") as Csp;

/** As its README has it: processes by `go`, with `put`, `take` and `alts`. */
export const jsCsp: ChannelSubject = {
  name: "js-csp",
  kind: "peer",
  version: packageVersion("js-csp"),
  run: (job) => (job.work === "select" ? selecting(job) : transfer(job)),
};

async function transfer({ capacity, senders, receivers, messages }: Transfer): Promise<number> {
  const numbers = capacity === 0 ? csp.chan() : csp.chan(capacity);
  sendAll(senders, messages, () => numbers);
  const received = sideBySide(receivers, () => receive(numbers, messages / receivers));
  return total(await received);
}

function sendAll(senders: number, messages: number, to: (index: number) => object): void {
  for (let index = 0; index < senders; index++) {
    csp.go(function* () {
      const [from, below] = share(messages, senders, index);
      for (let n = from; n < below; n++) yield csp.put(to(index), n);
    });
  }
}

const receive = (from: object, count: number): Promise<number> =>
  new Promise((resolve) => {
    csp.go(function* () {
      let sum = 0;
      for (let left = count; left > 0; left--) sum += (yield csp.take(from)) as number;
      resolve(sum);
    });
  });

const selecting = ({ arms, messages }: Selecting): Promise<number> =>
  new Promise((resolve) => {
    const channels = Array.from({ length: arms }, () => csp.chan());
    sendAll(arms, messages, (index) => channels[index]!);
    csp.go(function* () {
      let sum = 0;
      for (let left = messages; left > 0; left--) {
        sum += ((yield csp.alts(channels)) as { value: number }).value;
      }
      resolve(sum);
    });
  });
