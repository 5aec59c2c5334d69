/** The modules that the command loads before it knows which command it is. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const STATIC = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s*)?"([^"\n]+)";/gm;

/** Every module that a file needs before it runs: types and `await import` are not among them. */
function loadedBy(file: string, read: (file: string) => string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    if (!name.endsWith(".ts")) return;
    for (const [, specifier = ""] of read(name).matchAll(STATIC))
      load(
        specifier.startsWith(".")
          ? path.posix.join(path.posix.dirname(name), specifier)
          : specifier,
      );
  };
  load(file);
  return loaded;
}

const isOfPolicies = (name: string) => name === "yaml" || name.startsWith("shared/policy-");

describe("The start of timelatch", () => {
  it("A command that reads no policy does not load the reader of policies", () => {
    const loaded = loadedBy("cli/main.ts", (file) => readFileSync(path.join(ROOT, file), "utf8"));
    expect(loaded.has("cli/program/policy.ts")).toBe(true);
    expect([...loaded].filter(isOfPolicies)).toEqual([]);
  });

  it("The check finds what is loaded through other files, and no types", () => {
    const planted: Readonly<Record<string, string>> = {
      "cli/main.ts": 'import type { A } from "./a.ts";\nimport {\n  b,\n} from "./b.ts";',
      "cli/a.ts": 'import "./never.ts";',
      "cli/b.ts": 'export * from "yaml";\nconst c = await import("./c.ts");',
    };
    const loaded = loadedBy("cli/main.ts", (file) => planted[file] ?? "");
    expect([...loaded]).toEqual(["cli/main.ts", "cli/b.ts", "yaml"]);
  });
});
