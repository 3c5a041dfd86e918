import type { ChannelSubject } from "../channel-subject.ts";
import { effectQueue } from "./effect-queue.ts";
import { effectionQueue } from "./effection-queue.ts";
import { jsCsp } from "./js-csp.ts";
import { quintet, quintetTrying } from "./quintet.ts";
import { thingCsp } from "./thing-csp.ts";
import { tsChan, tsChanUnsafe } from "./ts-chan.ts";

/** Everybody with channels in JavaScript. */
export const channelSubjects: readonly ChannelSubject[] = [
  quintet,
  quintetTrying,
  effectQueue,
  jsCsp,
  tsChan,
  tsChanUnsafe,
  thingCsp,
  effectionQueue,
];
