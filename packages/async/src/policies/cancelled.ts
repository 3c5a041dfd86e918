/**
 * What a call rejects with when its signal has aborted meanwhile: the signal's reason in place of an error that only
 * says so, as those of Node's own functions do. Whether it was aborted is never told by an error's name.
 */
export function asCancelled(error: unknown, signal: AbortSignal): unknown {
  const isAbort = error instanceof Error && error.name === "AbortError";
  return signal.aborted && isAbort ? signal.reason : error;
}
