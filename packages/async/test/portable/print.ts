import { runPrograms } from "./programs.ts";

process.stdout.write(await runPrograms());
