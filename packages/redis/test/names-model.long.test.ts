/** The desk in Redis does what the one in a thread does, whoever asks. */
import { LocalDesk, type NameRequest, type OwnDesk, systemClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MemoryDesk } from "../src/memory/memory-desk.ts";
import { RedisDesk } from "../src/names/redis-desk.ts";
import { until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";

let server: Pick<RedisServer, "url" | "stop">;
let redis: Redis;
let bases = 0;

beforeAll(async () => {
  server = await testRedis();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

type Step =
  | { readonly kind: "ask"; readonly desk: number; readonly request: NameRequest }
  | { readonly kind: "release" | "leave"; readonly desk: number; readonly which: number }
  | { readonly kind: "close"; readonly desk: number };

/** Some desks of one place, and what became of what they were asked. */
class Office {
  readonly #desks: readonly OwnDesk[];
  /** Of each question in turn: what it was answered. */
  readonly outcomes: string[] = [];
  /** By the places of their questions: of those granted in one step it is open who hears of it first. */
  readonly #permits: { readonly desk: number; readonly permit: number; readonly place: number }[] =
    [];
  readonly #waiting: { readonly desk: number; readonly place: number; leave(): void }[] = [];
  readonly #tokens = new Set<unknown>();

  constructor(desks: readonly OwnDesk[]) {
    this.#desks = desks;
  }

  take(step: Step): void {
    if (step.kind === "ask") this.#ask(step.desk, step.request);
    else if (step.kind === "close") this.#close(step.desk);
    else if (step.kind === "leave") this.#waiting[step.which % this.#waiting.length]?.leave();
    else {
      this.#permits.sort((one, other) => one.place - other.place);
      const [held] = this.#permits.splice(step.which % this.#permits.length, 1);
      if (held) this.#ask(held.desk, { ask: "release", permit: held.permit });
    }
  }

  /** Resolves when all that each desk was asked before has been looked at. */
  async settle(): Promise<void> {
    for (const desk of this.#desks) {
      await new Promise((done) => {
        desk.ask({ ask: "inspect", name: "?", kind: "channel" }, { done, failed: done, lost() {} });
      });
    }
  }

  #ask(desk: number, request: NameRequest): void {
    const place = this.outcomes.push("waits") - 1;
    const end = (outcome: string): void => {
      if (this.outcomes[place] === "waits") this.outcomes[place] = outcome;
    };
    const asked = this.#desks[desk]!.ask(request, {
      done: (answer) => {
        const { permit, fencingToken } = Object(answer) as {
          permit?: number;
          fencingToken?: number;
        };
        if (permit === undefined) return end(`done ${shown(answer)}`);
        if (this.outcomes[place] === "waits") this.#permits.push({ desk, permit, place });
        end(this.#tokens.has(fencingToken) ? `granted ${fencingToken} again` : "granted");
        this.#tokens.add(fencingToken);
      },
      failed: (error) => {
        const { code } = Object(error) as { code?: string };
        end(`failed ${code ?? String(error)}`);
      },
      lost: () => void this.outcomes.push("lost"),
    });
    this.#waiting.push({ desk, place, leave: () => asked.leave() });
  }

  /** Of what the desk itself waits for, one may still be granted while another one leaves, for a moment. */
  #close(desk: number): void {
    const ended = this.#waiting.filter((one) => one.desk === desk);
    for (const { place } of ended)
      if (this.outcomes[place] === "waits") this.outcomes[place] = "closed";
    this.#desks[desk]?.close("closed");
  }

  close(): void {
    for (const [desk] of this.#desks.entries()) this.#close(desk);
  }
}

/** An answer as text. Who waits is an arm of a select for a desk in a thread, which is nobody's business. */
function shown(answer: unknown): string {
  return JSON.stringify(answer, (key, value: unknown) => (key === "isArm" ? undefined : value));
}

const name = fc.constantFrom("a", "b");
const waits = fc.boolean();
const desk = fc.nat(2);
const options = fc.constantFrom(
  undefined,
  undefined,
  { capacity: 2 },
  { capacity: 1, overflow: "drop-oldest" as const },
  { capacity: 1, overflow: "error" as const },
  { capacity: Infinity },
);

const request: fc.Arbitrary<NameRequest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ask: fc.constant("acquire" as const),
      name,
      permits: fc.constantFrom(undefined, undefined, undefined, 1, 2, 3),
      weight: fc.constantFrom(1, 1, 2),
      priority: fc.constantFrom(0, 0, 1, -0.5, Infinity),
      timeout: fc.constant(undefined),
      waits,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ask: fc.constant("send" as const),
      name,
      options: fc.constant(undefined),
      value: fc.nat(99),
      waits,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ ask: fc.constant("receive" as const), name, options, waits }),
  },
  fc.record({
    ask: fc.constant("permits" as const),
    name,
    permits: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ ask: fc.constant("options" as const), name, options }),
  fc.record({
    ask: fc.constant("close" as const),
    name,
    options: fc.constant(undefined),
    error: fc.constantFrom(undefined, new RangeError("the end")),
  }),
  fc.record({
    ask: fc.constant("inspect" as const),
    name,
    kind: fc.constantFrom("semaphore" as const, "channel" as const),
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("ask" as const), desk, request }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom("release", "leave"), desk, which: fc.nat(99) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const), desk }) },
);

it("answers as the desk of a thread does", { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 60, size: "max" }),
    async (steps) => {
      const local = new LocalDesk(systemClock);
      const model = new Office([0, 1, 2].map(() => new MemoryDesk(local)));
      const base = `model:{${++bases}}`;
      const terms = { patience: 10_000, maxValue: 1_000, onError: () => {} };
      const desks = [0, 1, 2].map(() => new RedisDesk(base, redis, server.url, terms));
      const office = new Office(desks);
      try {
        for (const one of steps) {
          model.take(one);
          office.take(one);
          await office.settle();
          const isAlike = (): boolean => office.outcomes.join() === model.outcomes.join();
          await until(isAlike, 2_000).catch(() => {});
          expect(office.outcomes).toEqual(model.outcomes);
        }
      } finally {
        office.close();
        await Promise.all(desks.map(({ gone }) => gone));
      }
      // What is left is said of names, and asked for by nobody.
      const left = await redis.keys(`${base}:*`);
      const kinds = new Set(left.map((key) => key.slice(base.length + 1).split(":")[0]));
      for (const kind of ["alive", "session", "line", "senders", "receivers", "sending"])
        expect(kinds).not.toContain(kind);
    },
  );
  await fc.assert(property, { numRuns: 500 });
});
