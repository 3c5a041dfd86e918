// As where tests play a page: the packages have to do without.
if (process.argv.includes("like-a-page")) Reflect.deleteProperty(globalThis, "setImmediate");
const { runPrograms } = await import("./programs.ts");

process.stdout.write(await runPrograms());
