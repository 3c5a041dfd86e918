import type { AsyncSubject } from "../async-subject.ts";
import { asyncMutex } from "./async-mutex.ts";
import { asyncSema } from "./async-sema.ts";
import { effect } from "./effect.ts";
import { fastqPromises } from "./fastq.ts";
import { limiting } from "./p-limit.ts";
import { pQueue } from "./p-queue.ts";
import { quintet } from "./quintet.ts";

/** Everybody with primitives. */
export const asyncSubjects: readonly AsyncSubject[] = [
  quintet,
  limiting,
  pQueue,
  asyncMutex,
  asyncSema,
  effect,
  fastqPromises,
];
