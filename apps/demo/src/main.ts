import { help, readCommandLine, UsageError } from "./command-line.ts";
import { places } from "./places.ts";
import { stopSignals } from "./stop-signals.ts";
import { tour } from "./tour.ts";

const usageError = 2;

const { signal, exitCode } = stopSignals();

// Nobody reads any more, as with `| head`.
process.stdout.on("error", () => process.exit(1));

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.help) process.stdout.write(help);
  else {
    const { stdout: output } = process;
    process.exitCode = await tour({
      commandLine,
      places: places(commandLine.size),
      signal,
      output,
    });
  }
} catch (error) {
  if (signal.aborted) {
    console.error((signal.reason as Error).message);
    process.exit(exitCode());
  }
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = usageError;
}
