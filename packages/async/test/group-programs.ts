import { virtualClock } from "@quintet/core/kit";
import {
  type Arbitrary,
  array,
  boolean,
  constantFrom,
  letrec,
  nat,
  oneof,
  option,
  record,
  type Scheduler,
} from "fast-check";
import type { GroupContext } from "../src/structured/group-task.ts";
import { suppressed } from "../src/structured/suppressed.ts";
import type { TaskGroup, TaskGroupOptions } from "../src/structured/task-group.ts";
import { countListeners } from "./listeners.ts";

/** Something that waits so many times, looks at its signal in between, and ends somehow. */
export interface Leaf {
  readonly kind: "leaf";
  readonly steps: number;
  readonly end: "value" | "error";
  /** Waits once more when it is aborted, then fails for a reason of its own, or goes on as if nothing were. */
  readonly onAbort: "reason" | "own error" | "ignore";
}

/** A group of others within it. */
export interface Nest {
  readonly kind: "nest";
  readonly limit: number;
  readonly isSupervised: boolean;
  /** Cancels itself after so many steps of its body. */
  readonly cancelAfter: number | null;
  /** Waits once in a deferred function. */
  readonly defers: boolean;
  readonly children: readonly Program[];
}

export type Program = Leaf | Nest;

const leaf: Arbitrary<Leaf> = record({
  kind: constantFrom("leaf" as const),
  steps: nat({ max: 3 }),
  end: constantFrom("value" as const, "value" as const, "value" as const, "error" as const),
  onAbort: constantFrom(
    "reason" as const,
    "reason" as const,
    "own error" as const,
    "ignore" as const,
  ),
});

/** Programs up to three groups deep. */
export const programs: Arbitrary<Nest> = letrec<{ nest: Nest; program: Program }>((tie) => ({
  program: oneof({ maxDepth: 2 }, leaf, tie("nest")),
  nest: record({
    kind: constantFrom("nest" as const),
    limit: constantFrom(1, 2, Infinity),
    isSupervised: boolean(),
    cancelAfter: option(nat({ max: 2 }), { freq: 4 }),
    defers: boolean(),
    children: array(tie("program"), { maxLength: 4 }),
  }),
})).nest;

/** What makes groups; the suite has to catch the broken ones. */
export type MakeGroup = <Result>(
  body: (group: TaskGroup) => Result | PromiseLike<Result>,
  options?: TaskGroupOptions,
) => Promise<Result>;

/** How a program went. */
export interface Trial {
  /** How often the schedule chose what goes on. */
  readonly steps: number;
  /** What is wrong, in words. */
  readonly problems: readonly string[];
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Runs a program in the order that the scheduler chooses, aborts it before one of its steps, and looks at what is left. */
export async function tryProgram(
  makeGroup: MakeGroup,
  program: Nest,
  scheduler: Scheduler,
  abortAt: number,
): Promise<Trial> {
  const run = new ProgramRun(makeGroup, scheduler);
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  let outcome: { readonly ok: boolean; readonly value: unknown } | undefined;
  let left = "";
  run.nest(program, undefined, true, controller.signal).then(
    (value) => {
      outcome = { ok: true, value };
      left = run.left();
    },
    (value: unknown) => {
      outcome = { ok: false, value };
      left = run.left();
    },
  );
  let steps = 0;
  for (await turn(); scheduler.count() > 0; await turn()) {
    if (steps === abortAt && !outcome) {
      run.hasAborted = true;
      controller.abort(reason);
    }
    await scheduler.waitOne();
    steps++;
  }
  await turn();
  process.off("unhandledRejection", note);

  const problems: string[] = [];
  if (left) problems.push(`it settled while there were ${left}`);
  if (listeners() > 0) problems.push(`${listeners()} listeners are left`);
  if (run.clock.pending > 0) problems.push(`${run.clock.pending} timers are left`);
  if (unhandled.length > 0) problems.push(`${unhandled.length} rejections are unhandled`);
  if (run.unsettled > 0) problems.push(`${run.unsettled} results never settle`);
  if (outcome) problems.push(...run.judge(outcome));
  else problems.push("it never settles");
  return { steps, problems };
}

const reason = new Error("aborted from outside");

class ProgramRun {
  readonly clock: ReturnType<typeof virtualClock> = virtualClock();
  hasAborted = false;
  /** Results of tasks that have not settled. */
  unsettled = 0;
  readonly #makeGroup: MakeGroup;
  readonly #scheduler: Scheduler;
  #running = 0;
  #overLimit = 0;
  /** Steps of leaves that were not told of the abort. */
  #deaf = 0;
  /** Errors of leaves that nobody was told of yet: each is to reach a supervisor or the caller. */
  readonly #untold = new Set<unknown>();

