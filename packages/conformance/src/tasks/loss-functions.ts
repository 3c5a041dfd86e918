import type { TaskContext } from "@quintet/core";
import { systemClock } from "@quintet/core/kit";
import { writeLine } from "../signs.ts";
import type { Errand } from "./control-functions.ts";

const exit = (code: number): never => globalThis.process.exit(code);

/** Never ends. */
const forever = (): Promise<never> =>
  new Promise(() => {
    systemClock.after(60_000, () => {});
  });

/** Tasks that end their worker. Only for places where that is not the caller's own process. */
export const lossFunctions = {
  exit: (code: number): never => exit(code),

  /** Ends its worker only the first time it is tried. */
  exitOnce(errand: Errand, { attempt }: TaskContext): number {
    writeLine(errand.log, `attempt ${attempt}`);
    return attempt === 1 ? exit(1) : attempt;
  },

  /** Ends its worker each time. */
  poison(errand: Errand, { attempt }: TaskContext): never {
    writeLine(errand.log, `poison ${attempt}`);
    return exit(3);
  },

  /** Ends its worker for one of its inputs. */
  exitAt: ({ n, at }: { n: number; at: number }): number => (n === at ? exit(1) : n),

  /** Takes something big, and ends its worker. */
  exitWith: (input: { bytes: Uint8Array }): number =>
    input.bytes.length > 0 ? exit(1) : input.bytes.length,

  async uncaught(): Promise<void> {
    systemClock.after(0, () => {
      throw new Error("nobody catches this");
    });
    await forever();
  },

  async unhandled(): Promise<void> {
    // oxlint-disable-next-line no-floating-promises -- that is what the case is about
    Promise.reject(new Error("nobody handles this"));
    await forever();
  },

  *exitAfter(items: number): Generator<number> {
    for (let n = 0; n < items; n++) yield n;
    exit(1);
  },
};
