/** A folder as `timelatch init` writes it, from which the real commands deploy into a sandbox with its short times. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { type ClientResult, runAs } from "./real-clients.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** As the construct does it, with the sandbox's settings. */
const APP = `import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { addTimelatch, checkPolicy } from ${JSON.stringify(path.join(ROOT, "infra/synth/add-timelatch.ts"))};
import { assemble } from ${JSON.stringify(path.join(ROOT, "infra/synth/assemble.ts"))};
import { clearOutputFolder } from ${JSON.stringify(path.join(ROOT, "infra/synth/output-folder.ts"))};
import { variantOf } from ${JSON.stringify(path.join(ROOT, "infra/synth/variants.ts"))};
import { parseDeploymentFile } from ${JSON.stringify(path.join(ROOT, "shared/policy-file/deployment-file.ts"))};
const outdir = process.env.CDK_OUTDIR;
const { tables = {} } = parseDeploymentFile(readFileSync("timelatch.config.yaml", "utf8")).options;
const TIMELATCH_TABLES = Object.entries(tables).map((table) => table.join("=")).join();
const plain = variantOf({ TIMELATCH_SETTINGS: "sandbox", TIMELATCH_TABLES });
const variant = { ...plain, settings: { ...plain.settings, broker: { ...plain.settings.broker, ...SETTINGS } } };
const context = { "timelatch:bundles": BUNDLES ?? undefined };
const app = new App({ context, outdir, analyticsReporting: false, autoSynth: false, builtinCloudFormationValidation: false });
const checked = checkPolicy("access.yaml", variant, (text) => console.error(text));
clearOutputFolder(outdir);
addTimelatch(app, checked, variant, outdir);
assemble(app, outdir);
checked.keepRecord();
`;

export interface DeploymentFolder {
  readonly folder: string;
  /** Writes the policy. */
  policy(document: object): void;
  /** Runs `timelatch` on the folder as the administrator who deploys. */
  timelatch(command: string, ...args: readonly string[]): Promise<ClientResult>;
}

/**
 * @param env of the command, such as the role under which an admin calls the API
 * @param settings the broker's, where they are not the sandbox's
 */
export function deploymentFolder(
  sandbox: SandboxAddresses,
  env: Readonly<Record<string, string>> = {},
  settings: Partial<Settings> = {},
): DeploymentFolder {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-folder-"));
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write("timelatch.config.yaml", 'version: 1\naccount: "111122223333"\nregion: us-west-2\n');
  installSandboxApp(folder, settings);
  return {
    folder,
    policy: (document) =>
      write("access.yaml", stringify(document, { aliasDuplicateObjects: false })),
    timelatch: (command, ...args) =>
      runAs(sandbox, "admin", "timelatch", [command, folder, ...args], {
        env: { HOME: folder, ...env },
      }),
  };
}

/** Puts into a folder what `npm install` would, and an app with the sandbox's short times in place of its own. */
export function installSandboxApp(folder: string, settings: Partial<Settings> = {}): void {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  mkdirSync(path.join(folder, "node_modules/@timelatch/cdk"), { recursive: true });
  write("node_modules/@timelatch/cdk/package.json", "{}");
  for (const name of ["aws-cdk", "aws-cdk-lib"])
    symlinkSync(path.join(ROOT, "node_modules", name), path.join(folder, "node_modules", name));
  const given = { SETTINGS: settings, BUNDLES: process.env["TIMELATCH_BUNDLES"] ?? null };
  write("app.mjs", `const { SETTINGS, BUNDLES } = ${JSON.stringify(given)};\n${APP}`);
}
