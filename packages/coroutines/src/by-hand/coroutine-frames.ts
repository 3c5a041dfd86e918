/**
 * The lines of the stack that say where the running coroutine stands: the generator that calls the one that calls
 * this, those that delegate to it with `yield*`, and nothing of the scheduler below them.
 */
export function framesOfCoroutine(): string[] {
  const [, , , ...frames] = (new Error("here").stack ?? "").split("\n");
  const end = frames.findIndex((frame) => frame.includes("resumeGenerator"));
  // Between two generators V8 names the `next` that the platform brings.
  return frames
    .slice(0, end < 0 ? undefined : end)
    .filter((frame) => !frame.includes("(<anonymous>)"));
}
