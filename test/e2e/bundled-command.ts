/**
 * The `timelatch` command that the end-to-end tests run: the bundle that people install, made once for all of
 * them. From sources a start takes twice the time. The demo and the walkthrough run it from sources.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleCli } from "../../tools/package/bundle-cli.ts";

const VARIABLE = "TIMELATCH_TEST_COMMANDS";

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-command-"));
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  const program = path.join(folder, "timelatch.cjs");
  writeFileSync(program, (await bundleCli()).code);
  writeFileSync(
    path.join(bin, "timelatch"),
    `#!/bin/sh\nNODE_COMPILE_CACHE='${folder}/cache' exec '${process.execPath}' '${program}' "$@"\n`,
    { mode: 0o755 },
  );
  process.env[VARIABLE] = bin;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** The folder of the command, for a PATH. @throws Error outside of an end-to-end test */
export function commandFolder(): string {
  const folder = process.env[VARIABLE];
  if (folder === undefined) throw new Error(`${VARIABLE} is not set: this is no end-to-end test.`);
  return folder;
}
