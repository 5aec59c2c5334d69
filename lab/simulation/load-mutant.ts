/** Loads the simulation with a mutant's edits. Shipped code contains nothing of mutants. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { compileFunction } from "node:vm";
import { transform } from "esbuild";
import type { forgedLife } from "./forgers/forged-life.ts";
import type { Mutant } from "./mutants/mutant.ts";
import type { SCENARIOS } from "./scenarios/scenarios.ts";
import type { simulate } from "./simulate.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SIMULATE = "lab/simulation/simulate.ts";
const SCENES = "lab/simulation/scenarios/scenarios.ts";
const FORGED = "lab/simulation/forgers/forged-life.ts";

/** The functions that a mutant runs. */
export interface Broken {
  readonly simulate: typeof simulate;
  readonly SCENARIOS: typeof SCENARIOS;
  readonly forgedLife: typeof forgedLife;
}

/** A module of the simulation, which is compiled once. Each mutant runs it again, with modules of its own. */
interface Compiled {
  /** Node's CommonJS wrapper: exports, require, module. */
  readonly run: (exports: object, require: (name: string) => unknown, module: Loaded) => void;
  /** File from the root, or a package, by the name that the module has for it. */
  readonly imports: ReadonlyMap<string, string>;
}

interface Loaded {
  exports: object;
}

/** The whole simulation: its modules by their files, and the packages, which are the same for every mutant. */
interface Sources {
  readonly modules: Map<string, Compiled>;
  readonly packages: Map<string, object>;
}

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

async function compiled(file: string, text: string): Promise<Compiled> {
  const { code } = await transform(text, {
    loader: file.endsWith(".json") ? "json" : "ts",
    format: "cjs",
    target: "node22",
  });
  const names = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
  const imports = names.map((name): [string, string] => [
    name,
    name.startsWith(".") ? path.join(path.dirname(file), name) : name,
  ]);
  const run = compileFunction(code, ["exports", "require", "module"], {
    filename: path.join(ROOT, file),
  }) as Compiled["run"];
  return { run, imports: new Map(imports) };
}

async function add(file: string, { modules, packages }: Sources): Promise<void> {
  if (modules.has(file) || packages.has(file)) return;
  const module = await compiled(file, read(file));
  modules.set(file, module);
  for (const [name, imported] of module.imports)
    if (name.startsWith(".")) await add(imported, { modules, packages });
    else packages.set(name, { __esModule: true, ...((await import(name)) as object) });
}

async function readSources(files: readonly string[]): Promise<Sources> {
  const sources = { modules: new Map(), packages: new Map() };
  for (const file of files) await add(file, sources);
  return sources;
}

const known = new Map<string, Promise<Sources>>();

/** @throws Error as {@link loadBroken} */
export const loadMutant = (mutant: Pick<Mutant, "name" | "edits">): Promise<Broken> =>
  loadBroken([SIMULATE, SCENES, FORGED], mutant);

/**
 * The exports of modules, with a mutant's edits in them and in all that they import.
 *
 * @param files from the root
 * @throws Error where a text to change does not occur exactly once, or nothing imports its file
 */
export async function loadBroken<Exports>(
  files: readonly string[],
  mutant: Pick<Mutant, "name" | "edits">,
): Promise<Exports> {
  const sources = known.get(files.join()) ?? readSources(files);
  known.set(files.join(), sources);
  const { modules, packages } = await sources;
  const texts = editedTexts(mutant, modules);
  const changed = new Map<string, Compiled>();
  for (const [file, text] of texts) changed.set(file, await compiled(file, text));
  const load = loader((file) => changed.get(file) ?? modules.get(file), packages);
  return Object.assign({}, ...files.map(load)) as Exports;
}

function editedTexts(
  { name, edits }: Pick<Mutant, "name" | "edits">,
  modules: Sources["modules"],
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { file, from, to } of edits) {
    if (!modules.has(file)) throw new Error(`${name} changes ${file}, which nothing imports.`);
    const parts = (texts.get(file) ?? read(file)).split(from);
    if (parts.length !== 2)
      throw new Error(
        `${name} changes a text that occurs ${parts.length - 1} times in ${file}: ${from}`,
      );
    texts.set(file, parts.join(to));
  }
  return texts;
}

/** Runs each module once, as `require` does. */
function loader(find: (file: string) => Compiled | undefined, packages: Sources["packages"]) {
  const loaded = new Map<string, Loaded>();
  const load = (file: string): object => {
    const before = packages.get(file) ?? loaded.get(file)?.exports;
    if (before) return before;
    const source = find(file);
    if (!source) throw new Error(`A mutant imports ${file}, which the simulation does not have.`);
    const module: Loaded = { exports: {} };
    loaded.set(file, module);
    source.run(module.exports, (name) => load(source.imports.get(name) ?? name), module);
    return module.exports;
  };
  return load;
}
