/** Reports an error that nobody can be given, as the platform reports what a listener throws. */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
