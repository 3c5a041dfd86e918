interface NodeLike {
  getBuiltinModule?(name: string): object | undefined;
}

/** A module of Node's own where the platform has it. Not imported, so that the code also loads in browsers. */
export function nodeModule(name: string): object | undefined {
  const { process } = globalThis as { process?: NodeLike };
  return process?.getBuiltinModule?.(name);
}
