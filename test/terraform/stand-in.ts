/**
 * `terraform` and `tofu` on somebody's path, as far as the module's README uses them. Each hands its words to this process, which
 * carries the module out. It is no Terraform.
 */
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { apply, plan } from "./carry-out.ts";
import type { Asked, State } from "./walk.ts";

const CLIENT = (node: string, url: string) => `#!${node}
const body = JSON.stringify({ folder: process.cwd(), words: process.argv.slice(2) });
const { status, said } = await (await fetch("${url}", { method: "POST", body })).json();
process.stdout.write(said);
process.exitCode = status;
`;

interface Words {
  readonly folder: string;
  readonly words: readonly string[];
}

export interface StandIn {
  /** The folder for a PATH. */
  readonly folder: string;
  /** The changes of all applies so far. */
  readonly changes: readonly string[];
  close(): void;
}

/** @param asked how the root module in a folder is carried out */
export async function terraformStandIn(
  asked: (root: string) => Asked,
  state: State,
): Promise<StandIn> {
  const changes: string[] = [];
  let outputs: Readonly<Record<string, unknown>> = {};
  async function answer({ folder, words }: Words): Promise<string> {
    const [command = "", ...rest] = words;
    const file = rest.find((word) => !word.startsWith("-"));
    if (command === "init") return "A stand-in for Terraform has nothing to download.\n";
    if (command === "plan") {
      const said = `${(await plan(asked(folder), state)).join("\n")}\n`;
      const out = rest.find((word) => word.startsWith("-out="));
      if (out !== undefined) writeFileSync(path.join(folder, out.slice(5)), said);
      return said;
    }
    if (command === "output") return `${JSON.stringify(outputs[file ?? ""])}\n`;
    if (command !== "apply") throw new Error(`The stand-in knows no ${command}.`);
    // Without a plan, Terraform asks at a terminal.
    if (file === undefined && !rest.includes("-auto-approve"))
      throw new Error("There is no terminal to ask at.");
    const planned = file === undefined ? undefined : readFileSync(path.join(folder, file), "utf8");
    if (planned !== undefined && planned !== `${(await plan(asked(folder), state)).join("\n")}\n`)
      throw new Error("Saved plan is stale");
    const applied = await apply(asked(folder), state);
    outputs = applied.outputs;
    changes.push(...applied.changes);
    return `${applied.changes.join("\n")}\n`;
  }
  const server = createServer(async (request, response) => {
    const said = await answer(JSON.parse(await text(request)) as Words).then(
      (words) => ({ status: 0, said: words }),
      (error: Error) => ({ status: 1, said: `Error: ${error.message}\n` }),
    );
    response.end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const folder = mkdtempSync(path.join(tmpdir(), "terraform-stand-in-"));
  const program = path.join(folder, "terraform.mjs");
  writeFileSync(program, CLIENT(process.execPath, url), { mode: 0o755 });
  for (const name of ["terraform", "tofu"]) symlinkSync(program, path.join(folder, name));
  return { folder, changes, close: () => void server.close() };
}
