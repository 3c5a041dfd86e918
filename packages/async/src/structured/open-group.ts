import { InvalidOptionError } from "@quintet/core";
import { typed, validateOptions } from "@quintet/core/kit";
import { abortError } from "./abort-error.ts";
import { ChildTask, type ChildTaskOptions } from "./child-task.ts";
import { Group } from "./group.ts";
import type { GroupCall, GroupContext, GroupTask, SpawnOptions } from "./group-task.ts";
import { inspectGroup } from "./inspect-group.ts";
import type { TaskGroup, TaskGroupState } from "./task-group.ts";

/** The public face of a group. */
export class OpenGroup extends Group implements TaskGroup {
  #count = 0;

  spawn<Result>(call: GroupCall<Result>, options?: SpawnOptions): GroupTask<Result> {
    const task = this.#task("spawn", call, call, options);
    this.add(task);
    return task;
  }

  trySpawn<Result>(call: GroupCall<Result>, options?: SpawnOptions): GroupTask<Result> | undefined {
    const task = this.#task("trySpawn", call, call, options);
    if (!this.hasRoom) return undefined;
    this.add(task);
    return task;
  }

  start<Value>(
    call: (ready: (value: Value) => void, context: GroupContext) => unknown,
    options?: SpawnOptions,
  ): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    let isReady = false;
    const ready = (value: Value): void => {
      isReady = true;
      resolve(value);
    };
    const begin: GroupCall<unknown> = (context) => call(ready, context);
    const task = this.#task("start", call, begin, options, { onFailed: () => !isReady });
    this.add(task);
    const early = (): unknown =>
      new InvalidOptionError(`start(): the task ${task.name} has ended without calling ready().`);
    task.result.then(() => reject(early()), reject);
    return promise;
  }

  defer(call: () => unknown): void {
    this.checkOpen("defer");
    checkCall("defer", call);
    this.addFinalizer(call);
  }

  cancel(reason: unknown = abortError(`${this.name} was cancelled.`)): void {
    if (!this.hasEnded) this.abort(reason);
  }

  inspect(): TaskGroupState {
    return inspectGroup(this);
  }

  #task<Result>(
    method: string,
    named: { readonly name: string },
    call: GroupCall<Result>,
    options: SpawnOptions | undefined,
    special?: ChildTaskOptions,
  ): ChildTask<Result> {
    this.checkOpen(method);
    checkCall(method, named);
    const { name = named.name || `task ${++this.#count}` } = validateOptions<SpawnOptions>(
      `${method}()`,
      options,
      { name: typed("string") },
    );
    return new ChildTask(this, name, call, special);
  }
}

/** *Errors*: `INVALID_OPTION`. */
function checkCall(method: string, call: unknown): void {
  if (typeof call === "function") return;
  throw new InvalidOptionError(
    `${method}() takes a function, got ${call === null ? "null" : typeof call}.`,
  );
}
