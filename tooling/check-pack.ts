/**
 * Tries the packages as they would be published: packed, judged, installed in an empty project
 * outside the workspace, and used from there. The packages have to be built.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckList } from "./check-list.ts";
import { installConsumer, tryConsumer } from "./pack/consumer.ts";
import { publicPackages } from "./pack/public-packages.ts";
import { packed } from "./pack/tarball.ts";

const checks = new CheckList();
const folder = mkdtempSync(join(tmpdir(), "quintet-pack-"));
try {
  const packages = publicPackages();
  const tarballs: Record<string, string> = {};
  for (const each of packages) tarballs[each.name] = await packed(each, folder, checks);

  const consumer = join(folder, "consumer");
  mkdirSync(consumer);
  const trouble = await installConsumer(consumer, tarballs);
  checks.add("npm installs the tarballs", trouble);
  const specifiers = packages.flatMap((each) => each.specifiers);
  if (trouble === "") await tryConsumer(consumer, specifiers, checks);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
checks.close();
