import type { Inspectable } from "@quintet/core";
import {
  nodeModule,
  systemClock,
  type Track,
  validateOptions,
  type WaitWatch,
  withStores,
} from "@quintet/core/kit";

interface Storage<T> {
  getStore(): T | undefined;
  run<Returned>(store: T, call: () => Returned): Returned;
}

interface AsyncHooks {
  readonly AsyncLocalStorage: new () => Storage<string>;
}

/** Notes who waits and who holds: the task, the line of code and the time. */
export class WaitObserver implements WaitWatch {
  readonly lots: Set<{ readonly owner: Inspectable }> = new Set();
  /** Folders of the code that no caller wants to hear of; none where places are not noted. */
  readonly #ownFolders: readonly string[] | undefined;
  readonly #storage: Storage<string> | undefined;
  #nameless = 0;

  constructor(notesPlaces: boolean) {
    if (notesPlaces) this.#ownFolders = ownFolders();
    const hooks = nodeModule("node:async_hooks") as AsyncHooks | undefined;
    this.#storage = hooks && new hooks.AsyncLocalStorage();
  }

  track(): Track {
    const place = this.#ownFolders && callerPlace(this.#ownFolders);
    return { task: this.#storage?.getStore(), place, since: systemClock.now() };
  }

  runAs<T>(task: string | undefined, call: () => T): T {
    if (!this.#storage) return call();
    if (task === undefined && this.#storage.getStore() !== undefined) return call();
    return this.#storage.run(task ?? `task ${++this.#nameless}`, call);
  }
}

/**
 * The nearest line on the stack that is not ours, as in `save (file:///app/users.js:12:5)`. Ours is also the package of
 * whoever asks where it stands.
 */
function callerPlace(own: readonly string[]): string | undefined {
  const [, , asking = "", ...callers] = framesHere();
  const folders = [...own, ...folderOf(asking)];
  const isForeign = (frame: string): boolean =>
    !folders.some((folder) => frame.includes(folder)) && !frame.includes("node:");
  return callers.find(isForeign)?.replace(/^at /, "");
}

/**
 * Where this code is and where the kit is, seen on the stack while the kit calls back: `import.meta.url` would be missing
 * in a bundle for CommonJS.
 */
function ownFolders(): string[] {
  let frames: string[] = [];
  const probe = (): undefined => void (frames = framesHere());
  validateOptions("", { probe: true }, { probe });
  const inFolders = frames;
  withStores([], probe);
  return [...new Set([...inFolders.slice(0, 3), ...frames.slice(0, 3)].flatMap(folderOf))];
}

/** The lines of the stack, from the caller on, deep enough to come out of our own code. */
function framesHere(): string[] {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const lines = new Error("place").stack?.split("\n") ?? [];
  Error.stackTraceLimit = usual;
  return lines.slice(2).map((line) => line.trim());
}

function folderOf(frame: string): string[] {
  const location = /\((.*)\)$/.exec(frame)?.[1] ?? frame.replace(/^at (async )?/, "");
  const [, folder] = /^(.*[\\/])[^\\/]*:\d+:\d+$/.exec(location) ?? [];
  return folder === undefined ? [] : [folder];
}
