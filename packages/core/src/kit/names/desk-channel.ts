import type { ChannelOptions, ChannelWaitOptions } from "../../channel.ts";
import type { Inspection } from "../../inspection.ts";
import type { NamedChannel } from "../../named-channel.ts";
import { ChannelIterator } from "../channels/channel-iterator.ts";
import { checkedChannelOptions } from "../channels/channel-options.ts";
import { runRules } from "../options/option-rules.ts";
import { validateOptions } from "../options/validate.ts";
import { asking } from "./asking.ts";
import { checkedName } from "./checked-name.ts";
import type { NameDesk } from "./name-desk.ts";

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

  async send(value: T, options?: ChannelWaitOptions): Promise<void> {
    const { signal } = this.#waitOptions(options);
    await this.#ask({ ask: "send", value: this.#copied(value), waits: true }, signal);
  }

  async receive(options?: ChannelWaitOptions): Promise<IteratorResult<T, undefined>> {
    const { signal } = this.#waitOptions(options);
    return (await this.#ask({ ask: "receive", waits: true }, signal)) as IteratorResult<
      T,
      undefined
    >;
  }

  async trySend(value: T): Promise<boolean> {
    const sent = await this.#ask({ ask: "send", value: this.#copied(value), waits: false });
    return sent as boolean;
  }

  async tryReceive(): Promise<IteratorResult<T, undefined> | undefined> {
    const received = await this.#ask({ ask: "receive", waits: false });
    return received as IteratorResult<T, undefined> | undefined;
  }

  /** Says what it is, where that was given. What is wrong is told when it is used. */
  declare(): void {
    if (this.#options) this.#ask({ ask: "options" }).catch(() => {});
  }

  async close(error?: unknown): Promise<void> {
    await this.#ask({ ask: "close", error });
  }

  async inspect(): Promise<Inspection> {
    const { name } = this;
    checkedName("channel", name);
    if (this.#options) await this.#ask({ ask: "options" });
    return (await asking(this.#desk, { ask: "inspect", name, kind: "channel" })) as Inspection;
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined, void> {
    return new ChannelIterator(this);
  }

  #waitOptions(options: ChannelWaitOptions | undefined): ChannelWaitOptions {
    const title = checkedName("channel", this.name);
    return validateOptions<ChannelWaitOptions>(title, options, waitRules);
  }

  async #ask(
    what:
      | { readonly ask: "send"; readonly value: unknown; readonly waits: boolean }
      | { readonly ask: "receive"; readonly waits: boolean }
      | { readonly ask: "close"; readonly error: unknown }
      | { readonly ask: "options" },
    signal?: AbortSignal,
  ): Promise<unknown> {
    const title = checkedName("channel", this.name);
    const options = this.#options && checkedChannelOptions(title, this.#options);
    return asking(this.#desk, { ...what, name: this.name, options }, signal);
  }
}
