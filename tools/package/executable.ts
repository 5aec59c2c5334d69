/** The `timelatch` command as one executable that brings its own Node.js. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PARTS_FILE } from "../../cli/packed/parts.ts";
import { bundleCli } from "./bundle-cli.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const POSTJECT = path.join(ROOT, "node_modules/postject/dist/cli.js");

/** Node.js looks for the program under this name, if this mark in its binary is switched on. */
const RESOURCE = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * Copies the Node.js that runs this, and puts the bundle into the copy.
 * https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html
 *
 * @param out a folder; the executable is there in `executable`, beside the licences
 * @returns the executable
 * @throws Error on another system than Linux, whose recipe is in docs/installing.md
 */
export async function packExecutable(out: string): Promise<string> {
  if (process.platform !== "linux")
    throw new Error(
      `An executable is packed on Linux alone; this is ${process.platform}. It was not packed. docs/installing.md has the recipe for macOS.`,
    );
  const { start, parts, licences } = await bundleCli();
  const folder = path.join(out, "executable");
  const file = path.join(folder, "timelatch");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const blob = writeBlob(folder, start, parts);
  copyFileSync(process.execPath, file);
  run([POSTJECT, file, RESOURCE, blob, "--sentinel-fuse", FUSE]);
  rmSync(blob);
  writeFileSync(path.join(folder, "THIRD-PARTY-LICENSES.txt"), licences);
  copyFileSync(path.join(ROOT, "LICENSE"), path.join(folder, "LICENSE"));
  const ofNode = path.resolve(process.execPath, "../../LICENSE");
  if (existsSync(ofNode)) copyFileSync(ofNode, path.join(folder, "NODE-LICENSE.txt"));
  return file;
}

/** Writes the file that Node.js starts: the program, and what it loads. */
function writeBlob(folder: string, start: string, parts: Buffer): string {
  const file = (name: string) => path.join(folder, name);
  // The line for a shell is no JavaScript within an executable.
  writeFileSync(file("program.cjs"), start.replace(/^#!.*\n/, ""));
  writeFileSync(file(PARTS_FILE), parts);
  const config = {
    main: file("program.cjs"),
    output: file("program.blob"),
    assets: { [PARTS_FILE]: file(PARTS_FILE) },
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
  };
  writeFileSync(file("config.json"), JSON.stringify(config));
  run(["--experimental-sea-config", file("config.json")]);
  for (const name of ["program.cjs", PARTS_FILE, "config.json"]) rmSync(file(name));
  return config.output;
}

const run = (args: readonly string[]) => execFileSync(process.execPath, args, { stdio: "pipe" });
