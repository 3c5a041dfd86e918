import { fileURLToPath } from "node:url";

/** The path of a file that workers run. */
export const workerFile = (name: string): string =>
  fileURLToPath(new URL(`./workers/${name}`, import.meta.url));
