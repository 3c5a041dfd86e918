import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startJson } from "../../json-process.ts";
import type { Cost } from "../../measure.ts";
import type { Subject } from "../../subject.ts";
import type { Entry, Readings } from "../../work.ts";
import type { ChannelJob } from "../channel-job.ts";

const name = "Go";
const source = fileURLToPath(new URL("./channels.go", import.meta.url));

let known: { readonly version: string | undefined } | undefined;

/** The version of the Go here; `undefined` where there is none. */
function goVersion(): string | undefined {
  known ??= { version: askVersion() };
  return known.version;
}

function askVersion(): string | undefined {
  const { status, stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  return status === 0 ? /go(\d\S*)/.exec(stdout)?.[1] : undefined;
}

/** Go's own channels, on as many cores as there are. */
export const goSubject: Subject = {
  name,
  kind: "peer",
  get version() {
    return goVersion() ?? "none";
  },
};

/** What the program measured, in milliseconds. */
export interface GoAnswer extends Cost {
  readonly sum: number;
}

/** Go's part in a work; its program is compiled when it opens. */
export function goEntry(job: ChannelJob, readings: (answer: GoAnswer) => Readings): Entry {
  return {
    subject: name,
    async open() {
      if (goVersion() === undefined) throw new Error("there is no go on the PATH");
      const folder = mkdtempSync(join(tmpdir(), "quintet-bench-go-"));
      const program = join(folder, "channels");
      const built = spawnSync("go", ["build", "-o", program, source], { encoding: "utf8" });
      if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
      const go = startJson(program, []);
      const ask = async (): Promise<Readings> => readings((await go.ask(job)) as GoAnswer);
      return {
        warmUp: async () => void (await ask()),
        round: ask,
        async close() {
          await go.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}
