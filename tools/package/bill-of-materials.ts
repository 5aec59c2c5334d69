/** Lists the packages' components, for tools that look for known flaws. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** An entry of package-lock.json. https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */
interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: true;
  /** Set for the link to a workspace. */
  readonly link?: true;
}

/**
 * Writes a bill of materials in CycloneDX 1.5 of every package that may be in a bundle, as the lockfile
 * pins them. It holds no time and no random number, so that the same lockfile gives the same file.
 *
 * `npm sbom --omit=dev` would do, but npm 11 leaves out what a development tool names as a peer too: zod
 * and yaml, which are in every bundle.
 *
 * @param out a folder
 * @returns the file
 */
export async function writeBillOfMaterials(out: string): Promise<string> {
  const lockfile = readFileSync(path.join(ROOT, "package-lock.json"), "utf8");
  const { name, version, packages } = JSON.parse(lockfile) as {
    readonly name: string;
    readonly version: string;
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const components = Object.entries(packages)
    // A workspace is in the lockfile by its own folder, and as a link to it.
    .filter(([folder, { dev, link }]) => folder.startsWith("node_modules/") && !dev && !link)
    .map(([folder, locked]) => componentOf(folder, locked));
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name, version } },
    components,
  };
  const file = path.join(out, "timelatch.cdx.json");
  mkdirSync(out, { recursive: true });
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  return file;
}

/** @throws Error for a package that the lockfile does not pin by its SHA-512 */
function componentOf(folder: string, { version, license, integrity }: Locked) {
  const name = folder.replace(/^.*node_modules\//, "");
  const [, hash] = /^sha512-(\S+)$/.exec(integrity ?? "") ?? [];
  if (hash === undefined || license === undefined)
    throw new Error(
      `package-lock.json has no SHA-512 or no licence of ${name}. No bill of materials was written.`,
    );
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library",
    "bom-ref": folder,
    name,
    version,
    purl,
    licenses: [{ license: { id: license } }],
    hashes: [{ alg: "SHA-512", content: Buffer.from(hash, "base64").toString("hex") }],
  };
}
