// Makes a fresh clone ready and runs one of the scripts below. The machine's own Node starts this
// file and may be old, so it is plain JavaScript without a dependency; all else runs on the Node
// and the pnpm that the workspace pins.
import { spawn, spawnSync } from "child_process";
import { createHash } from "crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "fs";
import { constants } from "os";
import { delimiter, dirname, join } from "path";
import { fileURLToPath } from "url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const stampFile = join(root, "node_modules", ".setup.json");
const read = (file) => readFileSync(join(root, file), "utf8");

const scripts = {
  demo: async (args) => {
    await quietly("Building", "node", ["--run", "build"]);
    const entry = join(root, "apps", "demo", "src", "main.ts");
    // A path that was given is meant from where the person stands, not from the root.
    const cwd = process.env.INIT_CWD || root;
    return run("node", ["--conditions=@quintet/source", entry, ...args], cwd);
  },
  bench: async (args) => {
    await quietly("Building", "node", ["--run", "build"]);
    const entry = join(root, "apps", "bench", "src", "main.ts");
    // What is measured is what is published, so not the sources. The collections between two measurements must not
    // throw compiled code away, as those of a program that goes on do not.
    const flags = ["--expose-gc", "--no-flush-bytecode"];
    return run("node", [...flags, entry, ...args], process.env.INIT_CWD || root);
  },
  test: (args) => run("node", [join("tooling", "run-checks.ts"), ...args]),
};

/** What some tests need beside npm's packages; one of the programs will do. */
const programsOfTests = [
  // Tests and the demo start one, unless REDIS_URL names another.
  {
    title: "Redis",
    programs: ["redis-server", "valkey-server"],
    variable: "REDIS_URL",
    debian: "redis-server",
    others: "brew install redis, for example; or set REDIS_URL",
  },
  {
    title: "RQ of Python",
    programs: ["rq"],
    debian: "python3-rq",
    others: "pip install rq, for example",
  },
];

const name = process.argv[2];
if (!scripts[name]) stop(`setup.mjs runs one of: ${Object.keys(scripts).join(", ")}`);
if (Number(process.versions.node.split(".")[0]) < 18) {
  stop(`Setting up takes Node 18 or newer to start with, and this is ${process.version}.`);
}

const env = childEnvironment();
setUp()
  .then(() => scripts[name](process.argv.slice(3)))
  .then(
    (code) => (process.exitCode = code),
    (error) => stop(error.message),
  );

async function setUp() {
  const pinned = JSON.parse(read("package.json")).packageManager.replace("pnpm@", "");
  const manifests = workspaceManifests();
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]) {
    hash.update(`${file}\0${read(file)}\0`);
  }
  const wanted = hash.update(`${process.platform}-${process.arch}`).digest("hex");

  const stamp = readStamp();
  const isReady = stamp.wanted === wanted && manifests.every(isInstalled);
  const isKnown = isReady && stamp.pnpm && existsSync(stamp.pnpm);
  const pnpm = isKnown ? stamp.pnpm : findPnpm(pinned);
  env.PATH = [bin, ...(pnpm ? [pnpm] : []), process.env.PATH].join(delimiter);

  if (!isReady) {
    rmSync(stampFile, { force: true });
    await quietly("Installing the dependencies", "pnpm", ["install", "--frozen-lockfile"]);
    checkNode();
  }
  if (!isKnown) writeFileSync(stampFile, JSON.stringify({ wanted, pnpm }));
  findPrograms();
}

function isThere(program) {
  return !spawnSync(program, ["--version"], { env }).error;
}

/** Installs the distribution's packages where that is allowed, and else says what to do. */
function findPrograms() {
  const isMissing = ({ programs, variable }) => !env[variable] && !programs.some(isThere);
  const missing = programsOfTests.filter(isMissing);
  if (missing.length === 0) return;
  const isDebian = process.platform === "linux" && isThere("apt-get");
  if (isDebian && process.getuid() === 0) {
    const packages = missing.map(({ debian }) => debian);
    const quiet = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" }, encoding: "utf8" };
    process.stderr.write(`Installing ${packages.join(" and ")} …\n`);
    spawnSync("apt-get", ["update"], quiet);
    const install = ["install", "--yes", "--no-install-recommends", ...packages];
    spawnSync("apt-get", install, quiet);
  }
  for (const { title, debian, others } of missing.filter(isMissing)) {
    const how = isDebian ? `sudo apt-get install ${debian}` : others;
    console.error(`No ${title} was found, and some tests need one: ${how}.`);
  }
}

