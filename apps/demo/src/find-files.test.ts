import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { findFiles, type Search } from "./find-files.ts";

async function namesIn(folder: string, search: Partial<Search> = {}): Promise<string[]> {
  const { signal } = new AbortController();
  const found = await findFiles({ folder, limit: 100, signal, ...search });
  return found.files.map((file) => relative(found.folder, file));
}

describe("findFiles", () => {
  it("finds every file, in the order of names", async () => {
    const folder = temporaryFolder({ b: "", "a/z": "", "a/.x": "", ".git/config": "", "a.md": "" });
    expect(await namesIn(folder)).toEqual([".git/config", "a/.x", "a/z", "a.md", "b"]);
  });

  it("stops at the limit, and says so only when there is more", async () => {
    const folder = temporaryFolder({ a: "", b: "", c: "" });
    const { signal } = new AbortController();
    expect(await findFiles({ folder, limit: 2, signal })).toMatchObject({
      files: [join(folder, "a"), join(folder, "b")],
      isCut: true,
    });
    expect(await findFiles({ folder, limit: 3, signal })).toMatchObject({ isCut: false });
  });

  it("takes only names that match", async () => {
    const folder = temporaryFolder({ "a.md": "", "b.png": "" });
    expect(await namesIn(folder, { pattern: /\.md$/ })).toEqual(["a.md"]);
  });

  it("counts a file once, however many links lead to it", async () => {
    const folder = temporaryFolder({ "store/m.md": "", "n.md": "" });
    symlinkSync(join(folder, "store"), join(folder, "again"));
    symlinkSync(join(folder, "n.md"), join(folder, "a-link.md"));
    symlinkSync(join(folder, "store", "m.md"), join(folder, "z-link.md"));
    symlinkSync(folder, join(folder, "loop"));
    expect(await namesIn(folder)).toEqual(["a-link.md", "store/m.md"]);
  });

  it("follows a link that is the folder itself", async () => {
    const folder = temporaryFolder({ "store/m.md": "" });
    symlinkSync(join(folder, "store"), join(folder, "link"));
    expect(await namesIn(join(folder, "link"))).toEqual(["m.md"]);
  });

  it("keeps a link that leads nowhere, for its reading to fail", async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, "gone"), join(folder, "link"));
    expect(await namesIn(folder)).toEqual(["link"]);
  });

  it("passes over what may never end", async () => {
    const folder = temporaryFolder({ a: "" });
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync(join(folder, "pipe"), join(folder, "link"));
    expect(await namesIn(folder)).toEqual(["a"]);
  });

  it("stops with the signal's reason", async () => {
    const folder = temporaryFolder({ a: "" });
    await expect(namesIn(folder, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });
});
