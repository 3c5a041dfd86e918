#!/usr/bin/env node
import { runCommand } from "./command-line/run-command.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const printError = (line: string): void => void process.stderr.write(`quintet-redis: ${line}\n`);

// Whatever a task has left open must not keep a worker that is done from ending.
void runCommand(process.argv.slice(2), print, printError, process.env).then((code) =>
  process.exit(code),
);
