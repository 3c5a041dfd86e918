import type { PolicySubject } from "../policy-subject.ts";
import { bare } from "./bare.ts";
import { cockatiel } from "./cockatiel.ts";
import { effect } from "./effect.ts";
import { quintet } from "./quintet.ts";
import { limitPeer, mapPeer, retryPeer, timeoutPeer } from "./promise-functions.ts";

/** Everybody with policies. */
export const policySubjects: readonly PolicySubject[] = [
  quintet,
  cockatiel,
  retryPeer,
  timeoutPeer,
  limitPeer,
  mapPeer,
  effect,
  bare,
];
