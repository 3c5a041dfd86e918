import type { ThreadSubject } from "../thread-subject.ts";

/** The subject of that name in a module. *Errors*: it exports none. */
export async function subjectOf(module: string, name: string): Promise<ThreadSubject> {
  const exported = (await import(module)) as Record<string, ThreadSubject>;
  const found = Object.values(exported).find((subject) => subject.name === name);
  if (!found) throw new Error(`${module} exports no subject ${JSON.stringify(name)}.`);
  return found;
}
