import type { Inspection } from "../../inspection.ts";
import type { ChannelState } from "./channel-state.ts";

/** What `inspect()` of a channel tells. */
export function inspectChannel<T>(state: ChannelState<T>): Inspection {
  const { name, capacity, buffer, closed, reserved, offers, receivers } = state;
  return {
    kind: name.kind,
    name: name.text,
    state: {
      capacity,
      size: buffer.size,
      reserved,
      senders: offers.size,
      receivers: receivers.size,
      closed,
    },
    holders: [],
    waiters: [
      ...receivers.parties(() => "value"),
      ...offers.parties(({ reserves }) => (reserves ? "reservation" : "room")),
    ],
  };
}
