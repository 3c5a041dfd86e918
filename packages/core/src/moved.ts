import { sharedState } from "./kit/shared-state.ts";

declare const marked: unique symbol;

/** What `move` makes. */
export interface Moved<Value> {
  readonly value: Value;
  readonly transfer: readonly object[];
  /** Never there at run time. */
  readonly [marked]: true;
}

// Not a property: what a task returns may be a proxy, which must not be asked.
const made: WeakSet<object> = sharedState("moved", () => new WeakSet());

/** What arrives of what a task returns or yields. */
export type Unmoved<Value> = Value extends Moved<infer Inner> ? Inner : Value;

/**
 * Marks what a task returns or yields, so that its buffers move to the caller instead of being copied; the caller gets
 * the value itself. The counterpart of the `transfer` option, which moves an input.
 *
 * - `transfer`: buffers, ports and streams in the value. Default: the value, or the buffer under a typed array.
 *
 * Where values do not travel, or cannot move, it changes nothing.
 * *Errors*: the task's caller gets `NOT_CLONEABLE` when something listed cannot move.
 *
 * @example
 * ```ts
 * import { inline } from "@quintet/core";
 * import { threads } from "@quintet/threads";
 *
 * const pixels = inline(async (size: number) => {
 *   const { move } = await import("@quintet/core");
 *   return move(new Uint8Array(size).fill(7));
 * });
 * const pool = threads({ size: 1 });
 * console.log((await pool.run(pixels, 3)).join()); // => 7,7,7
 * await pool.close();
 * ```
 */
export function move<Value extends object>(
  value: Value,
  transfer: readonly object[] = [ArrayBuffer.isView(value) ? value.buffer : value],
): Moved<Value> {
  const moved = { value, transfer } as Moved<Value>;
  made.add(moved);
  return moved;
}

/** Whether `move` made it, in any copy of the package. */
export function isMoved(value: unknown): value is Moved<unknown> {
  return made.has(value as object);
}
