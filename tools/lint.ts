/**
 * `npm run lint`: Biome for style and mistakes, Knip for files, exports and dependencies that nothing
 * uses. Both run, even where the first fails.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { runScript } from "../lab/command-line.ts";

const HELP = `npm run lint

Checks the format, the rules of biome.json, and that nothing is unused by knip.json.

  --help   print this
`;

const ROOT = path.resolve(import.meta.dirname, "..");

const TOOLS = [
  ["node_modules/@biomejs/biome/bin/biome", "check", "."],
  ["node_modules/knip/bin/knip.js"],
] as const;

await runScript({ script: "lint", help: HELP, options: {} }, () => {
  const failed = TOOLS.filter(([script, ...args]) => {
    const run = spawnSync(process.execPath, [path.join(ROOT, script), ...args], {
      cwd: ROOT,
      stdio: "inherit",
    });
    return run.status !== 0;
  });
  return failed.length > 0 ? 1 : 0;
});
