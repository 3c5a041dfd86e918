import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { cpuTime } from "./cpu-time.ts";

it("counts this process", () => {
  const before = cpuTime();
  for (const end = performance.now() + 30; performance.now() < end;);
  expect(cpuTime() - before).toBeGreaterThan(10);
});

it.runIf(process.platform === "linux")("counts the children there are", async () => {
  const program = `
    for (const end = performance.now() + 200; performance.now() < end;);
    process.stdout.write("done");
    process.stdin.resume();
  `;
  const before = process.cpuUsage();
  const start = cpuTime();
  const child = spawn(process.execPath, ["--eval", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const all = cpuTime() - start;
  const { user, system } = process.cpuUsage(before);
  expect(all - (user + system) / 1_000).toBeGreaterThan(100);
  child.stdin.end();
  await once(child, "exit");
});
