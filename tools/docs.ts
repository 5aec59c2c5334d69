/** `npm run docs`: makes the pages of docs a site of files, which needs no server and no network. */
import path from "node:path";
import { runScript } from "../lab/command-line.ts";
import { writeSite } from "./docs/site.ts";

const HELP = `npm run docs -- [options]

Writes the pages that timelatch docs shows as a site: open its index.html, or serve the folder as it is. It has
navigation, search and a dark mode, and asks nothing of the network.

Options:
  --out DIR    where to write (default: dist/docs)
  --help       print this
`;

const ROOT = path.resolve(import.meta.dirname, "..");

const commandLine = {
  script: "docs",
  help: HELP,
  options: { out: { type: "string", default: path.join(ROOT, "dist", "docs") } },
} as const;

await runScript(commandLine, ({ values }) => {
  const file = writeSite(path.resolve(values.out));
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
  return 0;
});
