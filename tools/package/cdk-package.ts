/** The npm package `@timelatch/cdk`: the stacks as constructs, with the functions' code. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { bundleFunctions } from "../../infra/synth/function-bundles.ts";
import { OLDEST_NODE } from "./bundle-cli.ts";
import { npmPack } from "./npm-pack.ts";
import { licenceTexts } from "./third-party-licences.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

const NAME = "@timelatch/cdk";
const PROGRAM = "index.mjs";

/**
 * Users of the package install them, and one copy of each must serve all constructs of an app.
 * Rules of cdk-nag have the names of their files, which a bundle would lose.
 */
const PEERS = ["aws-cdk-lib", "cdk-nag", "constructs"] as const;

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Packs the construct library: JavaScript, types, and a bundle for each function.
 *
 * @param out a folder; the package's own files stay there in `cdk`
 * @returns the tarball
 */
export async function packCdk(out: string): Promise<string> {
  const folder = path.join(out, "cdk");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const inputs = [
    ...(await bundleLibrary(folder)),
    ...(await bundleFunctions(path.join(folder, "functions"))),
  ];
  writeTypes(folder);
  const files = {
    "package.json": `${JSON.stringify(packageJson(JSON.parse(read("package.json"))), null, 2)}\n`,
    "README.md": read("tools/package/cdk-readme.md"),
    LICENSE: read("LICENSE"),
    "THIRD-PARTY-LICENSES.txt": licenceTexts(NAME, inputs),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return npmPack(folder, out);
}

/** @returns what it read */
async function bundleLibrary(folder: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    metafile: true,
    entryPoints: ["infra/library.ts"],
    outfile: path.join(folder, PROGRAM),
    target: "node22",
    external: PEERS.flatMap((name) => [name, `${name}/*`]),
    legalComments: "none",
    // The reader of YAML is CommonJS.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);',
    },
  });
  return Object.keys(metafile.inputs);
}

/** Declarations of the exports, and of what they name. */
function writeTypes(folder: string): void {
  const emitted = mkdtempSync(path.join(tmpdir(), "timelatch-types-"));
  const config = path.join(emitted, "tsconfig.json");
  const options = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: ROOT };
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.join(ROOT, "tsconfig.json"),
      compilerOptions: {
        ...options,
        outDir: path.join(emitted, "types"),
        typeRoots: [path.join(ROOT, "node_modules/@types")],
      },
      include: [],
      files: [path.join(ROOT, "infra/library.ts")],
    }),
  );
  try {
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", config], { cwd: ROOT, stdio: "pipe" });
    const types = path.join(emitted, "types");
    for (const file of reachable(types, "infra/library.d.ts")) {
      // A user's TypeScript looks for a .js file.
      const text = readFileSync(path.join(types, file), "utf8").replace(RELATIVE, 'from "$1.js"');
      const to = path.join(folder, "types", file);
      mkdirSync(path.dirname(to), { recursive: true });
      writeFileSync(to, text);
    }
  } finally {
    rmSync(emitted, { recursive: true });
  }
}

const RELATIVE = /from "(\.[^"]+)\.ts"/g;

/** A declaration and those that it imports, over and over; paths from the folder. */
function reachable(folder: string, first: string): readonly string[] {
  const found = new Set([first]);
  for (const file of found)
    for (const [, name = ""] of readFileSync(path.join(folder, file), "utf8").matchAll(RELATIVE))
      found.add(`${path.posix.join(path.posix.dirname(file), name)}.d.ts`);
  return [...found].sort();
}

const packageJson = ({ version, license, devDependencies }: Manifest) => ({
  name: NAME,
  version,
  description: "Constructs of Timelatch, which lends access to Amazon EKS for a limited time.",
  license,
  type: "module",
  engines: { node: `>=${OLDEST_NODE.join(".")}` },
  exports: { ".": { types: "./types/infra/library.d.ts", default: `./${PROGRAM}` } },
  peerDependencies: Object.fromEntries(PEERS.map((name) => [name, `^${devDependencies[name]}`])),
  files: [PROGRAM, "functions", "types", "THIRD-PARTY-LICENSES.txt"],
});
