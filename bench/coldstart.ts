/**
 * How long each function takes to load, against a bundle of only the AWS clients and commands that it
 * uses. The rest of a cold start is AWS's: a function can make it no shorter.
 */
import { globSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRepository } from "../infra/synth/repository.ts";
import { boundsReport } from "./bounds-report.ts";
import { awsCommandsIn, bareModule } from "./bundles/aws-commands.ts";
import { bundle, inBundleFolder } from "./bundles/bundle.ts";
import { loadInTurns } from "./bundles/load-time.ts";
import type { Suite } from "./report.ts";
import { median, rounded } from "./statistics.ts";
import type { Figure } from "./storm/figure.ts";

/** The most that a load may take of its bare one. */
const MOST_TIMES = 1.2;
const LOADS = 15;
async function figureOf(name: string, folder: string): Promise<Figure> {
  const own = path.join(folder, `${name}.mjs`);
  const bare = path.join(folder, `${name}-bare.mjs`);
  const { metafile } = await bundle(`functions/${name}.ts`, own);
  const entry = path.join(folder, `${name}-bare.ts`);
  writeFileSync(entry, await bareModule(awsCommandsIn(metafile)));
  await bundle(entry, bare);
  const times = await loadInTurns({ own, bare }, LOADS);
  const [ownMs, bareMs] = [median(times.own), median(times.bare)];
  return {
    name: `load.${name}`,
    what: `${name}: loads in ${rounded(ownMs)} ms, its AWS clients alone in ${rounded(bareMs)} ms`,
    value: Number((ownMs / bareMs).toFixed(3)),
    bound: MOST_TIMES,
    unit: "times",
  };
}

export const benchColdstart: Suite = async (progress) => {
  const names = globSync("functions/*.ts", { cwd: inRepository() }).map(
    (file) => path.parse(file).name,
  );
  const figures = await inBundleFolder(async (folder) => {
    const all: Figure[] = [];
    for (const name of names.sort()) {
      progress(`Loads of ${name}`);
      all.push(await figureOf(name, folder));
    }
    return all;
  });
  return boundsReport(figures, "", { loads: LOADS });
};
