export { PythonError } from "./rq/python-error.ts";
export { rq } from "./rq/rq-client.ts";
export type { RqClient, RqJob, RqOptions, RqRunOptions } from "./rq/rq-types.ts";
