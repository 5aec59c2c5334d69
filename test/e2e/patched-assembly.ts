/** The assembly of this checkout with some of the broker's settings changed, for sandboxes of their own. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { synthesize } from "../../lab/sandbox/process/synthesize.ts";
import type { Settings } from "../../shared/domain/settings.ts";

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Properties?: { readonly Environment?: Environment } }>
  >;
}

interface Environment {
  readonly Variables: Record<string, unknown>;
}

/**
 * Makes it in `dir`, from the assembly that all sandboxes of a test run share.
 *
 * @returns the folder for `--assembly`
 */
export async function patchedAssembly(dir: string, settings: Partial<Settings>): Promise<string> {
  const outdir = await synthesize(dir, 0, () => undefined);
  const file = path.join(outdir, "Timelatch.template.json");
  const template = JSON.parse(readFileSync(file, "utf8")) as Template;
  for (const { Properties } of Object.values(template.Resources)) {
    const variables = Properties?.Environment?.Variables;
    const given = variables?.["SETTINGS"];
    if (variables && typeof given === "string")
      variables["SETTINGS"] = JSON.stringify({ ...JSON.parse(given), ...settings });
  }
  writeFileSync(file, JSON.stringify(template));
  return outdir;
}
