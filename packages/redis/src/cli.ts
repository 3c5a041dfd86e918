#!/usr/bin/env node
import { runCommand } from "./command-line/run-command.ts";

const { stdout, stderr } = process;
const output = {
  print: (line: string): void => void stdout.write(`${line}\n`),
  printError: (line: string): void => void stderr.write(`quintet-redis: ${line}\n`),
  terminal: stdout.isTTY ? stdout : undefined,
};

// Whatever a task has left open must not keep a worker that is done from ending.
void runCommand(process.argv.slice(2), output, process.env).then((code) => process.exit(code));
