import { InvalidOptionError } from "../../errors.ts";
import { typed } from "../options/validate.ts";

/** What something with a name is called in messages, as in `semaphore "db"`. *Errors*: the name is no string. */
export function checkedName(kind: "semaphore" | "channel", name: unknown): string {
  const problem = typed("string")(name, "the name");
  if (problem) throw new InvalidOptionError(`${kind}(): ${problem}.`);
  return `${kind} ${JSON.stringify(name)}`;
}
