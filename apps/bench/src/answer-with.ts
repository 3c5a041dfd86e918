/** In a program that `inFreshProcess` started: gives the answer. It also ends when nobody waits for it any more. */
export async function answerWith(answer: () => Promise<unknown>): Promise<void> {
  process.once("disconnect", leave);
  process.send?.(await answer());
  process.off("disconnect", leave);
  process.disconnect?.();
}

function leave(): void {
  process.exit(1);
}
