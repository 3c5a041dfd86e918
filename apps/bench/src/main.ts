import { chosen, help, readCommandLine, UsageError } from "./command-line.ts";
import { groups } from "./groups.ts";
import { runBench } from "./run-bench.ts";
import { endOnSignals } from "./stop-signals.ts";

const usageError = 2;

endOnSignals();

// Nobody reads any more, as with `| head`.
process.stdout.on("error", () => process.exit(1));

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.help) process.stdout.write(help);
  else {
    const asked = chosen("group", groups, commandLine.groups);
    const isWell = await runBench({ commandLine, groups: asked, output: process.stdout });
    process.exitCode = isWell ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\nSee --help.` : error);
  process.exitCode = error instanceof UsageError ? usageError : 1;
}