  constructor(makeGroup: MakeGroup, scheduler: Scheduler) {
    this.#makeGroup = makeGroup;
    this.#scheduler = scheduler;
  }

  left(): string {
    return this.#running > 0 ? `${this.#running} functions running` : "";
  }

  async nest(
    { limit, isSupervised, cancelAfter, defers, children }: Nest,
    parent: GroupContext | undefined,
    isRoot: boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    let running = 0;
    const body = async (group: TaskGroup): Promise<void> => {
      if (defers) group.defer(() => this.#step());
      for (const child of children) {
        const task = group.spawn(async (context) => {
          if (++running > limit) this.#overLimit++;
          try {
            await (child.kind === "leaf"
              ? this.#leaf(child, context)
              : this.nest(child, context, false));
          } finally {
            running--;
          }
        });
        this.unsettled++;
        const settled = (): void => void this.unsettled--;
        task.result.then(settled, settled);
      }
      if (cancelAfter === null) return;
      for (let left = cancelAfter; left > 0; left--) await this.#step();
      group.cancel();
    };
    this.#running++;
    const supervise = (error: unknown): void => this.#told(error);
    await this.#makeGroup(body, {
      clock: this.clock,
      limit,
      timeout: 1_000,
      grace: 1_000,
      parent,
      ...(isRoot && { signal }),
      ...(isSupervised && { supervise }),
    }).finally(() => this.#running--);
  }

  /** What is wrong with how the whole ended. */
  judge({ ok, value }: { readonly ok: boolean; readonly value: unknown }): string[] {
    const problems: string[] = [];
    if (this.#overLimit > 0) problems.push("the limit was exceeded");
    if (this.#deaf > 0) problems.push(`${this.#deaf} steps were not told of the abort`);
    const isReason = value === reason;
    if (!ok && !isReason) this.#told(value);
    if (ok && this.hasAborted) problems.push("it gave a value although it was aborted");
    if (isReason && !this.hasAborted) problems.push("it was aborted by nobody");
    if (!ok && !isReason && !(value instanceof LeafError))
      problems.push(`it rejected with ${String(value)}`);
    if (this.#untold.size > 0) problems.push(`${this.#untold.size} errors were lost`);
    return problems;
  }

  #told(error: unknown): void {
    this.#untold.delete(error);
    for (const other of suppressed(error)) this.#told(other);
  }

  async #step(): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve());
  }

  async #leaf({ steps, end, onAbort }: Leaf, { signal }: GroupContext): Promise<void> {
    this.#running++;
    try {
      for (let left = steps; left > 0; left--) {
        await this.#step();
        if (this.hasAborted && !signal.aborted) this.#deaf++;
        if (!signal.aborted || onAbort === "ignore") continue;
        if (onAbort === "reason") throw signal.reason;
        await this.#step();
        throw this.#error();
      }
      if (end === "error") throw this.#error();
    } finally {
      this.#running--;
    }
  }

  #error(): LeafError {
    const error = new LeafError("a leaf failed");
    this.#untold.add(error);
    return error;
  }
}

class LeafError extends Error {}
