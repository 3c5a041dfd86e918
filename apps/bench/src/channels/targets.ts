import { type Target, timesTarget } from "../target.ts";
import { capacities, transferName } from "./works-of-channels.ts";

const ours = "quintet";
const peers = ["Effect Queue", "js-csp", "ts-chan", "ts-chan, unsafe", "@thi.ng/csp"];

/** What we want to reach with channels: twice Effect's queue, and twice the best library of channels. */
export const targets: readonly Target[] = [1, 8].flatMap((side) =>
  capacities.flatMap((capacity) =>
    peers.map((peer) => timesTarget(transferName(side, capacity), ours, peer, { least: 2 })),
  ),
);
