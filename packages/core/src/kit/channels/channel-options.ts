import type { ChannelOptions, Overflow } from "../../channel.ts";
import { InvalidOptionError } from "../../errors.ts";
import { matching, type Rules, validateOptions, wholeNumber } from "../options/validate.ts";

const overflows: readonly Overflow[] = ["block", "drop-oldest", "drop-newest", "error"];

/** The options that every channel has. */
export const channelRules: Rules<ChannelOptions> = /* @__PURE__ */ (() => ({
  capacity: wholeNumber(0, true),
  overflow: matching(`one of ${overflows.join(", ")}`, (value) =>
    (overflows as readonly unknown[]).includes(value),
  ),
}))();

/** *Errors*: `INVALID_OPTION` for options that do not go together. */
export function checkOverflow(title: string, { capacity = 0, overflow }: ChannelOptions): void {
  if (capacity === 0 && overflow === "drop-oldest") {
    throw new InvalidOptionError(`${title}: "drop-oldest" needs a capacity of 1 or more, got 0.`);
  }
}

/** The options of a channel that has a name; none where nothing is said. *Errors*: `INVALID_OPTION`. */
export function checkedChannelOptions(
  title: string,
  options: ChannelOptions,
): ChannelOptions | undefined {
  const checked = validateOptions<ChannelOptions>(title, options, channelRules);
  checkOverflow(title, checked);
  return Object.keys(checked).length > 0 ? checked : undefined;
}
