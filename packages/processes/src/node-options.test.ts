import { expect, it } from "vitest";
import { inheritedOptions, nodeOptions } from "./node-options.ts";

it("leaves out what says what to run, and the debugger", () => {
  const options = [
    "--conditions=a",
    "--eval",
    "code",
    "--input-type=module",
    "--inspect-brk=9229",
    "--expose-gc",
    "-p",
    "1",
    "--test",
    "--import",
    "x.js",
  ];
  expect(inheritedOptions(options)).toEqual(["--conditions=a", "--expose-gc", "--import", "x.js"]);
});

it("takes the caller's own instead, and sets a limit in megabytes and a debugger's port", () => {
  expect(nodeOptions({ execArgv: ["--inspect"], memory: 64 * 2 ** 20 })).toEqual([
    "--inspect",
    "--max-old-space-size=64",
    "--inspect-port=0",
  ]);
});
