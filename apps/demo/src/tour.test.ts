import { rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { eventLoop } from "@quintet/async";
import { type Policy, withPolicies } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import type { Place } from "./places.ts";
import { tour } from "./tour.ts";

const here: Place = { name: "here", open: () => eventLoop() };

/** What a tour of the places prints about a folder, and its exit code. */
async function toured(
  folder: string,
  places: readonly Place[],
): Promise<{ exitCode: number; printed: string }> {
  const output = new PassThrough();
  const commandLine = { help: false, folder, limit: 10, size: 1, out: join(folder, "page.html") };
  const exitCode = await tour({
    commandLine,
    places,
    signal: new AbortController().signal,
    output: output as unknown as NodeJS.WriteStream,
  });
  return { exitCode, printed: await text(output.end()) };
}

describe("a place", () => {
  it("that cannot run now says what to do in one line, and is no failure", async () => {
    const away: Place = {
      name: "away",
      open: () => expect.unreachable(),
      unavailable: "start a server first",
    };
    const { exitCode, printed } = await toured(temporaryFolder({ a: "" }), [here, away]);
    expect(exitCode).toBe(0);
    expect(printed).toContain("\naway: start a server first\n");
    expect(printed).not.toContain("│ away");
  });

  it("that fails is named, and the others run", async () => {
    const open: Place["open"] = () => {
      throw new Error("no such luck");
    };
    const places = [{ name: "broken", open }, here];
    const { exitCode, printed } = await toured(temporaryFolder({ a: "" }), places);
    expect(exitCode).toBe(1);
    expect(printed).toContain("\nbroken: the job failed: no such luck\n");
    expect(printed).toContain("│ here");
  });

  it("that finds something else is named with the first file it is wrong about", async () => {
    const wrongly: Policy = (next) => async (input, call) => {
      const report = (await next(input, call)) as { path: string } | undefined;
      return (report?.path.endsWith("b") ? { ...report, bytes: 7 } : report) as never;
    };
    const open: Place["open"] = () => withPolicies(eventLoop(), wrongly);
    const folder = temporaryFolder({ a: "", b: "", c: "" });
    const { exitCode, printed } = await toured(folder, [here, { name: "there", open }]);
    expect(exitCode).toBe(1);
    expect(printed).toContain("The results on there are not those on here, beginning with ");
    expect(printed).toContain(`${join(folder, "b")}. Was a file changed`);
    expect(printed).not.toContain("found the same");
  });

  it("that loses one word is found out", async () => {
    const forgetful: Policy = (next) => async (input, call) => {
      const report = (await next(input, call)) as
        | { readonly text: { readonly counts: Map<string, number> } }
        | undefined;
      report?.text.counts.set("word", 1);
      return report as never;
    };
    const open: Place["open"] = () => withPolicies(eventLoop(), forgetful);
    const folder = temporaryFolder({ a: "word word" });
    const { exitCode, printed } = await toured(folder, [here, { name: "there", open }]);
    expect(exitCode).toBe(1);
    expect(printed).toContain("in how often words occur");
  });
});

it("tells of a place where two tasks have their turn at the same time", async () => {
  const open: Place["open"] = () => {
    const executor = eventLoop();
    executor.semaphore("whose turn it is", 2);
    return executor;
  };
  const folder = temporaryFolder({ a: "" });
  const { exitCode, printed } = await toured(folder, [here, { name: "there", open }]);
  expect(exitCode).toBe(1);
  expect(printed).toContain("there: 2 tasks had their turn at the same time.");
});

it("names a file that is deleted while the job runs", async () => {
  const folder = temporaryFolder({ a: "", b: "" });
  const open: Place["open"] = () => {
    rmSync(join(folder, "b"));
    return eventLoop();
  };
  const { exitCode, printed } = await toured(folder, [here, { name: "late", open }]);
  expect(exitCode).toBe(1);
  expect(printed).toContain("1 path could not be read:\n  b: no such file or directory (ENOENT)");
  expect(printed).toContain("The results on late are not those on here");
});
