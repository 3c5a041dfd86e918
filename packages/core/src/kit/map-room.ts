import type { MapOptions } from "../run-options.ts";

/**
 * How many inputs a map may read now: whole chunks, or whatever when nothing is under way. `count` were read, and the
 * results of `consumed` of them.
 */
export function roomFor(
  options: MapOptions,
  host: { readonly concurrency: number },
  underWay: number,
  count: number,
  consumed: number,
): number {
  const { concurrency = host.concurrency, chunk = "auto" } = options;
  const { window = 2 * concurrency } = options;
  const room = Math.min(concurrency - underWay, window - (count - consumed));
  if (chunk === "auto" || room <= 0) return room;
  const begun = count % chunk !== 0;
  const wanted = begun ? 1 : Math.min(chunk, concurrency, window);
  return room >= wanted || underWay === 0 ? 1 : 0;
}
