import type { ChannelOptions } from "../../channel.ts";
import type { NamedChannel } from "../../named-channel.ts";
import type { NamedSemaphore } from "../../named-semaphore.ts";
import { DeskChannel } from "./desk-channel.ts";
import { DeskSemaphore } from "./desk-semaphore.ts";
import { type NameDesk, nobody } from "./name-desk.ts";

/** A semaphore for the owner of a desk, whose tasks find it as it is said here. What is wrong is told when it is used. */
export function ownSemaphore(
  desk: NameDesk,
  name: string,
  permits: number | undefined,
): NamedSemaphore {
  if (permits !== undefined) desk.ask({ ask: "permits", name, permits }, nobody);
  return new DeskSemaphore(desk, name, permits);
}

/** The same for a channel; `copied` makes of a value what the receiver gets. */
export function ownChannel<T>(
  desk: NameDesk,
  name: string,
  options: ChannelOptions | undefined,
  copied: ((value: unknown) => unknown) | undefined,
): NamedChannel<T> {
  const channel = new DeskChannel<T>(desk, name, options, copied);
  channel.declare();
  return channel;
}
