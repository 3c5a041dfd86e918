/** `node --import` of this has BullMQ 5, the oldest that is supported, take the place of the newest. */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === "bullmq" ? "bullmq5" : specifier, context),
});
