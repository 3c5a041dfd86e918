import type { PolicySubject } from "../policy-subject.ts";

/** The function itself, without any policy. */
export const bare: PolicySubject = {
  name: "no policy",
  kind: "floor",
  version: process.version,
  retry: (call) => call,
  timeout: (call) => call,
  circuitBreaker: (call) => call,
  limit: (call) => call,
  stack: (call) => call,
  withSignal: {
    retry: (call) => call,
    timeout: (call) => call,
    circuitBreaker: (call) => call,
    limit: (call) => call,
    stack: (call) => call,
  },
};
