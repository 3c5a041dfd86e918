const name = import.meta.url.endsWith(".ts") ? "./recall-thread.ts" : "./recall-thread.js";

/** What the thread runs that gives runs back; where the bootstrap came as text, the build puts its text here. */
export const recallThread: URL = new URL(name, import.meta.url);
