import { isQuintetError } from "@quintet/core";
import { alike, failure, ok, rejection, same, shown } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { ConformanceError } from "../conformance-error.ts";
import { byReference, elsewhere } from "../needs.ts";
import type { Stage } from "../stage.ts";
import type { FailureKind } from "../tasks/error-functions.ts";
import { tasks } from "../tasks.ts";

/** What a task that fails in this way rejects with. */
async function thrown<T extends Error>(stage: Stage, kind: FailureKind): Promise<T> {
  const executor = await stage.executor();
  return (await failure(executor.run(tasks.fail, kind))) as T;
}

type CodedError = Error & { readonly code?: unknown; readonly [key: string]: unknown };

const natives = [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError] as const;

export const errorCases: readonly ConformanceCase[] = [
  {
    id: "error.thrown",
    title: "What a task throws or rejects with rejects its run, and the worker goes on",
    run: async (stage) => {
      const executor = await stage.executor();
      const { restarts } = executor.stats();
      same((await failure(executor.run(tasks.fail, "registered"))).message, "payment required");
      same(
        (await failure(executor.run(tasks.failLater, "registered"))).message,
        "payment required",
      );
      same(await executor.run(tasks.echo, 1), 1);
      same(executor.stats().restarts, restarts, "The number of lost workers");
    },
  },
  {
    id: "error.native-class",
    title: "Errors of the language's own classes keep their class, name and message",
    run: async (stage) => {
      for (const native of natives) {
        const error = await thrown(stage, native.name as FailureKind);
        ok(error instanceof native, `${shown(error)} is no ${native.name}.`);
        same(error.name, native.name, "The name");
        ok(error.message.endsWith(` ${native.name}`), `The message is "${error.message}".`);
      }
    },
  },
  {
    id: "error.registered-class",
    title: "Errors of registered classes keep class, methods and fields",
    run: async (stage) => {
      const error = await thrown<ConformanceError>(stage, "registered");
      ok(error instanceof ConformanceError, `${shown(error)} is no ConformanceError.`);
      same(error.name, "ConformanceError", "The name");
      same(error.status, 402, "The own property");
      same(error.isServerError(), false, "What its method gives");
    },
  },
  {
    id: "error.unknown-class",
    title: "Errors of unknown classes are errors, and keep name and message",
    run: async (stage) => {
      const error = await thrown(stage, "unknown");
      same(error.name, "UnknownError", "The name");
      same(error.message, "nobody registered this", "The message");
    },
  },
  {
    id: "error.own-class",
    title: "Quintet's own errors are recognised when a task throws them",
    run: async (stage) => {
      const error = await thrown(stage, "ours");
      ok(isQuintetError(error, "QUEUE_FULL"), `${shown(error)} is not recognised.`);
    },
  },
  {
    id: "error.code",
    title: "code and all other own properties arrive",
    run: async (stage) => {
      const error = await thrown<CodedError>(stage, "coded");
      same(error.code, "ENOENT", "The code");
      same(error["errno"], -2, "The number");
      alike(error["details"], { path: ["a", 1], __proto__x: null }, "The nested property");
      const nested = await thrown<CodedError>(stage, "nested");
      ok(nested["original"] instanceof TypeError, "An error in a property is none any more.");
    },
  },
  {
    id: "error.cause",
    title:
      "The whole chain of causes arrives, each an error of its class, and causes that are none",
    run: async (stage) => {
      const error = await thrown(stage, "chain");
      const middle = error.cause as Error;
      ok(middle instanceof RangeError, `The cause is ${shown(middle)}.`);
      const bottom = middle.cause as CodedError;
      same(bottom.message, "bottom", "The message at the end of the chain");
      same(bottom.code, "EBOTTOM", "The code at the end of the chain");
      same((await thrown(stage, "textCause")).cause, "only text", "The cause");
    },
  },
  {
    id: "error.cycle",
    title: "A chain of causes that closes on itself arrives as such",
    run: async (stage) => {
      const error = await thrown(stage, "cycle");
      const inner = error.cause as Error;
      same(inner.message, "inner", "The cause");
      same(inner.cause, error, "The cause of the cause");
    },
  },
  {
    id: "error.aggregate",
    title: "An AggregateError keeps its errors, each whole",
    run: async (stage) => {
      const error = await thrown<AggregateError>(stage, "aggregate");
      ok(error instanceof AggregateError, `${shown(error)} is no AggregateError.`);
      const [first, second, third] = error.errors as [Error, CodedError, string];
      ok(first instanceof TypeError, `The first is ${shown(first)}.`);
      same(second.code, "ESECOND", "The code of the second");
      same(third, "third");
    },
  },
  {
    id: "error.dom-exception",
    title: "A DOMException keeps its class, name and code",
    run: async (stage) => {
      const error = await thrown<DOMException>(stage, "domException");
      ok(error instanceof DOMException, `${shown(error)} is no DOMException.`);
      same(error.name, "AbortError", "The name");
      same(error.message, "it was aborted", "The message");
      same(error.code, 20, "The code");
    },
  },
  {
    id: "error.not-an-error",
    title: "null, undefined, 0, false, texts and objects that are thrown arrive as they were",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const value of [
        undefined,
        null,
        0,
        -0,
        "",
        "text",
        false,
        1n,
        Number.NaN,
        { a: 1 },
        [1],
      ]) {
        alike(await rejection(executor.run(tasks.throwValue, value)), value, "What was thrown");
      }
      const outcomes = await executor
        .map(tasks.throwValue, [undefined, null], { settle: true })
        .toArray();
      alike(
        outcomes.map(({ status }) => status),
        ["rejected", "rejected"],
      );
    },
  },
  {
    id: "error.uncloneable",
    title: "What is thrown and cannot travel gives a clear error, and the worker goes on",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await stage.executor();
      const { restarts } = executor.stats();
      for (const kind of ["symbol", "function", "proxy"] as const) {
        const error = await failure(executor.run(tasks.fail, kind));
        ok(error.message.length > 10, `The message is "${error.message}".`);
      }
      const symbol = await failure(executor.run(tasks.fail, "symbol"));
      ok(symbol.message.includes("Symbol(thrown)"), `The message is "${symbol.message}".`);
      same(executor.stats().restarts, restarts, "The number of lost workers");
    },
  },
  {
    id: "error.reference",
    title: "Errors by reference are the very same objects",
    needs: [byReference],
    run: async (stage) => {
      const executor = await stage.executor();
      for (const value of [new Error("the one"), Symbol("s"), { fn: (): void => {} }]) {
        same(await rejection(executor.run(tasks.throwValue, value)), value, "What was thrown");
      }
    },
  },
  {
    id: "error.hostile",
    title: "Errors with getters that throw, odd stacks, methods or a frozen state arrive as errors",
    run: async (stage) => {
      for (const kind of ["getter", "stack", "frozen", "methods"] as const) {
        const error = await thrown<CodedError>(stage, kind);
        if (kind === "frozen") same(error.message, "frozen", "The message");
        if (kind === "methods") same(error["kept"], true, "What stands beside the method");
      }
    },
  },
  {
    id: "error.stack",
    title: "The stack shows where the task failed, and below it who asked for it",
    run: async (stage) => {
      const executor = await stage.executor();
      async function callerOfTheTask(): Promise<void> {
        await executor.run(tasks.failLater, "TypeError");
      }
      const { stack = "" } = await failure(callerOfTheTask());
      const file = new URL(tasks.fail.origin.kind === "defined" ? tasks.fail.origin.module : "");
      const folder = file.pathname.slice(0, file.pathname.lastIndexOf("/"));
      ok(
        stack.includes(decodeURIComponent(folder)),
        `The stack does not name the task's file:\n${stack}`,
      );
      const joined = stage.traits.isolation === "none" || stack.includes("callerOfTheTask");
      ok(joined, `The stack does not name the caller:\n${stack}`);
    },
  },
  {
    id: "error.own-object",
    title: "Each task gets an error object of its own",
    run: async (stage) => {
      const executor = await stage.executor();
      const errors = await Promise.all(
        [1, 2].map(() => failure(executor.run(tasks.fail, "TypeError"))),
      );
      same(errors[0] === errors[1], false, "Whether two tasks have one error");
    },
  },
];
