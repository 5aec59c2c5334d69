/** The rules of the house that no linter knows. */
import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ANY_PACKAGE, MAY_IMPORT } from "./may-import.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const CODE = ["functions", "shared", "infra", "cli", "console", "lab", "tools", "test"];

const files = (pattern: string) => globSync(pattern, { cwd: ROOT }).map(toPosix).sort();
const toPosix = (file: string) => file.split(path.sep).join("/");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

const within = (target: string, place: string) =>
  place.endsWith("*")
    ? target.startsWith(place.slice(0, -1))
    : `${target}/`.startsWith(`${place}/`);

/** Every module that a file names, types and dynamic imports among them. */
const specifiersOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|[\s;{}*=(])(?:from\s*|import\s*\(?\s*)"([^"\n]+)"/g)].map(
    ([, name = ""]) => name,
  );

/** The target of an import: a path from the root, or a package's or builtin's own name. */
const targetOf = (file: string, specifier: string) =>
  specifier.startsWith(".") ? path.posix.join(path.posix.dirname(file), specifier) : specifier;

/** The imports of a file that its row does not allow. */
function strays(file: string, text: string): readonly string[] {
  const row = Object.keys(MAY_IMPORT).find((place) => within(file, place));
  if (row === undefined) return [];
  const allowed = [row, ...(MAY_IMPORT[row] ?? [])];
  return specifiersOf(text).filter((specifier) => {
    const target = targetOf(file, specifier);
    const isPackage = !specifier.startsWith(".") && !isBuiltin(specifier);
    return !allowed.some((place) => within(target, place) || (place === ANY_PACKAGE && isPackage));
  });
}

describe("Imports", () => {
  it.each(Object.keys(MAY_IMPORT))("Imports of %s point inwards", (place) => {
    const found = files(place.endsWith(".ts") ? place : `${place}/**/*.{ts,tsx}`)
      .map((file) => [file, strays(file, read(file))] as const)
      .filter(([, outside]) => outside.length > 0);
    expect(Object.fromEntries(found)).toEqual({});
  });

  it("The product imports nothing of lab, test or tools", () => {
    const SHIPS = files("{functions,shared,infra,cli,console}/**/*.{ts,tsx,mjs,cjs}");
    const proof = (file: string) =>
      specifiersOf(read(file))
        .map((specifier) => targetOf(file, specifier))
        .filter((target) => /^(lab|test|tools)\//.test(target));
    expect(SHIPS.length).toBeGreaterThan(1_000);
    expect(SHIPS.flatMap((file) => proof(file).map((target) => [file, target]))).toEqual([]);
  });

  it.each([
    ["shared/domain/x.ts", 'import { readFileSync } from "node:fs";', "node:fs"],
    ["shared/domain/x.ts", 'import type { A } from "../ports/a.ts";', "../ports/a.ts"],
    ["shared/usecases/x.ts", 'export * from "../aws/keys.ts";', "../aws/keys.ts"],
    ["infra/x.ts", 'const m = await import("../functions/api.ts");', "../functions/api.ts"],
    [
      "lab/sandbox/aws/eks/x.ts",
      'import { a } from "../../../../shared/domain/arn.ts";',
      "../../../../shared/domain/arn.ts",
    ],
    [
      "functions/x.ts",
      'import "../shared/policy-file/parse-access-policy.ts";',
      "../shared/policy-file/parse-access-policy.ts",
    ],
  ])("An import of %s that points outwards is found: %s", (file, text, stray) => {
    expect(strays(file, text)).toEqual([stray]);
  });
});

/** Files by their path, each with the files that it imports, types included. */
type Imports = ReadonlyMap<string, readonly string[]>;

/**
 * The files that are in a circle, or lead from one circle to another: the rest is taken off at both
 * ends.
 */
function circlesIn(imports: Imports): readonly string[] {
  let left = imports;
  for (;;) {
    const imported = new Set([...left.values()].flat());
    const next = new Map(
      [...left]
        .filter(([file, targets]) => imported.has(file) && targets.length > 0)
        .map(([file, targets]) => [file, targets.filter((target) => left.has(target))] as const),
    );
    const size = (of: Imports) => of.size + [...of.values()].flat().length;
    if (size(next) === size(left)) return [...left.keys()];
    left = next;
  }
}

const importsOf = (texts: ReadonlyMap<string, string>): Imports =>
  new Map(
    [...texts].map(([file, text]) => [
      file,
      specifiersOf(text)
        .map((specifier) => targetOf(file, specifier))
        .filter((target) => texts.has(target)),
    ]),
  );

describe("Import circles", () => {
  it("No import runs in a circle", () => {
    const code = files(`{${CODE.join(",")}}/**/*.{ts,tsx}`);
    const texts = new Map(code.map((file) => [file, read(file)]));
    expect(circlesIn(importsOf(texts))).toEqual([]);
  });

  it("A circle is found through types, re-exports and dynamic imports, and nothing beside it", () => {
    const planted = new Map([
      ["cli/a.ts", 'import type { B } from "./text/b.ts";'],
      ["cli/text/b.ts", 'export * from "../c.ts";'],
      ["cli/c.ts", 'const a = await import("./a.ts");'],
      ["cli/inner.ts", 'import path from "node:path";'],
      ["cli/outer.ts", 'import { a } from "./a.ts";\nimport { inner } from "./inner.ts";'],
    ]);
    expect(circlesIn(importsOf(planted))).toEqual(["cli/a.ts", "cli/text/b.ts", "cli/c.ts"]);
  });

  it("A file that imports itself is a circle", () => {
    const planted = new Map([["cli/a.ts", 'import { a } from "./a.ts";']]);
    expect(circlesIn(importsOf(planted))).toEqual(["cli/a.ts"]);
  });
});

describe("Files", () => {
  const source = files(`{${CODE.join(",")}}/**/*.{ts,tsx}`);

  it("Each file is named for one thing", () => {
    const VAGUE = /(^|\/)(index|utils?|helpers?|managers?|common|misc)(\.tsx?|\/)/;
    expect(source.length).toBeGreaterThan(100);
    expect(source.filter((file) => VAGUE.test(file))).toEqual([]);
  });

  it("Only shared/config.ts, of the functions' files, reads the environment", () => {
    const ENVIRONMENT = /\bprocess\s*\.\s*env\b|\bfrom\s*"(?:node:)?process"/;
    const readers = files("{functions,shared}/**/*.ts").filter((file) =>
      ENVIRONMENT.test(read(file)),
    );
    expect(readers).toEqual(["shared/config.ts"]);
  });
});

/** The most lines of a file, and of a test. biome.json holds the most lines of a function. */
const LONGEST_FILE = 250;
const LONGEST_TEST = 400;

const linesOf = (file: string) => read(file).trimEnd().split("\n").length;
const limitOf = (file: string) => (file.startsWith("test/") ? LONGEST_TEST : LONGEST_FILE);

describe("Lengths", () => {
  it("No file is longer than 250 lines, and no test longer than 400", () => {
    const long = files(`{${CODE.join(",")}}/**/*.{ts,tsx}`)
      .map((file) => [file, linesOf(file)] as const)
      .filter(([file, lines]) => lines > limitOf(file));
    expect(Object.fromEntries(long)).toEqual({});
  });
});

describe("Tests", () => {
  it("All tests run: no test is left out, and no test runs by itself", () => {
    const LEFT_OUT =
      /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|skipIf|runIf|fails)\b/;
    const found = files("test/**/*.ts").filter((file) => LEFT_OUT.test(read(file)));
    expect(found).toEqual([]);
  });
});

