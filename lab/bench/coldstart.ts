/**
 * How long each function takes to load, against a bundle of only the AWS clients and commands that it
 * uses, as esbuild makes it by itself. The rest of a cold start is AWS's: a function can make it no shorter.
 */
import { globSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRepository } from "../../infra/synth/repository.ts";
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

/** As esbuild bundles by itself: what the clients are without our work at how functions are bundled. */
const BY_ITSELF = {
  plugins: [],
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
} satisfies Parameters<typeof bundle>[2];

interface Kind {
  readonly name: string;
  readonly measure: keyof Load;
  /**
   * The baseline of the ratio: clients that esbuild bundles itself, or clients bundled as the
   * function's are.
   */
  readonly clients: "bare" | "alike";
  readonly what: string;
  readonly bound: number | null;
}

/** The clock is bounded. Processor time tells more where the machine has other work. */
const KINDS: readonly Kind[] = [
  {
    name: "load",
    measure: "clock",
    clients: "bare",
    bound: MOST_TIMES,
    what: "for its AWS clients alone",
  },
  {
    name: "processor",
    measure: "processor",
    clients: "bare",
    bound: null,
    what: "of which a processor works; for its AWS clients alone",
  },
  {
    name: "alike",
    measure: "clock",
    clients: "alike",
    bound: null,
    what: "for its AWS clients alone, bundled in the same way",
  },
];

/** @param name of a function, whose bundles are made in the folder */
async function loadsOf(name: string, folder: string) {
  const file = (suffix: string) => path.join(folder, `${name}${suffix}`);
  const files = { own: file(".mjs"), bare: file("-bare.mjs"), alike: file("-alike.mjs") };
  const { metafile } = await bundle(`functions/${name}.ts`, files.own);
  const entry = file("-bare.ts");
  writeFileSync(entry, await bareModule(awsCommandsIn(metafile)));
  await bundle(entry, files.bare, BY_ITSELF);
  await bundle(entry, files.alike);
  return await loadInTurns(files, LOADS);
}

async function figuresOf(name: string, folder: string): Promise<readonly Figure[]> {
  const loads = await loadsOf(name, folder);
  return KINDS.map(({ name: kind, measure, clients, what, bound }) => {
    const [took, alone] = [loads.own, loads[clients]].map((all) =>
      median(all.map((one) => one[measure])),
    ) as [number, number];
    return {
      name: `${kind}.${name}`,
      what: `${name}: ${rounded(took)} ms, ${what} ${rounded(alone)} ms`,
      value: Number((took / alone).toFixed(3)),
      bound,
      unit: "times" as const,
    };
  });
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
