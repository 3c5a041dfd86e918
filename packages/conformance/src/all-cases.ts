import { abortRunningCases } from "./cases/abort-running.ts";
import { abortWaitingCases } from "./cases/abort-waiting.ts";
import { closeCases } from "./cases/closing.ts";
import { errorCases } from "./cases/errors.ts";
import { farNameCases } from "./cases/far-names.ts";
import { fairnessCases } from "./cases/fairness.ts";
import { jobCases } from "./cases/jobs.ts";
import { keyCases } from "./cases/keys.ts";
import { listenerCases } from "./cases/listeners.ts";
import { liveTaskCases } from "./cases/live-tasks.ts";
import { loadingCases } from "./cases/loading.ts";
import { lossCases } from "./cases/losses.ts";
import { mapEndingCases } from "./cases/map-endings.ts";
import { mapCases } from "./cases/maps.ts";
import { namedChannelEndCases } from "./cases/named-channel-ends.ts";
import { namedChannelCases } from "./cases/named-channels.ts";
import { namedSemaphoreCases } from "./cases/named-semaphores.ts";
import { optionCases } from "./cases/options.ts";
import { orderCases } from "./cases/order.ts";
import { pressureCases } from "./cases/pressure.ts";
import { outputCases } from "./cases/outputs.ts";
import { progressCases } from "./cases/progress.ts";
import { queueCases } from "./cases/queue.ts";
import { refusableCases } from "./cases/refusable.ts";
import { resultCases } from "./cases/results.ts";
import { statsCases } from "./cases/stats.ts";
import { streamCases } from "./cases/streams.ts";
import { timeCases } from "./cases/time.ts";
import { traitCases } from "./cases/traits.ts";
import { valueCases } from "./cases/values.ts";
import type { ConformanceCase } from "./conformance-case.ts";

/** The whole contract, but for what takes processes of its own. */
export const allCases: readonly ConformanceCase[] = [
  ...resultCases,
  ...valueCases,
  ...errorCases,
  ...loadingCases,
  ...orderCases,
  ...pressureCases,
  ...queueCases,
  ...abortWaitingCases,
  ...abortRunningCases,
  ...listenerCases,
  ...timeCases,
  ...jobCases,
  ...progressCases,
  ...outputCases,
  ...mapCases,
  ...mapEndingCases,
  ...streamCases,
  ...lossCases,
  ...closeCases,
  ...optionCases,
  ...statsCases,
  ...liveTaskCases,
  ...traitCases,
  ...refusableCases,
  ...keyCases,
  ...fairnessCases,
  ...namedSemaphoreCases,
  ...namedChannelCases,
  ...namedChannelEndCases,
  ...farNameCases,
];
