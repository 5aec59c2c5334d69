import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeBillOfMaterials } from "../../../tools/package/bill-of-materials.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-bill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the bill of materials", () => {
  it("The bill of materials has every package of the lockfile that a bundle may hold, with version, licence and hash", async () => {
    const text = readFileSync(await writeBillOfMaterials(folder), "utf8");
    const { bomFormat, components } = JSON.parse(text) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly licenses?: readonly unknown[];
        readonly hashes?: readonly unknown[];
      }[];
    };
    expect(bomFormat).toBe("CycloneDX");
    const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    const listed = new Map(components.map(({ name, version }) => [name, version]));
    for (const [name, version] of Object.entries(dependencies))
      expect([name, listed.get(name)]).toEqual([name, version]);
    // Nothing of the tools, one of which has a licence that no bundle may have.
    for (const name of ["vitest", "esbuild", "@cloud-copilot/iam-simulate"])
      expect([name, listed.has(name)]).toEqual([name, false]);
    for (const { name, licenses, hashes } of components)
      expect([name, licenses?.length ?? 0, hashes?.length ?? 0]).toEqual([name, 1, 1]);
    // Neither a time nor a random number: the same lockfile gives the same file.
    expect(readFileSync(await writeBillOfMaterials(folder), "utf8")).toBe(text);
    expect(text).not.toMatch(/timestamp|serialNumber/);
  });
});
