import { functionsByName } from "../../threads/workers/functions-by-name.js";

process.on("message", ({ id, name, input }) => {
  process.send({ id, output: functionsByName[name](input) });
});
process.on("disconnect", () => process.exit());
