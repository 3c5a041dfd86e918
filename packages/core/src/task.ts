import type { Unmoved } from "./moved.ts";
import type { TaskContext } from "./task-context.ts";

/** What can be made a task: one input, a context, and a value, a promise, or a generator of either kind. */
export type TaskFunction = (input: never, context: TaskContext) => unknown;

/** The input type of a task function; `void` when it takes none. */
export type InputOf<F extends TaskFunction> =
  Parameters<F> extends []
    ? void
    : undefined extends Parameters<F>[0]
      ? Parameters<F>[0] | void
      : Parameters<F>[0];

/** The result of a task whose function returns this: awaited, or what its generator returns. */
export type ResultOf<Returned> =
  Returned extends Generator<unknown, infer Output, never>
    ? Unmoved<Awaited<Output>>
    : Returned extends AsyncGenerator<unknown, infer Output, never>
      ? Unmoved<Awaited<Output>>
      : Unmoved<Awaited<Returned>>;

/** The items of a task whose function returns this; `never` where that is no generator. */
export type YieldOf<Returned> =
  Returned extends Generator<infer Item, unknown, never>
    ? Unmoved<Exclude<Item, PromiseLike<unknown>>>
    : Returned extends AsyncGenerator<infer Item, unknown, never>
      ? Unmoved<Item>
      : never;

/** The result type of a task function: what it returns, awaited, or what its generator returns. */
export type OutputOf<F extends TaskFunction> = ResultOf<ReturnType<F>>;

/** The items a generator task yields; `never` for a function that yields nothing. */
export type ItemOf<F extends TaskFunction> = YieldOf<ReturnType<F>>;

/** How a worker that never saw the task finds its code. */
export type TaskOrigin =
  /** Import `module`; `defineTasks` there registers the id. */
  | { readonly kind: "defined"; readonly module: string }
  /** Import `module` and take the export `name`. */
  | { readonly kind: "export"; readonly module: string; readonly name: string }
  /** Evaluate the source of a self-contained function. */
  | { readonly kind: "inline"; readonly source: string };

declare const types: unique symbol;
declare const streams: unique symbol;

/**
 * A function that any executor can run, here or elsewhere. Calling it runs it here and now.
 * `Input`, `Output` and `Item` are what it takes, returns and yields.
 */
export interface Task<Input, Output, Item = unknown> {
  (input: Input, context?: TaskContext): unknown;
  /** `namespace.name`: stable across machines and deploys. */
  readonly id: string;
  /** Where its code is found. */
  readonly origin: TaskOrigin;
  /** What a worker elsewhere must have at least to run it; 1 where it is not there. */
  readonly version?: number;
  /** Carries the types; never there at run time. */
  readonly [types]?: {
    readonly input: (input: Input) => void;
    readonly output: Output;
    readonly item: Item;
  };
}

/** A task that yields: what `stream` takes. */
export interface StreamTask<Input, Output, Item> extends Task<Input, Output, Item> {
  /** Carries the type; never there at run time. */
  readonly [streams]: true;
}

/** The task made of a function, callable like the function itself with an optional context. */
export type TaskOf<F extends TaskFunction> = ((
  input: InputOf<F>,
  context?: TaskContext,
) => ReturnType<F>) &
  ([ItemOf<F>] extends [never]
    ? Task<InputOf<F>, OutputOf<F>, never>
    : StreamTask<InputOf<F>, OutputOf<F>, ItemOf<F>>);

/** Whether a value is a task, of any copy of the package. */
export function isTask(value: unknown): value is Task<unknown, unknown> {
  return (
    typeof value === "function" &&
    "origin" in value &&
    typeof (value as { id?: unknown }).id === "string"
  );
}
