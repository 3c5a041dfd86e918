import type { MapOptions } from "../../run-options.ts";

/** Inputs are read so many at a time, or what goes on around it would cost more than they do. */
const handful = (concurrency: number): number => Math.min(Math.max(1, concurrency >> 2), 256);

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
  if (room <= 0) return room;
  if (chunk === "auto") return room >= handful(concurrency) || underWay === 0 ? room : 0;
  const begun = count % chunk !== 0;
  const wanted = begun ? 1 : Math.min(chunk, concurrency, window);
  return room >= wanted || underWay === 0 ? 1 : 0;
}
