import type { ChannelOptions } from "../../channel.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { Inspection } from "../../inspection.ts";
import { isMoved } from "../../moved.ts";
import { notReady, type Selectable } from "../../selectable.ts";
import { ReceiveArm, SendArm } from "../channels/channel-arms.ts";
import { ChannelName } from "../channels/channel-name.ts";
import { channelFull } from "../channels/channel-refusals.ts";
import { ChannelState, type Received } from "../channels/channel-state.ts";
import { Undelivered } from "../channels/undelivered.ts";
import { answering } from "./answering.ts";
import type { NameRequest } from "./name-desk.ts";

type Send = Extract<NameRequest, { readonly ask: "send" }>;

interface Entry {
  readonly state: ChannelState<unknown>;
  /** What somebody said it is. */
  options: ChannelOptions | undefined;
}

const nobody = new Undelivered<unknown>(undefined);

/** The channels of one desk, by name. */
export class LocalChannels {
  readonly #table = new Map<string, Entry>();

  /** *Errors*: `INVALID_OPTION` when somebody has said before that it is something else. */
  at(name: string, options: ChannelOptions | undefined): ChannelState<unknown> {
    let entry = this.#table.get(name);
    if (!entry) {
      const { capacity = 0, overflow = "block" } = options ?? {};
      const called = new ChannelName("channel", name);
      entry = { state: new ChannelState(capacity, overflow, nobody, called), options };
      this.#table.set(name, entry);
    } else if (options) declare(name, entry, options);
    return entry.state;
  }

  sending({ name, options, value, waits }: Send): Selectable<boolean> {
    const state = this.at(name, options);
    const arm = new SendArm(state, isMoved(value) ? value.value : value);
    return {
      poll: () => {
        if (arm.poll() !== notReady) return true;
        if (waits && state.overflow === "error") throw channelFull(state.capacity);
        return notReady;
      },
      park: (waiting) => arm.park(answering(waiting, () => true)),
    };
  }

  receiving(name: string, options: ChannelOptions | undefined): Selectable<Received<unknown>> {
    return new ReceiveArm(this.at(name, options));
  }

  close(name: string, options: ChannelOptions | undefined, error: unknown): void {
    this.at(name, options).close(error);
  }

  inspect(name: string): Inspection {
    const found = this.at(name, undefined).inspect();
    this.tidy(name);
    return found;
  }

  /** Forgets a name that is not used, where the next one who asks makes the same of it. */
  tidy(name: string): void {
    const entry = this.#table.get(name);
    if (entry && !entry.options && entry.state.isUnused) this.#table.delete(name);
  }
}

/** Takes what is said about a channel of which nobody has said anything yet. */
function declare(name: string, entry: Entry, options: ChannelOptions): void {
  const { state } = entry;
  const { capacity = 0, overflow = "block" } = options;
  const isSame = capacity === state.capacity && overflow === state.overflow;
  if (entry.options && !isSame) {
    throw new InvalidOptionError(
      `channel ${JSON.stringify(name)} has capacity ${state.capacity} and overflow "${state.overflow}", got ${capacity} and "${overflow}"; say the same everywhere, or nothing.`,
    );
  }
  entry.options = options;
  if (!isSame) state.become(capacity, overflow);
}
