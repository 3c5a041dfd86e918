import { anyNumber, duration, matching, typed, validateOptions } from "@quintet/core/kit";

/** How much of a delay is left to chance. */
export type Jitter = "full" | "half" | "none";

/** How long to wait before the next attempt. Durations are milliseconds. */
export interface BackoffOptions {
  /** Before the second attempt. Default: 100. */
  readonly base?: number | undefined;
  /** How many times longer each delay is than the one before. Default: 2. */
  readonly factor?: number | undefined;
  /** The longest delay; chance makes it shorter, never longer. Default: 30,000. */
  readonly cap?: number | undefined;
  /**
   * `"full"` takes any part of the delay, `"half"` at least half of it. Without it, callers that failed together come
   * back together. Default: `"full"`.
   */
  readonly jitter?: Jitter | undefined;
  /** Numbers from 0 up to 1, for tests. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** Delays that grow from failure to failure; `failed` counts from 1. */
export interface Backoff {
  /** Milliseconds to wait. */
  delay(failed: number, error: unknown): number;
  /** Milliseconds to add to what a server asks to wait, so that not all of its callers come back at once. */
  spread(failed: number): number;
}

/**
 * Exponential backoff with jitter: `random() × min(cap, base × factor ^ (failed - 1))`.
 *
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function exponential(options: BackoffOptions | undefined): Backoff {
  const checked = validateOptions<BackoffOptions>("backoff", options, {
    base: duration(true),
    factor: matching("a number from 1 up", (value) => !anyNumber(value, "") && Number(value) >= 1),
    cap: duration(true),
    jitter: matching('"full", "half" or "none"', (value) =>
      ["full", "half", "none"].includes(value as string),
    ),
    random: typed("function"),
  });
  const { base = 100, factor = 2, cap = 30_000, jitter = "full", random = Math.random } = checked;
  // Infinity times 0 is no number, which no timer takes.
  const most = Math.min(cap, Number.MAX_SAFE_INTEGER);
  const whole = (failed: number): number =>
    base === 0 ? 0 : Math.min(most, base * factor ** (failed - 1));
  const certain = { full: 0, half: 0.5, none: 1 }[jitter];
  return {
    delay: (failed) => whole(failed) * (certain + (1 - certain) * random()),
    spread: (failed) => (jitter === "none" ? 0 : whole(failed) * random()),
  };
}
