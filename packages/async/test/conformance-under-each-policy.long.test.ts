import { conformance, type CreateOptions } from "@quintet/conformance";
import { type Policy, withPolicies } from "@quintet/core";
import { afterAll, describe, expect, it } from "vitest";
import {
  bulkhead,
  circuitBreaker,
  dedupe,
  eventLoop,
  fallback,
  hedge,
  limit,
  overlap,
  rateLimit,
  retry,
  timeout,
} from "../src/index.ts";

const rethrow = (error: unknown): never => {
  throw error;
};

/** A symbol for each call, so that none is like another. */
const unlike = (): symbol => Symbol("call");

/** Each policy with options under which it has nothing to do, so that the whole contract has to hold. */
const policies: Readonly<Record<string, () => readonly Policy[]>> = {
  retry: () => [retry({ attempts: 1 })],
  timeout: () => [timeout(600_000)],
  limit: () => [limit(Infinity)],
  bulkhead: () => [bulkhead(1_000_000)],
  "a rate limit": () => [rateLimit({ limit: 1_000_000, interval: 1 })],
  "a circuit breaker": () => [circuitBreaker({ failures: Infinity })],
  hedge: () => [hedge({ delay: 600_000 })],
  fallback: () => [fallback(rethrow)],
  dedupe: () => [dedupe({ key: unlike })],
  overlap: () => [overlap("restart", { key: unlike })],
  "all that a service has": () => [
    fallback(rethrow),
    timeout(600_000),
    retry({ attempts: 1 }),
    circuitBreaker({ failures: Infinity }),
    limit(Infinity),
    timeout(600_000),
  ],
};

for (const [name, make] of Object.entries(policies)) {
  conformance(
    { describe, it, expect, afterAll },
    {
      name: `event loop under ${name}`,
      create: ({ concurrency, maxQueue }: CreateOptions) =>
        withPolicies(eventLoop({ concurrency, maxQueue }), ...make()),
    },
  );
}