function workspaceManifests() {
  const folders = ["packages", "apps"].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder)).map((entry) => `${folder}/${entry}`)
      : [],
  );
  const manifests = [".", "tooling", ...folders].map((folder) => `${folder}/package.json`);
  return manifests.filter((file) => existsSync(join(root, file))).sort();
}

function isInstalled(manifest) {
  const { dependencies, devDependencies } = JSON.parse(read(manifest));
  const needs = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  return !needs || existsSync(join(root, dirname(manifest), "node_modules"));
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

/** The folder that holds the pinned pnpm, or "" where the PATH has that version already. */
function findPnpm(version) {
  const own = spawnSync("pnpm", ["--version"], { cwd: root, env, encoding: "utf8" });
  if (own.status === 0 && own.stdout.trim() === version) return "";

  console.log(`Getting pnpm ${version} …`);
  const options = ["--yes", `--package=pnpm@${version}`, "-c", "command -v pnpm"];
  const found = spawnSync("npx", options, { cwd: root, env, encoding: "utf8" });
  if (found.error) stop("Setting up takes npm 9 or newer with its npx, and no npx was found.");
  if (found.status !== 0) stop(`pnpm ${version} could not be had from npm:\n${found.stderr}`);
  return dirname(found.stdout.trim());
}

/** Most machines get Node from the workspace's optional dependencies; the others need their own. */
function checkNode() {
  const { status, stdout } = spawnSync("node", ["--version"], { env, encoding: "utf8" });
  const [major, minor] = status === 0 ? stdout.slice(1).split(".").map(Number) : [0, 0];
  if (major > 22 || (major === 22 && minor >= 18)) return;
  stop(
    `The tools run on Node 22.18 or newer. The workspace brings none for ` +
      `${process.platform} ${process.arch}; install Node 24 and run this again.`,
  );
}

function childEnvironment() {
  const result = { ...process.env };
  // What npm tells its script about itself would mislead the npm that a check starts later.
  const npmOwn = /^(NODE$|npm_(lifecycle|package|command|execpath|node_execpath|config_.*prefix))/;
  for (const key of Object.keys(result)) if (npmOwn.test(key)) delete result[key];
  return Object.assign(result, {
    ASTRO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    PNPM_CONFIG_CONFIRM_MODULES_PURGE: "false",
    // The pnpm that runs is the pinned one; whether it could note that down does not matter.
    PNPM_CONFIG_PM_ON_FAIL: "ignore",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    TURBO_TELEMETRY_DISABLED: "1",
  });
}

/** Runs a preparing step; what it prints is shown only when it fails. */
async function quietly(title, command, args) {
  const start = Date.now();
  process.stderr.write(`${title} … `);
  const chunks = [];
  const code = await follow(
    spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] }),
    (child) => {
      child.stdout.on("data", (chunk) => chunks.push(chunk));
      child.stderr.on("data", (chunk) => chunks.push(chunk));
    },
  );
  process.stderr.write(`${code === 0 ? "done" : "failed"} in ${(Date.now() - start) / 1000} s\n`);
  if (code === 0) return;
  process.stderr.write(Buffer.concat(chunks));
  stop(`${command} ${args.join(" ")} failed`, code);
}

function run(command, args, cwd = root) {
  return follow(spawn(command, args, { cwd, env, stdio: "inherit" }));
}

/** Resolves with the exit code, and passes signals on while the child runs. */
function follow(child, prepare = () => {}) {
  prepare(child);
  // A terminal sends Ctrl-C to the child as well; a second one would mean "at once" to it.
  const isTerminal = [process.stdin, process.stdout, process.stderr].some((s) => s.isTTY);
  const listeners = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => [
    signal,
    () => (signal === "SIGINT" && isTerminal ? undefined : child.kill(signal)),
  ]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const [event, listener] of listeners) process.off(event, listener);
      resolve(signal ? 128 + constants.signals[signal] : code);
    });
  });
}

function stop(message, code = 1) {
  console.error(message);
  process.exit(code);
}
