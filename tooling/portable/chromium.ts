import { type ChildProcess, execFile, spawn } from "node:child_process";
import { on, once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

const unpack = promisify(brotliDecompress);
const run = promisify(execFile);

/** A browser without a window. */
export interface Browser {
  /** Evaluates an expression in a page, and awaits it. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

// One process, so that none is left when that is killed.
const flags = [
  "--headless=shell",
  "--no-sandbox",
  "--single-process",
  "--no-zygote",
  "--in-process-gpu",
  "--remote-debugging-port=0",
];

/** Unpacks Chromium, and its libraries that a machine may lack, into a folder, and starts it. */
export async function startChromium(packed: string, folder: string): Promise<Browser> {
  const file = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, await unpack(await readFile(join(packed, `${name}.br`))));
    return path;
  };
  const program = await file("chromium");
  await chmod(program, 0o755);
  for (const name of ["al2023.tar", "swiftshader.tar"]) {
    await run("tar", ["-xf", await file(name), "-C", folder]);
  }
  const child = spawn(
    program,
    [...flags, `--user-data-dir=${join(folder, "profile")}`, "about:blank"],
    {
      env: { HOME: folder, LD_LIBRARY_PATH: join(folder, "lib") },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const gone = once(child, "exit");
  const page = await connect(await debuggerUrl(child));
  return {
    evaluate: (expression) => evaluate(page, expression),
    async close() {
      page.close();
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** Where its pages can be steered; Chromium tells on stderr. */
async function debuggerUrl({ stderr }: ChildProcess): Promise<URL> {
  let text = "";
  for await (const [chunk] of on(stderr!, "data", { close: ["close"] }) as AsyncIterable<
    [Buffer]
  >) {
    text += chunk.toString();
    const [, url] = /DevTools listening on (\S+)/.exec(text) ?? [];
    if (url) return new URL(url);
  }
  throw new Error(`Chromium does not start: ${text}`);
}

async function connect({ host }: URL): Promise<WebSocket> {
  const pages = (await (await fetch(`http://${host}/json/list`)).json()) as {
    readonly webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(pages[0]!.webSocketDebuggerUrl);
  await once(socket, "open");
  return socket;
}

async function evaluate(page: WebSocket, expression: string): Promise<unknown> {
  const answer = answerFrom(page);
  const params = { expression, awaitPromise: true, returnByValue: true };
  page.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params }));
  const { result } = JSON.parse(await answer) as {
    result: { result: { value?: unknown }; exceptionDetails?: unknown };
  };
  if (result.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails));
  return result.result.value;
}

/** The next message that is the answer to the one call that is under way. */
async function answerFrom(page: WebSocket): Promise<string> {
  for await (const [{ data }] of on(page, "message") as AsyncIterable<
    [{ readonly data: string }]
  >) {
    if (data.includes('"id":1')) return data;
  }
  throw new Error("The page is gone.");
}
