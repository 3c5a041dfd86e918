import type { Executor, Names } from "@quintet/core";
import { RunNames } from "@quintet/core/kit";
import type { WorkerLink } from "../transport/transport.ts";

/**
 * The names of a queue, as an option of the runs of its tasks; none where the tasks of the executor run elsewhere, and
 * find names there. `maxValue`: bytes of an encoded value.
 */
export function queueNames(
  link: WorkerLink,
  on: Pick<Executor, "traits">,
  maxValue: number,
): Names | undefined {
  if (on.traits.isolation === "machine") return undefined;
  const desk = link.openDesk(maxValue);
  return Object.assign(new RunNames(desk), { desk });
}
