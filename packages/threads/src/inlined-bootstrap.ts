/** All that a thread runs first, as the text of one module that imports nothing but Node's own. The build puts it here. */
export const inlinedBootstrap: string = onlyBuilt();

function onlyBuilt(): never {
  throw new Error(
    "the sources of @quintet/threads are not to be bundled, only what is built of them",
  );
}
