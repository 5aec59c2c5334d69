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
import { type Load, loadInTurns } from "./bundles/load-time.ts";
import type { Suite } from "./report.ts";
import { median, rounded } from "./statistics.ts";
import type { Figure } from "./storm/figure.ts";

/** The most that a load may take of its bare one. */
const MOST_TIMES = 1.2;
const LOADS = 15;

/** On the clock, which is bounded, and of a processor, which tells more where the machine has other work. */
async function figuresOf(name: string, folder: string): Promise<readonly Figure[]> {
  const own = path.join(folder, `${name}.mjs`);
  const bare = path.join(folder, `${name}-bare.mjs`);
  const { metafile } = await bundle(`functions/${name}.ts`, own);
  const entry = path.join(folder, `${name}-bare.ts`);
  writeFileSync(entry, await bareModule(awsCommandsIn(metafile)));
  await bundle(entry, bare);
  const loads = await loadInTurns({ own, bare }, LOADS);
  const figure = (kind: keyof Load, whose: string, bound: number | null): Figure => {
    const middle = (all: readonly Load[]) => median(all.map((one) => one[kind]));
    const [took, alone] = [middle(loads.own), middle(loads.bare)];
    return {
      name: `${kind === "clock" ? "load" : kind}.${name}`,
      what: `${name}: ${whose} ${rounded(took)} ms, for its AWS clients alone ${rounded(alone)} ms`,
      value: Number((took / alone).toFixed(3)),
      ...{ bound, unit: "times" },
    };
  };
  return [
    figure("clock", "loads in", MOST_TIMES),
    figure("processor", "of which a processor works", null),
  ];
}

export const benchColdstart: Suite = async (progress) => {
  const names = globSync("functions/*.ts", { cwd: inRepository() }).map(
    (file) => path.parse(file).name,
  );
  const figures = await inBundleFolder(async (folder) => {
    const all: Figure[] = [];
    for (const name of names.sort()) {
      progress(`Loads of ${name}`);
      all.push(...(await figuresOf(name, folder)));
    }
    return all;
  });
  return boundsReport(figures, "", { loads: LOADS });
};
