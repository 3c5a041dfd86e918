import {
  type Arbitrary,
  array,
  asyncProperty,
  check,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
  type RunDetails,
  tuple,
} from "fast-check";
import { expect, it } from "vitest";
import {
  echo,
  type FakeLink,
  type FakePool,
  fakePool,
  type FakeTask,
  turn,
} from "../../test/fake-transport.ts";

/** A run as its caller sees it. */
interface Sent {
  readonly number: number;
  readonly key: number | undefined;
  readonly priority: number;
  readonly controller: AbortController;
  settled: number;
}

/** A run as a worker sees it. */
interface Started {
  readonly sent: Sent;
  readonly task: FakeTask;
}

type Step =
  | {
      readonly do: "run";
      readonly key: number;
      readonly priority: number;
      readonly retries: number;
    }
  | {
      readonly do: "abort" | "lose" | "start" | "end" | "end quickly" | "wait";
      readonly which: number;
    };

const which = nat({ max: 40 });
const steps: Arbitrary<Step[]> = array(
  oneof(
    {
      weight: 6,
      arbitrary: record({
        do: constant("run" as const),
        key: nat({ max: 3 }),
        priority: constantFrom(0, 0, 0, 1),
        retries: nat({ max: 1 }),
      }),
    },
    {
      weight: 9,
      arbitrary: record({
        do: constantFrom("start", "start", "end", "end quickly", "end quickly", "wait"),
        which,
      }),
    },
    { weight: 1, arbitrary: record({ do: constantFrom("abort", "lose"), which }) },
  ) as Arbitrary<Step>,
  { minLength: 60, maxLength: 120 },
);

/** Does the steps, and checks after each start that the promises are kept. */
class World {
  readonly fake: FakePool;
  readonly sent: Sent[] = [];
  readonly running = new Map<FakeLink, Started>();
  /** What has started, in order; more than once what was retried. */
  readonly started: Sent[] = [];
  readonly #pick: (key: number | undefined) => number | undefined;

  constructor(fake: FakePool, keyOf: (key: number | undefined) => number | undefined) {
    this.fake = fake;
    this.#pick = keyOf;
    fake.transport.prompt = true;
  }

  async do(step: Step): Promise<void> {
    if (step.do === "run") this.#run(step);
    else if (step.do === "abort")
      this.sent.at(step.which % this.sent.length || 0)?.controller.abort();
    else if (step.do === "wait") await this.fake.clock.advance(step.which);
    else {
      const { alive } = this.fake.transport;
      const link = alive[step.which % alive.length];
      if (!link) return;
      if (step.do === "lose") {
        this.running.delete(link);
        link.exit();
      } else if (step.do === "start") this.#start(link);
      else this.#end(link, step.do === "end" ? 20 : 0.05);
    }
    await turn();
  }

  /** Lets everything end. */
  async finish(): Promise<void> {
    for (let idle = 0; idle < 20; idle++) {
      for (const link of this.fake.transport.alive) {
        if (!this.running.has(link)) this.#start(link);
        if (this.running.has(link)) idle = 0;
        this.#end(link, 0.05);
      }
      await turn();
      await this.fake.clock.advance(10);
    }
  }

  #run({ key, priority, retries }: Extract<Step, { do: "run" }>): void {
    const controller = new AbortController();
    const own = key === 3 ? undefined : key;
    const sent: Sent = { number: this.sent.length, key: own, priority, controller, settled: 0 };
    this.sent.push(sent);
    const count = (): number => sent.settled++;
    const options = { key: this.#pick(own), priority, retries, signal: controller.signal };
    this.fake.pool.run(echo, sent.number, options).then(count, count);
  }

  #start(link: FakeLink): void {
    if (this.running.has(link)) return;
    const task = link.start();
    if (!task) return;
    const sent = this.sent[task.input as number] as Sent;
    if (sent.key !== undefined) {
      for (const [{ gone }, other] of this.running)
        if (!gone && other.sent.key === sent.key) throw new Error(`Two of key ${sent.key} run.`);
      for (const later of this.started)
        if (
          later.key === sent.key &&
          later.priority === sent.priority &&
          later.number > sent.number
        )
          throw new Error(`${later.number} of key ${sent.key} went before ${sent.number}.`);
    }
    this.started.push(sent);
    this.running.set(link, { sent, task });
  }

  #end(link: FakeLink, duration: number): void {
    const running = this.running.get(link);
    this.running.delete(link);
    running?.task.done(running.sent.number, duration);
  }
}

async function play(
  list: Step[],
  max: number,
  tasksPerWorker: number,
  keyOf: (key: number | undefined) => number | undefined,
): Promise<World> {
  const fake = fakePool({ workers: { min: 0, max, idle: 50 }, tasksPerWorker, grace: 30 });
  const world = new World(fake, keyOf);
  for (const step of list) await world.do(step);
  await world.finish();
  const odd = world.sent.find(({ settled }) => settled !== 1);
  if (odd) throw new Error(`Run ${odd.number} was settled ${odd.settled} times.`);
  const { waiting, queued, running } = fake.pool.stats();
  if (waiting + queued + running > 0) throw new Error("The pool counts runs that have ended.");
  return world;
}

const games = tuple(steps, integer({ min: 1, max: 3 }), constantFrom(1, 3, Infinity, Infinity));

const checked = (
  keyOf: (key: number | undefined) => number | undefined,
  numRuns: number,
): Promise<RunDetails<[[Step[], number, number]]>> => {
  const property = asyncProperty(games, async ([list, max, share]) => {
    await play(list, max, share, keyOf);
  });
  return check(property, { numRuns, endOnFailure: true });
};

it("never runs two of a key at a time, keeps their order, and settles each once", async () => {
  const { counterexample, errorInstance } = await checked((key) => key, 40);
  expect([counterexample, errorInstance]).toEqual([null, null]);
}, 60_000);

it("would be caught by this test if it did not", async () => {
  const { errorInstance } = await checked(() => undefined, 200);
  expect(String(errorInstance)).toMatch(/of key \d/);
}, 60_000);
