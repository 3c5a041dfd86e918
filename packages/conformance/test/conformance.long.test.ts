import type { Executor } from "@quintet/core";
import { TaskExecutor } from "@quintet/core/kit";
import { afterAll, describe, expect, it } from "vitest";
import { allCases } from "../src/all-cases.ts";
import { programCases } from "../src/cases/programs.ts";
import { conformance, type CreateOptions, type Harness, wrappings } from "../src/index.ts";
import { TinyEngine } from "./fixtures/tiny-engine.ts";

const create = ({ concurrency, maxQueue }: CreateOptions): Executor =>
  new TaskExecutor({ name: "tiny", engine: new TinyEngine(concurrency), maxQueue });

/** The same executor, of which nobody can tell that it is built on the kit. */
function foreign(options: CreateOptions): Executor {
  const tiny = create(options);
  const { name, traits } = tiny;
  return {
    name,
    traits,
    run: tiny.run.bind(tiny),
    submit: tiny.submit.bind(tiny),
    map: tiny.map.bind(tiny),
    stream: tiny.stream.bind(tiny),
    semaphore: tiny.semaphore.bind(tiny),
    channel: tiny.channel.bind(tiny),
    tasks: () => tiny.tasks(),
    stats: () => tiny.stats(),
    ready: () => tiny.ready(),
    close: (closing) => tiny.close(closing),
    [Symbol.asyncDispose]: () => tiny.close(),
  };
}

const [plain] = wrappings({ name: "a tiny executor", create });
const [, foreignUnderPolicy] = wrappings({ name: "a foreign executor", create: foreign });
for (const harness of [plain, foreignUnderPolicy] as Harness[]) {
  conformance({ describe, it, expect, afterAll }, harness);
}

it("gives every case an id and a sentence of its own", () => {
  const cases = [...allCases, ...programCases];
  const ids = cases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z-]+\.[a-z-]+$/.test(id))).toEqual([]);
  const titles = cases.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
