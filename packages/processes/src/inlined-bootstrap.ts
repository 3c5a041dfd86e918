/** All that a child process runs first, as the text of one module that imports nothing but Node's own. The build puts it here. */
export const inlinedBootstrap: string = onlyBuilt();

function onlyBuilt(): never {
  throw new Error(
    "the sources of @quintet/processes are not to be bundled, only what is built of them",
  );
}
