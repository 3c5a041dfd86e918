export { coroutines, type CoroutinesOptions } from "./executor/coroutines.ts";
export {
  type Broadcast,
  broadcast,
  type BroadcastOptions,
  type SubscribeOptions,
} from "./channels/broadcast.ts";
export type { Source } from "./channels/channel-of.ts";
export { channel } from "./channels/channel.ts";
export type {
  ChannelWaiters,
  LocalChannel,
  LocalChannelOptions,
  OwnReceiveChannel,
  ReceiveChannel,
} from "./channels/local-channel.ts";
export { merge } from "./channels/merge.ts";
export { pipeline, type Step } from "./channels/pipeline.ts";
export type { Reservation } from "@quintet/core/kit";
export type { Sender } from "./channels/sender.ts";
export {
  type Stage,
  stage,
  type StageContext,
  type StageFunction,
  type StageOptions,
} from "./channels/stage.ts";
export { ticker, type TickerOptions } from "./channels/ticker.ts";
export { type Watch, watch } from "./channels/watch.ts";
export { aborted } from "./select/aborted.ts";
export { acquiring, type AcquiringOptions, type SelectableSemaphore } from "./select/acquiring.ts";
export { after, type AfterOptions } from "./select/after.ts";
export type { Arms, DisabledArm, Selected } from "./select/arms.ts";
export {
  select,
  type SelectedDefault,
  type SelectOptions,
  trySelect,
  type TrySelectOptions,
} from "./select/select.ts";
export { settled, type WithResult } from "./select/settled.ts";
export type { Coroutine, CoroutineState } from "./by-hand/coroutine.ts";
export { generator, type TwoWay } from "./by-hand/generator.ts";
export { go } from "./by-hand/go.ts";
export { sleep } from "./by-hand/sleep.ts";
export { spawn } from "./by-hand/spawn.ts";
export type { CoroutineBody, GoOptions } from "./by-hand/go-options.ts";
export { wait } from "./by-hand/wait.ts";
export type { ScopeCall } from "./scopes/run-call.ts";
export {
  scope,
  type Scope,
  type ScopeOptions,
  type ScopeSpawnOptions,
  type ScopeTask,
} from "./scopes/scope.ts";
export type { ScopeState, ScopeTaskState } from "./scopes/scope-state.ts";
