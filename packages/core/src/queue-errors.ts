import type { QuintetError } from "./quintet-error.ts";

/** Errors that only a queue gives, by their codes; `@quintet/redis` has the classes. */
export interface QueueErrors {
  START_TIMEOUT: QuintetError;
  EXPIRED: QuintetError;
  NO_WORKERS: QuintetError;
  RESULT_LOST: QuintetError;
  TOO_LARGE: QuintetError;
  UNREACHABLE: QuintetError;
  LEASE_LOST: QuintetError;
  DEPENDENCY_FAILED: QuintetError & { readonly dependency: string };
  MALFORMED: QuintetError;
}
