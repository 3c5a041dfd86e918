import { systemClock } from "@quintet/core/kit";
import { ok } from "./assertions.ts";

/** Asks until the answer is yes; fails when it does not come to be so. */
export async function untilTrue(
  ask: () => Promise<boolean>,
  what: string,
  patience: number = 10_000,
): Promise<void> {
  const end = systemClock.now() + patience;
  while (!(await ask())) {
    ok(systemClock.now() < end, `Waited ${patience} ms in vain for ${what}.`);
    await new Promise<void>((resolve) => systemClock.after(2, () => resolve()));
  }
}
