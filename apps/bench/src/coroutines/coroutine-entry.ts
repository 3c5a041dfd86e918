import type { Entry, Readings } from "../work.ts";
import { coroutineSubjects } from "./coroutine-subjects.ts";
import type { CoroutineSubject } from "./coroutine-subject.ts";

/** For so many milliseconds, and so often, everybody does a work before it counts. */
const warmLength = 800;
const mostWarm = 6;

/** Makes the entries of a work: who has no `round` takes no part, who gives a reason says it. */
export const coroutineEntries = (
  roundOf: (subject: CoroutineSubject) => (() => Promise<Readings>) | string | undefined,
): Entry[] =>
  coroutineSubjects.flatMap((subject) => {
    const round = roundOf(subject);
    return round === undefined ? [] : entryOf(subject.name, round);
  });

const entryOf = (subject: string, round: (() => Promise<Readings>) | string): Entry => ({
  subject,
  async open() {
    if (typeof round === "string") throw new Error(round);
    return {
      async warmUp() {
        const end = performance.now() + warmLength;
        for (let times = 0; times < mostWarm && performance.now() < end; times++) await round();
      },
      round,
      close: async () => {},
    };
  },
});
