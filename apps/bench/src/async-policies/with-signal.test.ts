import { expect, it } from "vitest";
import { increment } from "./policy-work.ts";
import type { PolicySubject, SignalledCall } from "./policy-subject.ts";
import { policySubjects } from "./subjects/policy-subjects.ts";

const parts = policySubjects.flatMap(({ name, withSignal = {} }: PolicySubject) =>
  Object.entries(withSignal).map(([policy, guard]) => ({ name, policy, guard })),
);

/** Ends when its signal aborts, and in no other way. */
const listens: SignalledCall = (_input, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

it.each(parts)("$name lets an abort end a call under $policy", async ({ guard }) => {
  const controller = new AbortController();
  expect(await guard(increment)(1, controller.signal)).toBe(2);
  const call = guard(listens)(1, controller.signal);
  controller.abort(new Error("enough"));
  const ending = await call.then(
    () => "value",
    () => "error",
  );
  expect(ending).toBe("error");
});
