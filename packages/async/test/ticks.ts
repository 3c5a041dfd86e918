const tick = Promise.resolve();

/** Lets reactions run, so many rounds of them. */
export async function ticks(count: number = 20): Promise<void> {
  for (let left = count; left > 0; left--) await tick;
}
