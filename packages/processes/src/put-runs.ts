import { nextPosition, type Position, type Ring, type RunOrder } from "@quintet/pool/wire";
import type { FrameContent } from "./frames.ts";
import { byMessage, Mark, readPlain } from "./slot-frames.ts";

/** Puts the runs of a frame into the ring of the worker; gives up to where. */
export function putRuns(ring: Ring, content: FrameContent): Position {
  let position = content.integer();
  while (!content.isOver) {
    const marks = content.byte();
    const order = marks & Mark.alike ? undefined : readOrder(content);
    const input = readPlain(content);
    if (order)
      ring.put(position, order, input === byMessage ? undefined : input, input === byMessage);
    else ring.putAlike(position, input);
    if (marks & Mark.revoked) ring.revoke(position);
    position = nextPosition(position);
  }
  return position;
}

function readOrder(content: FrameContent): RunOrder {
  const [task, wishes, attempt, window] = [
    content.integer(),
    content.byte(),
    content.integer(),
    content.integer(),
  ];
  return { task, wishes, attempt, window, number: content.number() };
}
