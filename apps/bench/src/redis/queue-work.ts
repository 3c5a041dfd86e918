import { count } from "../format.ts";
import { cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { percentile } from "../statistics.ts";
import { itemsPerSecond, microseconds, tasksPerSecond, type Unit } from "../unit.ts";
import type { Readings, Work } from "../work.ts";
import { privateRedis } from "./private-redis.ts";
import type { QueueClient, QueueSubject } from "./queue-client.ts";

/** What a round does with a client that stays open. */
interface QueueWork {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly row: string;
  readonly round: (client: QueueClient) => Promise<Readings>;
}

/** For so many milliseconds everybody does a work before it counts. */
const warmLength = 1_500;

function queueWork(
  { name, title, unit, row, round }: QueueWork,
  subjects: readonly QueueSubject[],
): Work {
  const entries = subjects.map((subject) => ({
    subject: subject.name,
    open: async () => {
      const redis = await privateRedis();
      const client = await subject.open(redis.url);
      return {
        warmUp: async () => {
          const end = performance.now() + warmLength;
          do await round(client);
          while (performance.now() < end);
        },
        round: () => round(client),
        close: async () => {
          await client.close();
          await redis.close();
        },
      };
    },
  }));
  return { name, title, rows: [{ name: row, unit }], entries };
}

const inputsOf = (tasks: number): number[] => Array.from({ length: tasks }, (_, input) => input);

function check(outputs: readonly number[], tasks: number): void {
  verify("number of results", tasks, outputs.length);
  for (const [input, output] of outputs.entries()) verify(`noop(${input})`, input + 1, output);
}

/** So many tasks that are started in one tick, one call each. */
export function runWork(name: string, tasks: number, subjects: readonly QueueSubject[]): Work {
  const round = async (client: QueueClient): Promise<Readings> => {
    const { value, ...cost } = await measure(() =>
      Promise.all(inputsOf(tasks).map((input) => client.run(input))),
    );
    check(value, tasks);
    return { [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) } };
  };
  const title = `${count(tasks)} tasks started in one tick`;
  return queueWork({ name, title, unit: tasksPerSecond, row: name, round }, subjects);
}

/** Many small tasks, as quickly as each library knows how to. */
export function mapWork(name: string, tasks: number, subjects: readonly QueueSubject[]): Work {
  const round = async (client: QueueClient): Promise<Readings> => {
    const { value, ...cost } = await measure(() => client.all(inputsOf(tasks)));
    check(value, tasks);
    return { [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) } };
  };
  const title = `${count(tasks)} small tasks, in whatever call is made for many`;
  return queueWork({ name, title, unit: itemsPerSecond, row: name, round }, subjects);
}

/** The round trip of one task while nothing else is under way. */
export function oneAtATimeWork(
  name: string,
  tasks: number,
  subjects: readonly QueueSubject[],
): Work {
  const row = `${name}, p50`;
  const round = async (client: QueueClient): Promise<Readings> => {
    const latencies: number[] = [];
    const cost = await measure(async () => {
      for (let input = 0; input < tasks; input++) {
        const start = performance.now();
        verify(`noop(${input})`, input + 1, await client.run(input));
        latencies.push(performance.now() - start);
      }
    });
    const value = 1_000 * percentile(latencies, 50);
    return { [row]: { value, cpuPerTask: cpuPerTask(cost, tasks) } };
  };
  const title = `${count(tasks)} tasks, each awaited before the next`;
  return queueWork({ name, title, unit: microseconds, row, round }, subjects);
}
