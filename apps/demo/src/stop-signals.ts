import { constants } from "node:os";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const said = { SIGINT: "Ctrl-C", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP" };

/** Milliseconds that stopping may take before it is cut short. */
const grace = 2_000;

/** Milliseconds in which a second signal is the first one's echo: npm hands on what its child got as well. */
const echo = 300;

/** How the process is told to stop. */
export interface StopSignals {
  readonly signal: AbortSignal;
  /** What to end with once it is aborted: 128 and the signal's number. */
  readonly exitCode: () => number;
}

/** Turns the first stop signal into an abort; a second one ends the process at once. */
export function stopSignals(): StopSignals {
  const controller = new AbortController();
  let code = 0;
  let stoppedAt = 0;
  for (const name of names) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - stoppedAt > echo) process.exit(code);
        return;
      }
      code = 128 + constants.signals[name];
      stoppedAt = performance.now();
      setTimeout(() => process.exit(code), grace).unref();
      controller.abort(new Error(`Stopped by ${said[name]}.`));
    });
  }
  return { signal: controller.signal, exitCode: () => code };
}
