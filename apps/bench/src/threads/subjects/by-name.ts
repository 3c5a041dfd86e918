import type { Functions } from "../thread-pool.ts";

/** Options for a run that say nothing but which export it takes; made once, so that no run pays for them. */
export const byName: { readonly [Name in keyof Functions]: { readonly name: Name } } = {
  noop: { name: "noop" },
  burn: { name: "burn" },
  echo: { name: "echo" },
  checksum: { name: "checksum" },
  stamp: { name: "stamp" },
  weigh: { name: "weigh" },
  hold: { name: "hold" },
};
