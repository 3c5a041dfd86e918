import { count } from "../format.ts";
import type { Group } from "../group.ts";
import { cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { messagesPerSecond, tasksPerSecond, type Unit } from "../unit.ts";
import type { Entry, Work } from "../work.ts";
import type { NamePlace } from "./name-subject.ts";
import { nameSubjects } from "./name-subjects.ts";

/** What is done so many times; resolves to a figure that shows whether it was done right. */
type Act = (place: NamePlace, times: number) => Promise<number> | undefined;

/** What tasks do with names that they share with others. */
export const worksOfNames: Group["works"] = ({ quick }) => {
  const times = quick ? 2_000 : 20_000;
  return [
    work("a permit, nobody else", tasksPerSecond, times, times, (place, each) =>
      place.permits?.(1, each),
    ),
    work("a permit, two workers", tasksPerSecond, times, times, (place, each) =>
      place.permits?.(2, each / 2),
    ),
    work(
      "values to the caller",
      messagesPerSecond,
      times,
      (times * (times + 1)) / 2,
      (place, each) => place.values?.(each),
    ),
  ];
};

function work(name: string, unit: Unit, times: number, due: number, act: Act): Work {
  const title = `${count(times)} in all`;
  return { name, title, rows: [{ name, unit }], entries: entries(name, times, due, act) };
}

const entries = (row: string, times: number, due: number, act: Act): Entry[] =>
  nameSubjects.map((subject) => ({
    subject: subject.name,
    async open() {
      const place = await subject.open();
      const few = Math.min(times, 1_000);
      const kind = row.startsWith("values") ? "values" : "permits";
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
  }));
