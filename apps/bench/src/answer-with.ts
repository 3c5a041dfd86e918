import { MismatchError } from "./mismatch-error.ts";

/** In a program that `inFreshProcess` started: gives the answer. It also ends when nobody waits for it any more. */
export async function answerWith(answer: () => Promise<unknown>): Promise<void> {
  process.once("disconnect", leave);
  try {
    process.send?.({ answer: await answer() });
  } catch (error) {
    if (!(error instanceof MismatchError)) throw error;
    process.send?.({ mismatch: error.message });
  }
  process.off("disconnect", leave);
  process.disconnect?.();
}

function leave(): void {
  process.exit(1);
}
