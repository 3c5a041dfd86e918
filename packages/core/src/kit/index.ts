export { type AbortRegistration, onAbort } from "./waits/abort-hub.ts";
export { type AsyncContext, asyncContext, keepContext } from "./async-context.ts";
export { Capture } from "./capture.ts";
export { type Carried, checkStores, readStores, withStores } from "./carry.ts";
export { HostedContext } from "./runs/hosted-context.ts";
export { checkTask } from "./runs/check-task.ts";
export type { Clock, Timer } from "./clock/clock.ts";
export { CreditGate } from "./waits/credit-gate.ts";
export type { LaunchRequest } from "./runs/checked-options.ts";
export {
  drive,
  type Emit,
  isNativeGenerator,
  isSyncGenerator,
  type Steering,
} from "./runs/drive.ts";
export type { DeskFor, Engine, EngineHost, MapMore } from "./runs/engine.ts";
export {
  decodeThrown,
  type EncodedError,
  type EncodedThrown,
  encodeThrown,
} from "./errors/error-codec.ts";
export type { ItemSink } from "./runs/item-stream.ts";
export { addFrames, joinCallers, joined, joinStack } from "./errors/join-stack.ts";
export { loadTask, type TaskCall } from "./loading/load-task.ts";
export { loadingModule, setLoadingModule } from "./loading/loading-module.ts";
export { runRules } from "./options/option-rules.ts";
export { type LotOwner, Parked, ParkingLot, type ParkOptions, party } from "./waits/parking-lot.ts";
export { nodeModule } from "./loading/node-module.ts";
export { printed } from "./errors/printed.ts";
export { policyExecutor } from "./policies/policy-executor.ts";
export type { ListedRun } from "./runs/live-tasks.ts";
export { reportUncaught } from "./errors/report-uncaught.ts";
export { RunBatch } from "./runs/run-batch.ts";
export { isPrimitive } from "./is-primitive.ts";
export { isThenable } from "./is-thenable.ts";
export { RunContext } from "./runs/run-context.ts";
export { systemClock } from "./clock/system-clock.ts";
export { TaskExecutor, type TaskExecutorOptions } from "./runs/task-executor.ts";
export { never } from "./waits/never.ts";
export { type Ending, type Runnable, TaskRun } from "./runs/task-run.ts";
export { isTraced, publishTrace } from "./runs/trace.ts";
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
} from "./options/validate.ts";
export { type VirtualClock, virtualClock } from "./clock/virtual-clock.ts";
export { WaitLine, WaitPlace } from "./waits/wait-line.ts";
export { WaitList, type WaitNode } from "./waits/wait-list.ts";
export { type Track, type WaitWatch, waitWatch } from "./waits/wait-watch.ts";
export { ArmPlace, type Line } from "./channels/arm-place.ts";
export { ReceiveArm, SendArm } from "./channels/channel-arms.ts";
export { ChannelIterator, type Receiving } from "./channels/channel-iterator.ts";
export { ChannelName } from "./channels/channel-name.ts";
export { ChannelState, type Received } from "./channels/channel-state.ts";
export { type Offer, ReserveWaiter, SendPlace, SendWaiter } from "./channels/offer.ts";
export { Reservation } from "./channels/reservation.ts";
export { Undelivered } from "./channels/undelivered.ts";
export { Waiter } from "./channels/waiter.ts";
export { WatchedLine } from "./channels/watched-line.ts";
export { acquireRules, type AcquiringOptions } from "./permits/acquire-options.ts";
export { CountingSemaphore } from "./permits/counting-semaphore.ts";
export {
  HeldPermit,
  Holders,
  type PermitOwner,
  useAwaited,
  useHeld,
  useWatched,
} from "./permits/held-permit.ts";
export { Primitive, type PrimitiveOptions } from "./permits/primitive.ts";
export { checkedWait, type WaitOptions, waitRules } from "./waits/wait-options.ts";
export { channelRules, checkOverflow } from "./channels/channel-options.ts";
export { channelFull, channelClosed } from "./channels/channel-refusals.ts";
export { LocalDesk } from "./names/local-desk.ts";
export {
  answered,
  type Asked,
  deskOf,
  givenUp,
  type Grant,
  type NameDesk,
  type NameRequest,
  nobody,
  type OwnDesk,
  type Reply,
} from "./names/name-desk.ts";
export { type NameAnswer, type Post, RemoteAsks, RemoteDesk } from "./names/remote-desk.ts";
export { refusingDesk } from "./names/refusing-desk.ts";
export { ServedNames } from "./names/served-names.ts";
export { RunNames } from "./names/run-names.ts";
export { notCloneable, type Travels, travels } from "./values/not-cloneable.ts";
