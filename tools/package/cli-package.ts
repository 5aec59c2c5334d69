/** The npm package of the `timelatch` command. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PARTS_FILE } from "../../cli/packed/parts.ts";
import { bundleCli, OLDEST_NODE } from "./bundle-cli.ts";
import { npmPack } from "./npm-pack.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** docs/adr/0012-package-name.md */
const NAME = "@timelatch/cli";
const PROGRAM = "timelatch.cjs";

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
}

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/**
 * Packs the command: a program in two files, its licences, and a README. It has no dependencies.
 *
 * @param out a folder; the package's own files stay there in `cli`
 * @returns the tarball
 */
export async function packCli(out: string): Promise<string> {
  const { start, parts, licences } = await bundleCli();
  const folder = path.join(out, "cli");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = packageJson(JSON.parse(read("package.json")) as Manifest);
  const files = {
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "README.md": read("tools/package/cli-readme.md"),
    LICENSE: read("LICENSE"),
    "THIRD-PARTY-LICENSES.txt": licences,
    [PARTS_FILE]: parts,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, PROGRAM), start, { mode: 0o755 });
  return npmPack(folder, out);
}

/** Every command name of the repository starts the same program. */
const packageJson = ({ version, description, license, bin }: Manifest) => ({
  name: NAME,
  version,
  description,
  license,
  type: "commonjs",
  engines: { node: `>=${OLDEST_NODE.join(".")}` },
  bin: Object.fromEntries(Object.keys(bin).map((name) => [name, PROGRAM])),
  files: [PROGRAM, PARTS_FILE, "THIRD-PARTY-LICENSES.txt"],
});
