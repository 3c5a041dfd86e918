import type * as path from "node:path/posix";
import { typeOf } from "../test/type-of.ts";
import type { Executor } from "./executor.ts";
import { moduleTasks } from "./module-tasks.ts";
import type { TaskContext } from "./task-context.ts";

declare const executor: Executor;

interface HashModule {
  hash(text: string): Promise<string>;
  lines(text: string, context: TaskContext): Generator<string, number>;
  ping(): "pong";
  join(a: string, b: string): string;
  readonly version: string;
}

const hash = moduleTasks<HashModule>("hash", new URL("file:///hash.js"));
typeOf(executor.run(hash.hash, "a")).is<Promise<string>>();
typeOf(executor.run(hash.ping)).is<Promise<"pong">>();
typeOf(executor.stream(hash.lines, "a")).is<AsyncGenerator<string, number, void>>();
// @ts-expect-error: the wrong input
void executor.run(hash.hash, 1);
// @ts-expect-error: it yields nothing
executor.stream(hash.hash, "a");
// @ts-expect-error: no function
void hash.version;
// @ts-expect-error: its second parameter is no context
void hash.join;
// @ts-expect-error: no such export
void hash.other;

const real = moduleTasks<typeof path>("path", "node:path");
typeOf(executor.run(real.normalize, "a")).is<Promise<string>>();
// @ts-expect-error: a constant
void real.sep;
