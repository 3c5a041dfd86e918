import { type LocalExecutor, type Policy, withPolicies } from "@quintet/core";
import { expectTypeOf } from "vitest";
import { circuitBreaker, dedupe, eventLoop, fallback, limit, rateLimit, retry } from "../index.ts";

const length = async (text: string): Promise<number> => text.length;

// Policies change how a function is called, and not its type.
const guarded = withPolicies(length, retry(), limit(4), circuitBreaker());
expectTypeOf(guarded("a")).resolves.toEqualTypeOf<number>();
// @ts-expect-error: the input is still a text
void guarded(1);

expectTypeOf(withPolicies(eventLoop(), retry())).toEqualTypeOf<LocalExecutor>();

// What looks at inputs says what it takes them for.
expectTypeOf(limit(4, { weight: (text: string) => text.length })).toEqualTypeOf<Policy>();
expectTypeOf(
  rateLimit({ limit: 1, interval: 1, weight: (text: string) => text.length }),
).toEqualTypeOf<Policy>();
expectTypeOf(fallback((_error, text: string) => text)).toEqualTypeOf<Policy>();
expectTypeOf(dedupe({ key: (user: { readonly id: number }) => user.id })).toExtend<Policy>();
// @ts-expect-error: nothing is known of an input that was not named
dedupe({ key: (user) => user.id });

expectTypeOf(circuitBreaker().state).toEqualTypeOf<"closed" | "open" | "half-open">();
// @ts-expect-error: it can only be read
circuitBreaker().state = "open";
