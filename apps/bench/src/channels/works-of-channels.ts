import { count } from "../format.ts";
import type { Group } from "../group.ts";
import { channelWork } from "./channel-work.ts";
import { channelSubjects } from "./subjects/channel-subjects.ts";

/** Capacities of the channels that messages go through. */
export const capacities = [0, 16, 1_024] as const;
/** How many send and how many receive. */
const sides = [1, 8] as const;
/** How many channels a select waits for. */
const arms = [2, 16] as const;

/** The name of a row. */
export const transferName = (side: number, capacity: number): string =>
  `${side} to ${side}, capacity ${count(capacity)}`;

/** What channels have to do. Names say the sizes of a full run. */
export const worksOfChannels: Group["works"] = ({ quick }) => {
  const messages = quick ? 3_200 : 48_000;
  const transfers = sides.flatMap((side) =>
    capacities.map((capacity) => {
      const title =
        side === 1 ? "one sender and one receiver" : `${side} senders and ${side} receivers`;
      const job = { work: "transfer", capacity, senders: side, receivers: side, messages } as const;
      return channelWork(transferName(side, capacity), title, job, channelSubjects);
    }),
  );
  const selects = arms.map((size) =>
    channelWork(
      `select over ${size}`,
      `each received by a select over ${size} channels without a buffer`,
      { work: "select", arms: size, messages: messages / 2 },
      channelSubjects,
    ),
  );
  return [...transfers, ...selects];
};
