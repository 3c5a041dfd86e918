import type { ThreadSubject } from "../thread-subject.ts";
import { bareBatched } from "./bare-batched.ts";
import { bare } from "./bare.ts";
import { piscina, piscinaConcurrent } from "./piscina.ts";
import { poolifier } from "./poolifier.ts";
import { quintet, quintetParking } from "./quintet.ts";
import { tinypool } from "./tinypool.ts";
import { workerpoolThreads } from "./workerpool.ts";

/** Everybody with threads. */
export const threadSubjects: readonly ThreadSubject[] = [
  quintet,
  quintetParking,
  piscina,
  piscinaConcurrent,
  tinypool,
  workerpoolThreads,
  poolifier,
  bare,
  bareBatched,
];
