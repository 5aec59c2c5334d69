/** The `timelatch` command as it is packed, installed into an empty folder outside the repository. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { packedCommand } from "./bundled-command.ts";
import { type ClientResult, runAs } from "./real-clients.ts";

export interface PackedCommand {
  /** Runs the command as a person; a failure fails the test. @returns standard output */
  timelatch(person: string, ...args: string[]): Promise<string>;
  /** kubectl with the kubeconfig that the packed command writes. */
  kubectl(person: string, ...args: string[]): Promise<ClientResult>;
}

/** Installs it, without a registry. */
export function installPackedCommand(sandbox: SandboxAddresses): PackedCommand {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-installed-"));
  mkdirSync(path.join(folder, "home"));
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", packedCommand()], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: path.join(folder, "home") },
    stdio: "pipe",
  });
  const bin = path.join(folder, "node_modules", ".bin");
  const env = {
    PATH: `${bin}${path.delimiter}${process.env["PATH"]}`,
    HOME: path.join(folder, "home"),
    KUBECONFIG: path.join(folder, "kubeconfig"),
  };
  const at = { ...sandbox, kubeconfig: env.KUBECONFIG };
  return {
    async timelatch(person, ...args) {
      const { code, stdout, stderr } = await runAs(at, person, path.join(bin, "timelatch"), args, {
        env,
      });
      if (code !== 0) throw new Error(`timelatch ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
    kubectl: (person, ...args) => runAs(at, person, "kubectl", args, { env }),
  };
}
