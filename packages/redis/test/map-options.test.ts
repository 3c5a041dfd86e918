/** What the `map` of a queue takes beside the contract of all executors. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Place } from "./place.ts";
import { lines, outcome, until } from "./fleet.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

let here: Place;
beforeAll(async () => {
  here = await Place.open();
});
afterEach(() => here.clear());
afterAll(() => here.stop());

const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);

describe("a map over a queue", () => {
  it("runs what fails again, by itself and as often as it may", async () => {
    await here.work({ concurrency: 4 });
    const client = here.client();
    const journal = here.file();
    const inputs = numbers(300).map((name) => ({ journal, name }));
    const retry = { attempts: 2, delay: 5 };
    expect(await client.map(tasks.odd, inputs, { retry }).toArray()).toEqual(numbers(300));
    // Those that share a job with one that fails run once all the same.
    const expected = numbers(300).flatMap((n) => (n % 2 ? [`${n}.1`, `${n}.2`] : [`${n}.1`]));
    expect(lines(journal).toSorted()).toEqual(expected.toSorted());
    const tooFew = client.map(tasks.odd, inputs.slice(0, 2), { retry: { attempts: 1 } });
    await expect(tooFew.toArray()).rejects.toThrow("1 is odd");
  });

  it("does not run again what was cancelled between two attempts", async () => {
    await here.work();
    const client = here.client();
    const journal = here.file();
    // It is known how long they take, so they share a job.
    await client
      .map(
        tasks.odd,
        [0, 2, 4, 6].map((name) => ({ name })),
      )
      .toArray();
    const controller = new AbortController();
    const inputs = numbers(40).map((name) => ({ journal, name }));
    const map = client.map(tasks.odd, inputs, {
      retry: { attempts: 2, delay: 300 },
      signal: controller.signal,
    });
    const result = outcome(map.toArray());
    await until(() => lines(journal).length === 40);
    controller.abort("enough");
    expect(await result).toBe("enough");
    await until(() => client.stats().running + client.stats().queued === 0);
    await sleep(500);
    expect(lines(journal)).toHaveLength(40);
  });

  it("delays, expires and takes back each of its tasks", async () => {
    const client = here.client();
    const expired = client.map(tasks.echo, [1, 2], { expires: 1, settle: true }).toArray();
    const late = client.map(tasks.echo, [1, 2], { startTimeout: 20, settle: true }).toArray();
    const codes = (outcomes: readonly unknown[]): unknown[] =>
      outcomes.map((one) => (one as { reason?: { code?: unknown } }).reason?.code);
    expect(codes(await late)).toEqual(["START_TIMEOUT", "START_TIMEOUT"]);
    await here.work();
    expect(codes(await expired)).toEqual(["EXPIRED", "EXPIRED"]);
    const start = performance.now();
    expect(await client.map(tasks.echo, [1, 2], { delay: 150 }).toArray()).toEqual([1, 2]);
    expect(performance.now() - start).toBeGreaterThan(140);
  });

  it("starts the tasks of a map with a higher priority first", async () => {
    const client = here.client();
    const journal = here.file();
    const entries = (name: string): { journal: string; name: string }[] =>
      [1, 2, 3].map((n) => ({ journal, name: `${name}${n}` }));
    const low = client.map(tasks.work, entries("low"), { priority: -1 }).toArray();
    const high = client.map(tasks.work, entries("high"), { priority: 1 }).toArray();
    await until(async () => (await here.bull((queue) => queue.getPrioritizedCount())) === 6);
    await here.work();
    await Promise.all([low, high]);
    const starts = lines(journal).filter((line) => line.includes("started"));
    expect(starts.map((line) => line.slice(0, 3))).toEqual([
      "hig",
      "hig",
      "hig",
      "low",
      "low",
      "low",
    ]);
  });

  it("with ids goes on where an earlier one broke off", async () => {
    await here.work();
    const journal = here.file();
    const inputs = numbers(6).map((name) => ({ journal, name }));
    const id = ({ name }: { name: string | number }): string => `row ${name}`;
    const first = here.client();
    expect(await first.map(tasks.work, inputs.slice(0, 3), { id }).toArray()).toEqual([0, 1, 2]);
    await first.close();
    expect(await here.client().map(tasks.work, inputs, { id }).toArray()).toEqual(numbers(6));
    expect(lines(journal).filter((line) => line.includes("started"))).toHaveLength(6);
    // The result of one is kept no longer than asked for.
    const short = here.client();
    const once = { journal, name: "short" };
    for (let time = 0; time < 2; time++) {
      await short.map(tasks.work, [once], { id: () => "short", resultTtl: 1 }).toArray();
      await sleep(10);
    }
    expect(lines(journal).filter((line) => line.startsWith("short started"))).toHaveLength(2);
  });

  it("refuses what makes no sense for its tasks, and says what does", async () => {
    const client = here.client();
    const refusal = async (options: object): Promise<string> => {
      const error: unknown = await client
        .map(tasks.echo, [1], options)
        .toArray()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "INVALID_OPTION" });
      return (error as Error).message;
    };
    expect(await refusal({ id: "one" })).toContain("a function that makes an id of an input");
    expect(await refusal({ id: () => 1 })).toContain("must make a string of each input");
    expect(await refusal({ resultTtl: 1_000 })).toContain("kept only under an id");
    expect(await refusal({ retry: { attempts: 0 } })).toContain("retry must be");
    expect(await refusal({ transfer: [] })).toContain('no option "transfer"');
    expect(await refusal({ delay: 20, expires: 10 })).toContain("would expire");
    expect(await outcome(client.run(tasks.echo, 1, { resultTtl: 1_000 }))).toBe("INVALID_OPTION");
  });
});
