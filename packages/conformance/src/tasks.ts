import { defineTasks, registerError, type Tasks } from "@quintet/core";
import { ConformanceError } from "./conformance-error.ts";
import { controlFunctions } from "./tasks/control-functions.ts";
import { errorFunctions } from "./tasks/error-functions.ts";
import { lossFunctions } from "./tasks/loss-functions.ts";
import { nameFunctions } from "./tasks/name-functions.ts";
import { outputFunctions } from "./tasks/output-functions.ts";
import { streamFunctions } from "./tasks/stream-functions.ts";
import { valueFunctions } from "./tasks/value-functions.ts";

registerError(ConformanceError);

/** All tasks of the suite. An executor whose workers are given their tasks is given these. */
export const tasks: Tasks<
  typeof valueFunctions &
    typeof errorFunctions &
    typeof controlFunctions &
    typeof streamFunctions &
    typeof lossFunctions &
    typeof outputFunctions &
    typeof nameFunctions
> = defineTasks("conformance", import.meta.url, {
  ...valueFunctions,
  ...errorFunctions,
  ...controlFunctions,
  ...streamFunctions,
  ...lossFunctions,
  ...outputFunctions,
  ...nameFunctions,
});

const oddFunctions = {
  ["__proto__"]: (): string => "of __proto__",
  constructor: (): string => "of constructor",
  toString: (): string => "of toString",
  hasOwnProperty: (): string => "of hasOwnProperty",
  "../../x": (): string => "of ../../x",
  "file:///etc/passwd": (): string => "of file:///etc/passwd",
  "": (): string => "of nothing",
};

/** Tasks under names that mean something elsewhere. */
export const oddTasks: Tasks<typeof oddFunctions> = defineTasks(
  "conformance-names",
  import.meta.url,
  oddFunctions,
);
