const kinds: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["text", /\.(md|mdx|markdown|txt|rst|adoc|html?)$/i],
  ["data", /\.(json|jsonc|json5|ya?ml|toml|xml|csv|tsv|map)$/i],
  ["source", /\.([cm]?[jt]sx?|py|go|rs|java|kt|c|h|cc|cpp|hpp|cs|rb|php|swift|sh|css|scss|sql)$/i],
];

/** What colours stand for; the last one is for all other files. */
export const kindNames: readonly string[] = [...kinds.map(([name]) => name), "other"];

/** The kind of a file, as a number among `kindNames`. */
export function fileKind(path: string): number {
  const index = kinds.findIndex(([, pattern]) => pattern.test(path));
  return index === -1 ? kinds.length : index;
}
