/** What `submit` says of an id that was there already. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { lines, outcome, until } from "./fleet.ts";
import { Place } from "./place.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

let here: Place;
beforeAll(async () => {
  here = await Place.open();
});
afterEach(() => here.clear());
afterAll(() => here.stop());

describe("a submitted task", () => {
  it("says whether its id was there: queued, running, or with its result", async () => {
    const [one, other] = [here.client(), here.client()];
    const [journal, gate] = [here.file(), here.file()];
    const entry = { journal, name: "it", until: gate };
    const first = one.submit(tasks.work, entry, { id: "a" });
    expect(await first.deduped).toBe(false);
    const queued = other.submit(tasks.work, entry, { id: "a" });
    expect(await queued.deduped).toBe(true);
    await here.work();
    await until(() => one.stats().running === 1);
    const running = other.submit(tasks.work, entry, { id: "a" });
    expect(await running.deduped).toBe(true);
    rmSync(gate);
    const jobs = [first, queued, running];
    expect(await Promise.all(jobs.map(({ result }) => result))).toEqual(["it", "it", "it"]);
    const ended = one.submit(tasks.work, entry, { id: "a" });
    expect(await ended.deduped).toBe(true);
    expect(await ended.result).toBe("it");
    expect(lines(journal)).toHaveLength(2);
    expect(await one.submit(tasks.echo, 1).deduped).toBe(false);
  });

  it("is the first of one only of those that are submitted at the same time", async () => {
    const clients = Array.from({ length: 8 }, () => here.client());
    await here.work();
    await Promise.all(clients.map((client) => client.ready()));
    for (let round = 0; round < 10; round++) {
      const [journal, gate] = [here.file(), here.file()];
      const entry = { journal, name: round, until: gate };
      const jobs = clients.map((client) => client.submit(tasks.work, entry, { id: `${round}` }));
      const deduped = await Promise.all(jobs.map((job) => job.deduped));
      expect(deduped.filter((isDeduped) => !isDeduped)).toHaveLength(1);
      rmSync(gate);
      expect(new Set(await Promise.all(jobs.map(({ result }) => result)))).toEqual(
        new Set([round]),
      );
      expect(lines(journal)).toHaveLength(2);
    }
  });

  it("refuses the id to another task that is submitted at the same time", async () => {
    const [one, other] = [here.client(), here.client()];
    await here.work();
    await Promise.all([one.ready(), other.ready()]);
    for (let round = 0; round < 5; round++) {
      const ends = await Promise.all([
        outcome(one.run(tasks.work, { name: "work", milliseconds: 20 }, { id: `${round}` })),
        outcome(other.run(tasks.echo, "echo", { id: `${round}` })),
      ]);
      expect(ends).toContain("INVALID_OPTION");
      expect(ends.filter((end) => end === "work" || end === "echo")).toHaveLength(1);
    }
  });

  it("has not arrived when it is cancelled, refused, or too large", async () => {
    const client = here.client({ maxInput: 100 });
    const cancelled = client.submit(tasks.echo, 1, { id: "x", signal: AbortSignal.abort("no") });
    expect(await outcome(cancelled.deduped)).toBe("no");
    expect(await outcome(client.submit(tasks.echo, "x".repeat(200), { id: "y" }).deduped)).toBe(
      "TOO_LARGE",
    );
    const early = client.submit(tasks.echo, 1, { id: "z" });
    early.cancel("early");
    expect(await outcome(early.deduped)).toBe("early");
    expect(await client.job("z").state()).toBe("unknown");
  });

  it("gives its result to a client that was killed and comes again", async () => {
    const [journal, gate] = [here.file(), here.file()];
    const entry = { journal, name: "it", until: gate };
    const request = { queue: here.queue, connection: here.url, id: "order", entry };
    await here.work();
    const program = new URL("client-process.ts", import.meta.url).pathname;
    const flags = ["--conditions=@quintet/source", program, JSON.stringify(request)];
    const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
    expect(String(await once(child.stdout, "data"))).toBe("sent\n");
    await until(() => lines(journal).length === 1);
    child.kill("SIGKILL");
    await once(child, "exit");
    const again = here.client().submit(tasks.work, entry, { id: "order" });
    expect(await again.deduped).toBe(true);
    rmSync(gate);
    expect(await again.result).toBe("it");
    // Also when it comes after the end.
    const late = here.client().submit(tasks.work, entry, { id: "order" });
    expect([await late.deduped, await late.result]).toEqual([true, "it"]);
    expect(lines(journal)).toHaveLength(2);
  });

  it("that was first goes on for the others when its caller gives up, and ends with the last", async () => {
    await here.work({ concurrency: 2 });
    const [one, other] = [here.client(), here.client()];
    const [journal, gate] = [here.file(), here.file()];
    const entry = { journal, name: "it", until: gate };
    const first = one.submit(tasks.work, entry, { id: "shared" });
    await until(() => lines(journal).length === 1);
    const second = other.submit(tasks.work, entry, { id: "shared" });
    await second.deduped;
    first.cancel("enough");
    expect(await outcome(first.result)).toBe("enough");
    await one.close();
    rmSync(gate);
    expect(await second.result).toBe("it");
    const held = here.file();
    const alone = other.submit(tasks.work, { journal, name: "alone", until: held }, { id: "b" });
    await until(() => other.stats().running === 1);
    alone.cancel("enough");
    await until(() => other.stats().running === 0);
    expect(await other.job("b").state()).toBe("failed");
  });

  it("that is cancelled by its id while it waits tells all who wait for it, and what depends on it", async () => {
    const clients = [here.client(), here.client()];
    const runs = clients.map((one) => one.submit(tasks.echo, 1, { id: "shared" }));
    await Promise.all(runs.map(({ deduped }) => deduped));
    const after = clients[0]!.run(tasks.echo, 2, { dependsOn: ["shared"] });
    const last = outcome(after);
    expect(await here.client().job("shared").cancel(new RangeError("from afar"))).toBe(true);
    for (const { result } of runs) {
      expect(await outcome(result)).toMatchObject({ name: "RangeError", message: "from afar" });
    }
    expect(await outcome(here.client().job("shared").result())).toMatchObject({
      message: "from afar",
    });
    await here.work();
    expect(await last).toBe("DEPENDENCY_FAILED");
  });

  it("that runs already has started for all who come later", async () => {
    await here.work({ concurrency: 1 });
    const [one, other] = [here.client(), here.client()];
    const [journal, gate] = [here.file(), here.file()];
    const entry = { journal, name: "it", until: gate };
    const first = one.run(tasks.work, entry, { id: "shared" });
    await until(() => lines(journal).length === 1);
    const second = other.run(tasks.work, entry, { id: "shared", startTimeout: 50 });
    const third = outcome(other.run(tasks.echo, 1, { startTimeout: 50 })); // the one worker is busy
    expect(await third).toBe("START_TIMEOUT");
    rmSync(gate);
    expect(await Promise.all([first, second])).toEqual(["it", "it"]);
  });
});
