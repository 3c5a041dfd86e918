import type { ChannelOptions, ChannelWaitOptions } from "../../channel.ts";
import type { Inspection } from "../../inspection.ts";
import type { NamedChannel } from "../../named-channel.ts";
import { ChannelIterator } from "../channels/channel-iterator.ts";
import { checkedChannelOptions } from "../channels/channel-options.ts";
import { runRules } from "../options/option-rules.ts";
import { validateOptions } from "../options/validate.ts";
import { asking, TaskEndedError } from "./asking.ts";
import { checkedName } from "./checked-name.ts";
import type { NameDesk } from "./name-desk.ts";

type What =
  | { readonly ask: "send"; readonly value: unknown; readonly waits: boolean }
  | { readonly ask: "receive"; readonly waits: boolean }
  | { readonly ask: "close"; readonly error: unknown }
  | { readonly ask: "options" };

const waitRules = { signal: runRules.signal };

/** A channel of a desk, by its name. */
export class DeskChannel<T> implements NamedChannel<T> {
  readonly name: string;
  readonly #desk: NameDesk;
  readonly #options: ChannelOptions | undefined;
  readonly #copied: (value: unknown) => unknown;

  /** `copied` makes of a value that is sent what the receiver gets. */
  constructor(
    desk: NameDesk,
    name: string,
    options: ChannelOptions | undefined,
    copied: (value: unknown) => unknown = (value) => value,
  ) {
    this.#desk = desk;
    this.name = name;
    this.#options = options;
    this.#copied = copied;
  }

  send(value: T, options?: ChannelWaitOptions): Promise<void> {
    return this.#ask(() => ({ ask: "send", value: this.#copied(value), waits: true }), options);
  }

  receive(options?: ChannelWaitOptions): Promise<IteratorResult<T, undefined>> {
    return this.#ask(() => ({ ask: "receive", waits: true }), options);
  }

  trySend(value: T): Promise<boolean> {
    return this.#ask(() => ({ ask: "send", value: this.#copied(value), waits: false }));
  }

  tryReceive(): Promise<IteratorResult<T, undefined> | undefined> {
    return this.#ask(() => ({ ask: "receive", waits: false }));
  }

  /** Says what it is, where that was given. What is wrong is told when it is used. */
  declare(): void {
    if (this.#options) this.#ask(() => ({ ask: "options" })).catch(() => {});
  }

  close(error?: unknown): Promise<void> {
    return this.#ask(() => ({ ask: "close", error }));
  }

  async inspect(): Promise<Inspection> {
    const { name } = this;
    checkedName("channel", name);
    if (this.#options) await this.#ask(() => ({ ask: "options" }));
    return asking<Inspection>(this.#desk, { ask: "inspect", name, kind: "channel" });
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined, void> {
    return new ChannelIterator({ receive: () => this.receive().catch(endWithTask) });
  }

  // No async function, whose promise would be another one.
  #ask<Answer>(what: () => What, waitOptions?: ChannelWaitOptions): Promise<Answer> {
    try {
      const { name } = this;
      const title = checkedName("channel", name);
      const { signal } = validateOptions<ChannelWaitOptions>(title, waitOptions, waitRules);
      const options = this.#options && checkedChannelOptions(title, this.#options);
      return asking<Answer>(this.#desk, { ...what(), name, options }, { signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** What goes on in the background of a task, and receives in a loop, ends with the task. */
function endWithTask(error: unknown): IteratorResult<never, undefined> {
  if (error instanceof TaskEndedError) return { done: true, value: undefined };
  throw error;
}
