/** `npm run package`: writes what people install into `dist`. It needs no network. */
import path from "node:path";
import { runScript, UsageError } from "../lab/command-line.ts";
import { writeBillOfMaterials } from "./package/bill-of-materials.ts";
import { packCdk } from "./package/cdk-package.ts";
import { packCli } from "./package/cli-package.ts";
import { packExecutable } from "./package/executable.ts";

const HELP = `npm run package -- [options] [WHAT]...

Writes what people install into dist, and what each file weighs. WHAT is, by default all of:

  cli          the timelatch command as an npm package without dependencies
  cdk          the stacks as constructs, with the functions' code
  executable   the timelatch command as one file with its own Node.js; on Linux alone
  sbom         the bill of materials of all of them, CycloneDX

Options:
  --out DIR    where to write (default: dist)
  --help       print this
`;

const ROOT = path.resolve(import.meta.dirname, "..");

/** The packers, by name. Each answers the file that it wrote. */
const PACKERS: Readonly<Record<string, (out: string) => Promise<string>>> = {
  cli: packCli,
  cdk: packCdk,
  executable: packExecutable,
  sbom: writeBillOfMaterials,
};

const commandLine = {
  script: "package",
  help: HELP,
  options: { out: { type: "string", default: path.join(ROOT, "dist") } },
  takesArguments: true,
} as const;

await runScript(commandLine, async ({ values, positionals }) => {
  const wanted = positionals.length > 0 ? positionals : Object.keys(PACKERS);
  const unknown = wanted.find((name) => !Object.hasOwn(PACKERS, name));
  if (unknown !== undefined)
    throw new UsageError(
      `There is no '${unknown}' to pack. Known: ${Object.keys(PACKERS).join(", ")}.`,
    );
  for (const name of wanted) {
    const file = await PACKERS[name]?.(path.resolve(values.out));
    process.stdout.write(`${path.relative(process.cwd(), file ?? "")}\n`);
  }
  return 0;
});
