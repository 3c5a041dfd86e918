import type { TaskOrigin, TaskOutput } from "@quintet/core";
import type { Carried, EncodedThrown, NameAnswer, NameRequest } from "@quintet/core/kit";

/** First element of what is sent to a worker beside the ring. */
export const Order = {
  register: 0,
  input: 1,
  cancel: 2,
  grant: 3,
  close: 4,
  setUp: 5,
  answer: 6,
} as const;

/** First element of what a worker sends beside the ring: about a run, and from `ready` on about itself. */
export const Report = {
  item: 1,
  progress: 2,
  done: 3,
  failed: 4,
  cancelled: 5,
  output: 6,
  ask: 7,
  ready: 8,
  setUp: 9,
  tornDown: 10,
  full: 11,
} as const;

/** What a run asks for beside the result. */
export const Wish = { started: 1, items: 2, output: 4 } as const;

/** Either end: look at the ring. */
export const wakeUp = 0;

/** Tells a worker what a task number stands for, once per worker and task, and whose runs those are. */
export type RegisterOrder = readonly [
  typeof Order.register,
  task: number,
  id: string,
  origin: TaskOrigin,
  executor: string,
];

/**
 * An input that does not fit in its slot, in the order of the ring; also the run's id where it has one of its own, and
 * what it carries of its caller's async context.
 */
export type InputOrder = readonly [
  typeof Order.input,
  position: number,
  input: unknown,
  runId: string | undefined,
  carried: Carried | undefined,
];

/** Aborts the signal of a running task. */
export type CancelOrder = readonly [typeof Order.cancel, position: number, reason: EncodedThrown];

/** Lets a stream send more items. */
export type GrantOrder = readonly [typeof Order.grant, position: number, credits: number];

/** Ends the worker; it holds no tasks. */
export type CloseOrder = readonly [typeof Order.close];

/** A task of the pool's own, for the worker itself. */
export type UpkeepTask = readonly [id: string, origin: TaskOrigin];

/** What a worker does before its first task and after its last, and how many bytes it may keep in between. */
export type SetUpOrder = readonly [
  typeof Order.setUp,
  executor: string,
  setup: UpkeepTask | undefined,
  input: unknown,
  teardown: UpkeepTask | undefined,
  memory: number,
];

/** The answer to what a run has asked about a name. */
export type AnswerOrder = readonly [typeof Order.answer, answer: NameAnswer];

/** A message that is to be acted upon. */
export type ControlOrder = CancelOrder | GrantOrder | CloseOrder | SetUpOrder | AnswerOrder;

/** A message to a worker. */
export type WorkerOrder = typeof wakeUp | RegisterOrder | InputOrder | ControlOrder;

/** How a run ended whose answer does not fit in its slot. `duration` is the running time in milliseconds. */
export type EndReport =
  | readonly [typeof Report.done, position: number, duration: number, output: unknown]
  | readonly [typeof Report.failed, position: number, duration: number, thrown: EncodedThrown]
  /** It ended with the reason it was cancelled with. */
  | readonly [typeof Report.cancelled, position: number, duration: number];

/** What a run asks about a name under a number of the worker's; nothing stands for giving it up. */
export type AskReport = readonly [
  typeof Report.ask,
  position: number,
  number: number,
  request: NameRequest | undefined,
];

/** A message about a run. What was completed before it is in the ring. */
export type RunReport =
  | readonly [typeof Report.item, position: number, item: unknown]
  | readonly [typeof Report.progress, position: number, value: unknown]
  | readonly [typeof Report.output, position: number, output: TaskOutput]
  | AskReport
  | EndReport;

/** A message about the worker itself; what failed comes with it. */
export type UpkeepReport =
  /** It can be spoken to. */
  | readonly [typeof Report.ready]
  | readonly [typeof Report.setUp, failure: EncodedThrown | undefined]
  | readonly [typeof Report.tornDown, failure: EncodedThrown | undefined]
  /** It keeps more memory than it may. */
  | readonly [typeof Report.full];

/** A message from a worker. */
export type WorkerReport = typeof wakeUp | UpkeepReport | RunReport;
