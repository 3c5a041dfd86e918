export { type AbortRegistration, onAbort } from "./abort-hub.ts";
export { type AsyncContext, asyncContext, keepContext } from "./async-context.ts";
export { Capture } from "./capture.ts";
export { type Carried, checkStores, readStores, withStores } from "./carry.ts";
export { checkTask } from "./check-task.ts";
export type { Clock, Timer } from "./clock.ts";
export { CreditGate } from "./credit-gate.ts";
export type { LaunchRequest } from "./checked-options.ts";
export { drive, type Emit, isNativeGenerator, isSyncGenerator, type Steering } from "./drive.ts";
export type { Engine, EngineHost, MapMore } from "./engine.ts";
export {
  decodeThrown,
  type EncodedError,
  type EncodedThrown,
  encodeThrown,
} from "./error-codec.ts";
export type { ItemSink } from "./item-stream.ts";
export { addFrames, joinCallers, joined, joinStack } from "./join-stack.ts";
export { loadTask, type TaskCall } from "./load-task.ts";
export { loadingModule, setLoadingModule } from "./loading-module.ts";
export { runRules } from "./option-rules.ts";
export { type LotOwner, Parked, ParkingLot, type ParkOptions, party } from "./parking-lot.ts";
export { nodeModule } from "./node-module.ts";
export { printed } from "./printed.ts";
export { policyExecutor } from "./policy-executor.ts";
export type { ListedRun } from "./live-tasks.ts";
export { reportUncaught } from "./report-uncaught.ts";
export { RunBatch } from "./run-batch.ts";
export { isThenable } from "./is-thenable.ts";
export { RunContext } from "./run-context.ts";
export { systemClock } from "./system-clock.ts";
export { TaskExecutor, type TaskExecutorOptions } from "./task-executor.ts";
export { never } from "./never.ts";
export { type Ending, type Runnable, TaskRun } from "./task-run.ts";
export { isTraced, publishTrace } from "./trace.ts";
export {
  anyNumber,
  duration,
  matching,
  type Rule,
  type Rules,
  strings,
  typed,
  validateOptions,
  wholeNumber,
} from "./validate.ts";
export { type VirtualClock, virtualClock } from "./virtual-clock.ts";
export { WaitLine, WaitPlace } from "./wait-line.ts";
export { WaitList, type WaitNode } from "./wait-list.ts";
export { type Track, type WaitWatch, waitWatch } from "./wait-watch.ts";
