import { count } from "../format.ts";
import { cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { percentile } from "../statistics.ts";
import {
  commandsPerTask,
  itemsPerSecond,
  microseconds,
  tasksPerSecond,
  type Unit,
} from "../unit.ts";
import type { Readings, Work } from "../work.ts";
import { privateRedis } from "./private-redis.ts";
import type { QueueClient, QueueSubject } from "./queue-client.ts";
import { RedisMeter } from "./redis-cost.ts";

/** What a round does with a client that stays open. */
interface QueueWork {
  readonly title: string;
  readonly unit: Unit;
  readonly row: string;
  /** How many tasks a round has. */
  readonly tasks: number;
  readonly round: (client: QueueClient) => Promise<Readings>;
}

/** How a work of this group is done. */
export interface QueueTerms {
  readonly name: string;
  readonly tasks: number;
  readonly subjects: readonly QueueSubject[];
  /** Redis writes all that happens to a file. */
  readonly appendOnly?: boolean;
}

/** Who loses a result waits for it for ever: given up after so many milliseconds. */
const patience = 60_000;

/** For so many milliseconds everybody does a work before it counts. */
const warmLength = 1_500;

function queueWork(
  { title, unit, row, round, tasks }: QueueWork,
  { name, subjects, appendOnly = false }: QueueTerms,
): Work {
  const rows = [
    { name: row, unit },
    { name: `${name}, CPU of Redis`, unit: microseconds },
    { name: `${name}, commands`, unit: commandsPerTask },
  ];
  const entries = subjects.map((subject) => ({
    subject: subject.name,
    open: async () => {
      const redis = await privateRedis(...(appendOnly ? ["--appendonly", "yes"] : []));
      const client = await subject.open(redis.url);
      const meter = new RedisMeter(redis.url);
      return {
        warmUp: async () => {
          const end = performance.now() + warmLength;
          do await round(client);
          while (performance.now() < end);
        },
        round: async () => {
          const before = await meter.read();
          const readings = await round(client);
          const after = await meter.read();
          return {
            ...readings,
            [rows[1]!.name]: { value: (1_000 * (after.cpu - before.cpu)) / tasks },
            [rows[2]!.name]: { value: (after.commands - before.commands) / tasks },
          };
        },
        close: async () => {
          meter.close();
          await client.close();
          await redis.close();
        },
      };
    },
  }));
  return { name, title, rows, entries, patience };
}

const inputsOf = (tasks: number): number[] => Array.from({ length: tasks }, (_, input) => input);

function check(outputs: readonly number[], tasks: number): void {
  verify("number of results", tasks, outputs.length);
  for (const [input, output] of outputs.entries()) verify(`noop(${input})`, input + 1, output);
}

/** So many tasks that are started in one tick, one call each. */
export function runWork(terms: QueueTerms): Work {
  const { name, tasks } = terms;
  const round = async (client: QueueClient): Promise<Readings> => {
    const { value, ...cost } = await measure(() =>
      Promise.all(inputsOf(tasks).map((input) => client.run(input))),
    );
    check(value, tasks);
    return { [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) } };
  };
  const title = `${count(tasks)} tasks started in one tick`;
  return queueWork({ title, unit: tasksPerSecond, row: name, round, tasks }, terms);
}

/** Many small tasks, as quickly as each library knows how to. */
export function mapWork(terms: QueueTerms): Work {
  const { name, tasks } = terms;
  const round = async (client: QueueClient): Promise<Readings> => {
    const { value, ...cost } = await measure(() => client.all(inputsOf(tasks)));
    check(value, tasks);
    return { [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) } };
  };
  const title = `${count(tasks)} small tasks, in whatever call is made for many`;
  return queueWork({ title, unit: itemsPerSecond, row: name, round, tasks }, terms);
}

/** The round trip of one task while nothing else is under way. */
export function oneAtATimeWork(terms: QueueTerms): Work {
  const { name, tasks } = terms;
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
  return queueWork({ title, unit: microseconds, row, round, tasks }, terms);
}
