import type { CoroutineSubject } from "./coroutine-subject.ts";
import { effect } from "./subjects/effect.ts";
import { effection } from "./subjects/effection.ts";
import { asyncFunctions, bareGenerators } from "./subjects/platform.ts";
import { quintetExecutor, quintetGo, quintetScope } from "./subjects/quintet.ts";

/** Everybody who takes part, ours first. */
export const coroutineSubjects: readonly CoroutineSubject[] = [
  quintetGo,
  quintetExecutor,
  quintetScope,
  effect,
  effection,
  bareGenerators,
  asyncFunctions,
];
