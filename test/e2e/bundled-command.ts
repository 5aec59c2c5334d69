/**
 * The `timelatch` command that the end-to-end tests run: what people install, bundled and packed once for all of
 * them. From sources a start takes twice the time. The demo and the walkthrough run it from sources.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packCli } from "../../tools/package/cli-package.ts";

const VARIABLE = "TIMELATCH_TEST_COMMANDS";
const PACKED = "TIMELATCH_TEST_PACKED";

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-command-"));
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  process.env[PACKED] = await packCli(folder);
  const program = path.join(folder, "cli/timelatch.cjs");
  writeFileSync(
    path.join(bin, "timelatch"),
    `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
    { mode: 0o755 },
  );
  process.env[VARIABLE] = bin;
  return () => rmSync(folder, { recursive: true, force: true });
}

function made(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: this is no end-to-end test.`);
  return value;
}

/** The folder of the command, for a PATH. @throws Error outside of an end-to-end test */
export const commandFolder = (): string => made(VARIABLE);

/** The tarball of the command, as it is published. @throws Error outside of an end-to-end test */
export const packedCommand = (): string => made(PACKED);
