import { type Ending, keepContext, type WaitNode } from "@quintet/core/kit";
import { abortError } from "./abort-error.ts";
import { AbortScope } from "./abort-scope.ts";
import type { Group } from "./group.ts";
import type { GroupCall, GroupContext, GroupTask, GroupTaskState } from "./group-task.ts";

/** What is different about some tasks. */
export interface ChildTaskOptions {
  /** Gets its error before the group does; true where the error is dealt with. */
  readonly onFailed?: ((error: unknown) => boolean) | undefined;
  /** Takes no slot of the group's limit, and no abort reaches it. Default: false. */
  readonly isShielded?: boolean;
}

/** One task of a group: what its function gets, and what its spawner holds. */
export class ChildTask<Result = unknown>
  extends AbortScope
  implements GroupTask<Result>, GroupContext
{
  readonly group: Group;
  readonly name: string;
  readonly options: ChildTaskOptions;
  state: GroupTaskState = "waiting";
  /** By the group's clock. */
  since: number;
  /** Its place among those that wait for a slot. */
  place: WaitNode<ChildTask> | undefined;
  #call: GroupCall<Result> | undefined;
  #ending: Ending | undefined;
  #result: PromiseWithResolvers<unknown> | undefined;

  constructor(group: Group, name: string, call: GroupCall<Result>, options: ChildTaskOptions = {}) {
    super();
    this.group = group;
    this.name = name;
    this.since = group.settings.clock.date();
    this.options = options;
    this.#call = call;
  }

  get deadline(): number {
    return this.group.settings.deadline;
  }

  get result(): Promise<Result> {
    if (!this.#result) {
      this.#result = Promise.withResolvers();
      // The group is told of the error in any case.
      this.#result.promise.catch(() => {});
      if (this.#ending) this.#hand(this.#ending);
    }
    return this.#result.promise as Promise<Result>;
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  cancel(reason: unknown = abortError(`The task ${this.name} was cancelled.`)): void {
    if (!this.hasEnded) this.abort(reason);
  }

  override abort(reason: unknown): boolean {
    if (this.options.isShielded || !super.abort(reason)) return false;
    if (this.place) this.group.withdraw(this);
    return true;
  }

  /** Somebody else's end will start it: it is to run in the async context of its spawner. */
  wait(place: WaitNode<ChildTask>): void {
    this.place = place;
    this.#call = keepContext(this.#call as GroupCall<Result>);
  }

  /** Calls the function at once; a sync error is an error like any other. Never rejects. */
  async run(): Promise<void> {
    const call = this.#call as GroupCall<Result>;
    this.#call = this.place = undefined;
    this.state = "running";
    this.since = this.group.settings.clock.date();
    let ending: Ending;
    try {
      ending = { ok: true, value: await call(this) };
    } catch (value) {
      ending = { ok: false, value };
    }
    this.group.ended(this, ending);
  }

  settle(state: GroupTaskState, ending: Ending): void {
    this.state = state;
    this.#call = this.place = undefined;
    this.#ending = ending;
    this.#hand(ending);
  }

  #hand({ ok, value }: Ending): void {
    if (ok) this.#result?.resolve(value);
    else this.#result?.reject(value);
  }
}
