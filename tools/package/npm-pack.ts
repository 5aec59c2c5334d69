import { execFileSync } from "node:child_process";
import path from "node:path";

/**
 * Packs a folder as `npm publish` would. npm writes no times and sorts the files, so that the same
 * files make the same bytes.
 *
 * @returns the tarball
 * @throws Error where npm fails
 */
export function npmPack(folder: string, out: string): string {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", out];
  const answer = execFileSync("npm", args, { cwd: folder, encoding: "utf8" });
  const [{ filename }] = JSON.parse(answer) as readonly [{ readonly filename: string }];
  return path.join(out, filename);
}
