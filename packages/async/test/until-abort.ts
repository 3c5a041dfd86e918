/** Waits until the signal aborts and rejects with its reason, after `cleanUp`. */
export function untilAbort(
  { signal }: { readonly signal: AbortSignal },
  cleanUp: () => unknown = () => {},
): Promise<never> {
  return new Promise((_, reject) => {
    const end = async (): Promise<void> => {
      try {
        await cleanUp();
        reject(signal.reason);
      } catch (error) {
        reject(error);
      }
    };
    if (signal.aborted) void end();
    else signal.addEventListener("abort", () => void end(), { once: true });
  });
}
