/** Collects all garbage of this thread now. *Errors*: Node was started without `--expose-gc`. */
export function collectGarbage(): void {
  if (!globalThis.gc) throw new Error("Measuring takes node --expose-gc.");
  globalThis.gc();
}
