import { type ChannelWaitOptions, InvalidOptionError } from "@quintet/core";

/** The signal of a wait. *Errors*: `INVALID_OPTION`. */
export function waitSignal(owner: string, options: ChannelWaitOptions): AbortSignal | undefined {
  const signal = (options as ChannelWaitOptions | null)?.signal;
  if (signal === undefined) {
    if (typeof options === "object" && options !== null) return undefined;
    throw new InvalidOptionError(`${owner}: options must be an object, got ${String(options)}.`);
  }
  if (typeof signal !== "object" || signal === null || !("addEventListener" in signal)) {
    throw new InvalidOptionError(`${owner}: signal must be an AbortSignal, got ${typeof signal}.`);
  }
  return signal;
}
