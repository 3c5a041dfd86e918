import { ChannelClosedError, QueueFullError } from "../../errors.ts";

/** For whoever sends to a closed channel; `cause` is what it was closed with, if that is anything. */
export function channelClosed(cause: unknown): ChannelClosedError {
  const options = cause === undefined ? undefined : { cause };
  return new ChannelClosedError("The channel is closed and takes no more values.", options);
}

/** For whoever sends to a full channel that does not wait. */
export function channelFull(capacity: number): QueueFullError {
  return new QueueFullError(
    `The channel holds ${capacity} value(s) already and does not wait: receive faster, or use overflow "block".`,
  );
}
