import * as fc from "fast-check";
import { expect, it } from "vitest";
import { virtualClock } from "../clock/virtual-clock.ts";
import { LocalDesk } from "./local-desk.ts";
import type { NameRequest } from "./name-desk.ts";
import { type NameAnswer, RemoteAsks, RemoteDesk } from "./remote-desk.ts";
import { RunNames } from "./run-names.ts";
import { ServedNames } from "./served-names.ts";

const travels = (): boolean => true;

/** Some runs in another realm, behind two lines of messages that are delivered when a test says so. */
class Realm {
  readonly desk: LocalDesk = new LocalDesk(virtualClock());
  readonly asks = new RemoteAsks();
  readonly toDesk: (() => void)[] = [];
  readonly toRuns: (() => void)[] = [];
  readonly runs: { readonly names: RunNames; readonly served: ServedNames; isOver: boolean }[];
  readonly permits: { readonly run: number; readonly release: () => void }[] = [];
  readonly sent = new Set<number>();
  readonly received: number[] = [];
  /** What each run has asked and has not settled. */
  readonly open: number[];
  /** Receives of each run among them; a value on its way to one goes with the run. */
  readonly receiving: number[];
  lost = 0;
  count = 0;

  constructor(runs: number) {
    this.open = Array.from({ length: runs }, () => 0);
    this.receiving = Array.from({ length: runs }, () => 0);
    this.runs = Array.from({ length: runs }, () => this.#run());
  }

  #run(): Realm["runs"][number] {
    const answer = (sent: NameAnswer): void => {
      this.toRuns.push(() => this.asks.receive(structuredClone(sent)));
    };
    const served = new ServedNames(this.desk, answer, travels);
    const post = (number: number, request: NameRequest | undefined): void => {
      const copy = structuredClone(request);
      this.toDesk.push(() => served.receive(number, copy));
    };
    const names = new RunNames(new RemoteDesk(this.asks, post, travels));
    return { names, served, isOver: false };
  }

  settle<T>(run: number, promise: Promise<T>, onValue: (value: T) => void): void {
    this.open[run]!++;
    promise.then(
      (value) => {
        this.open[run]!--;
        onValue(value);
      },
      () => this.open[run]!--,
    );
  }

  async deliver(line: (() => void)[]): Promise<void> {
    line.shift()?.();
    // A promise that an answer settles goes through several others.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }

  async deliverAll(): Promise<void> {
    while (this.toDesk.length + this.toRuns.length > 0) {
      await this.deliver(this.toDesk);
      await this.deliver(this.toRuns);
    }
  }

  /** Ends a run: its worker does first, and what it says then comes before its caller hears of the end. */
  end(index: number): void {
    const run = this.runs[index]!;
    if (run.isOver) return;
    run.isOver = true;
    this.lost += this.receiving[index]!;
    run.names.end();
    this.toDesk.push(() => run.served.end());
  }

  /** Its worker dies: what it has sent arrives, and nobody is there for what it waits for. */
  die(index: number): void {
    const run = this.runs[index]!;
    if (run.isOver) return;
    run.isOver = true;
    this.lost += this.receiving[index]!;
    this.toDesk.push(() => run.served.end());
  }

  /** How many wait at the desk. */
  async waiting(): Promise<number> {
    const own = new RunNames(this.desk);
    const { waiting } = (await own.semaphore("s", 2).inspect()).state;
    const { senders, receivers } = (await own.channel("c", { capacity: 1 }).inspect()).state;
    return Number(waiting) + Number(senders) + Number(receivers);
  }
}

const step = fc.record({
  what: fc.constantFrom("acquire", "release", "send", "receive", "abort", "cancel", "end", "die"),
  run: fc.nat(2),
  weight: fc.integer({ min: 1, max: 2 }),
  aborts: fc.boolean(),
  toDesk: fc.nat(2),
  toRuns: fc.nat(2),
});

it("settles what is asked once, and loses no permit and no value, whatever crosses on the way", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const realm = new Realm(3);
      const controllers: AbortController[] = [];
      const signal = (aborts: boolean): { signal?: AbortSignal } => {
        if (!aborts) return {};
        const controller = new AbortController();
        controllers.push(controller);
        return { signal: controller.signal };
      };
      for (const { what, run, weight, aborts, toDesk, toRuns } of steps) {
        const { names, isOver } = realm.runs[run]!;
        if (isOver) continue;
        if (what === "acquire")
          realm.settle(
            run,
            names.semaphore("s", 2).acquire({ weight, ...signal(aborts) }),
            (permit) => realm.permits.push({ run, release: () => permit.release() }),
          );
        else if (what === "release") realm.permits.shift()?.release();
        else if (what === "send") {
          const value = ++realm.count;
          const sending = names.channel("c", { capacity: 1 }).send(value, signal(aborts));
          realm.settle(run, sending, () => realm.sent.add(value));
        } else if (what === "receive") {
          realm.receiving[run]!++;
          const receiving = names
            .channel<number>("c")
            .receive(signal(aborts))
            .finally(() => realm.receiving[run]!--);
          realm.settle(run, receiving, (result) => {
            if (!result.done) realm.received.push(result.value);
          });
        } else if (what === "abort") controllers.shift()?.abort();
        else if (what === "cancel") names.cancel(new Error("enough"));
        else if (what === "end") realm.end(run);
        else realm.die(run);
        for (let n = 0; n < toDesk; n++) await realm.deliver(realm.toDesk);
        for (let n = 0; n < toRuns; n++) await realm.deliver(realm.toRuns);
      }
      await realm.deliverAll();
      const alive = realm.open.filter((_, run) => !realm.runs[run]!.isOver);
      expect(await realm.waiting()).toBe(alive.reduce((sum, open) => sum + open, 0));
      const dead = realm.runs.map(({ isOver }) => isOver);
      for (const index of realm.runs.keys()) realm.end(index);
      await realm.deliverAll();
      expect(realm.open.filter((open, run) => open > 0 && !dead[run])).toEqual([]);
      const own = new RunNames(realm.desk);
      const { state } = await own.semaphore("s", 2).inspect();
      expect([state["available"], state["waiting"]]).toEqual([2, 0]);
      const left: number[] = [];
      const channel = own.channel<number>("c", { capacity: 1 });
      for (let next = await channel.tryReceive(); next; next = await channel.tryReceive())
        if (!next.done) left.push(next.value);
      const arrived = [...realm.received, ...left];
      expect(new Set(arrived).size).toBe(arrived.length);
      const missing = [...realm.sent].filter((value) => !arrived.includes(value));
      expect(missing.length).toBeLessThanOrEqual(realm.lost);
    }),
    { numRuns: 300 },
  );
});
