/**
 * `npm run lint`: Biome for style and mistakes, Knip for files, exports and dependencies that nothing
 * uses. Both run, even where the first fails.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { runScript } from "../lab/command-line.ts";

const HELP = `npm run lint -- [--changed]

Checks the format, the rules of biome.json, and that nothing is unused by knip.json.

  --changed  the format and the rules only of files with uncommitted changes
  --help     print this
`;

const OPTIONS = { changed: { type: "boolean", default: false } } as const;

const ROOT = path.resolve(import.meta.dirname, "..");

const BIOME = "node_modules/@biomejs/biome/bin/biome";
const KNIP = ["node_modules/knip/bin/knip.js", "--cache"] as const;

/** Files that differ from the last commit, and new ones that git does not ignore. */
function changedFiles(): readonly string[] {
  const listed = (...args: readonly string[]) => {
    const { status, stdout } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args[0]} failed, so the changes are not known.`);
    return stdout.split("\0").filter((name) => name !== "");
  };
  return [
    ...listed("diff", "--name-only", "-z", "--diff-filter=d", "HEAD"),
    ...listed("ls-files", "--others", "--exclude-standard", "-z"),
  ];
}

function biomeOf(files: readonly string[]): readonly string[] {
  return [BIOME, "check", "--no-errors-on-unmatched", ...files];
}

await runScript({ script: "lint", help: HELP, options: OPTIONS }, ({ values: { changed } }) => {
  const files = changed ? changedFiles() : ["."];
  const tools = files.length > 0 ? [biomeOf(files), KNIP] : [KNIP];
  const failed = tools.filter(([script = "", ...args]) => {
    const run = spawnSync(process.execPath, [path.join(ROOT, script), ...args], {
      cwd: ROOT,
      stdio: "inherit",
    });
    return run.status !== 0;
  });
  return failed.length > 0 ? 1 : 0;
});
