import { sharedState } from "../shared-state.ts";

const state: { url: string | undefined } = sharedState("loading", () => ({ url: undefined }));

/**
 * The module a worker is loading for its tasks, if it is. Work that such a module starts while it is loaded
 * would run again in every worker that loads it, and start workers without end.
 */
export function loadingModule(): string | undefined {
  return state.url;
}

/** Says which module is being loaded; `undefined` when it is done. */
export function setLoadingModule(url: string | undefined): void {
  state.url = url;
}