describe("package.json", () => {
  const manifest = JSON.parse(read("package.json")) as {
    readonly scripts: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const code = files(`{${CODE.join(",")}}/**/*.{ts,tsx,cjs,mjs}`)
    .filter((file) => file !== "test/tidy.test.ts")
    .concat(files("*.config.ts"));
  const imported = new Set(
    code.flatMap((file) => specifiersOf(read(file))).map((name) => packageOf(name)),
  );
  /** The texts that start things by path: no import shows those. */
  const paths = [...Object.values(manifest.scripts), ...code.map(read), read("tools/node24")].join(
    "\n",
  );

  it.each([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.devDependencies),
    ...Object.keys(manifest.optionalDependencies),
  ])("The package %s is listed because something imports or runs it", (name) => {
    const typed = name.replace(/^@types\//, "");
    const used =
      imported.has(name) ||
      (typed !== name && (typed === "node" || imported.has(typed))) ||
      paths.includes(`node_modules/${name}/`) ||
      paths.includes(`"${name}/`) ||
      paths.includes(`.resolve("${name}"`) ||
      // The launcher looks for the machine's own.
      (name.startsWith("node-linux-") && paths.includes("node_modules/node-linux-*/"));
    expect(used).toBe(true);
  });

  it("The sandbox lists each package that it imports, in the version that the rest has", () => {
    const { devDependencies: listed } = JSON.parse(read("lab/sandbox/package.json")) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const texts = files("lab/sandbox/**/*.{ts,mjs}").map(read);
    const names = texts
      .flatMap(specifiersOf)
      .filter((name) => !/^[./]/.test(name) && !isBuiltin(name))
      .map(packageOf);
    const started = Object.keys(listed).filter((name) =>
      texts.some((text) => text.includes(`.resolve("${name}`)),
    );
    expect([...new Set([...names, ...started])].sort()).toEqual(Object.keys(listed).sort());
    const others = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(listed))
      expect(others[name] ?? version, name).toBe(version);
  });

  it("package.json pins every version, so that nothing changes by itself", () => {
    const versions = [
      manifest.dependencies,
      manifest.devDependencies,
      manifest.optionalDependencies,
    ];
    for (const version of versions.flatMap((each) => Object.values(each)))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-alpha\.\d+)?$/);
  });

  it("The lockfile names no registry, since not everyone can reach the same", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved":\s*"https?:/);
  });
});

/** `@aws-sdk/client-eks/x` is of `@aws-sdk/client-eks`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
