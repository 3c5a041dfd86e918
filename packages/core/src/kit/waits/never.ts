/** Never aborts: for calls without a signal. Nobody has to listen to it. */
export const never: AbortSignal = /* @__PURE__ */ (() => new AbortController().signal)();
