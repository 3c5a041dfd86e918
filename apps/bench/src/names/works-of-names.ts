import { count } from "../format.ts";
import type { Group } from "../group.ts";
import { cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { messagesPerSecond, tasksPerSecond, type Unit } from "../unit.ts";
import type { Entry, Work } from "../work.ts";
import type { NamePlace, NameSubject } from "./name-subject.ts";
import { nearSubjects, redisSubjects } from "./name-subjects.ts";

/** What is done so many times; resolves to a figure that shows whether it was done right. */
type Act = (place: NamePlace, times: number) => Promise<number> | undefined;

/** What tasks do with names that they share with others. */
export const worksOfNames: Group["works"] = ({ quick }) => {
  const times = quick ? 2_000 : 20_000;
  return [
    ...works("", ["two workers", "to the caller"], nearSubjects, times),
    ...works(" over Redis", ["two clients", "to another client"], redisSubjects, times / 4),
  ];
};

/** What is done in one kind of place, where `many` and `to` say by whom. */
function works(
  where: string,
  [many, to]: readonly [string, string],
  subjects: readonly NameSubject[],
  times: number,
): readonly Work[] {
  const sum = (times * (times + 1)) / 2;
  const work = (name: string, unit: Unit, due: number, kind: keyof NamePlace, act: Act): Work => ({
    name,
    title: `${count(times)} in all`,
    rows: [{ name, unit }],
    entries: subjects.map((subject) => entry(name, subject, kind, times, due, act)),
  });
  return [
    work(`a permit${where}, nobody else`, tasksPerSecond, times, "permits", (place, each) =>
      place.permits?.(1, each),
    ),
    work(`a permit${where}, ${many}`, tasksPerSecond, times, "permits", (place, each) =>
      place.permits?.(2, each / 2),
    ),
    work(`values${where} ${to}`, messagesPerSecond, sum, "values", (place, each) =>
      place.values?.(each),
    ),
  ];
}

function entry(
  row: string,
  subject: NameSubject,
  kind: keyof NamePlace,
  times: number,
  due: number,
  act: Act,
): Entry {
  return {
    subject: subject.name,
    async open() {
      const place = await subject.open();
      const few = Math.min(times, 1_000);
      if (!place[kind]) {
        await place.close();
        throw new Error(`has no ${kind === "values" ? "channels" : "permits"}`);
      }
      return {
        warmUp: async () => void (await act(place, few)),
        async round() {
          const { value, ...cost } = await measure(
            async () => act(place, times),
            async () => act(place, few),
          );
          verify("what came of it", due, value);
          return { [row]: { value: perSecond(cost, times), cpuPerTask: cpuPerTask(cost, times) } };
        },
        close: () => place.close(),
      };
    },
  };
}
