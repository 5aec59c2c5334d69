/** The files of the Terraform module, by HashiCorp's parser and the names that the provider has. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sha256Of } from "../../cli/deployment/terraform/policy-files.ts";
import { type Block, type ModuleSource, readModule, referencesOf } from "./hcl-module.ts";
import { parse } from "./hcl-parser.ts";
import provider from "./provider-names.json" with { type: "json" };
import { MODULE, SOURCE } from "./root-module.ts";

const FILES = globSync("**/*.{tf,tftest.hcl}", { cwd: MODULE }).toSorted();
const FOLDERS = [...new Set(FILES.filter((file) => file.endsWith(".tf")).map(path.dirname))];
const textOf = (file: string) => readFileSync(path.join(MODULE, file), "utf8");
const sources = new Map<string, ModuleSource>();
for (const folder of FOLDERS) sources.set(folder, await readModule(path.join(MODULE, folder)));
const sourceOf = (folder: string) => sources.get(folder) ?? expect.fail(`No ${folder}.`);
const ROOT = sourceOf(".");

/** Arguments of Terraform's own. */
const META = ["for_each", "lifecycle", "provider", "depends_on"];
const LIFECYCLE = ["prevent_destroy", "create_before_destroy", "precondition", "postcondition"];
const BLOCKS: Readonly<
  Record<string, { arguments: string[]; required: string[]; attributes: string[] }>
> = provider.blocks;

const blocksOf = ({ data, resources }: ModuleSource) => [
  ...Object.entries(data).map(([name, block]) => ({ name, kind: "data", block })),
  ...Object.entries(resources).map(([name, block]) => ({ name, kind: "resource", block })),
];

/** The type of a variable has names of its own. */
const withoutTypes = (source: ModuleSource) => ({
  ...source,
  terraform: [],
  variables: Object.values(source.variables).map(({ type: _type, ...rest }) => rest),
});

describe("The module's files", () => {
  it.each(FILES)("HashiCorp's parser reads %s", async (file) => {
    await expect(parse(file, textOf(file))).resolves.toBeDefined();
  });

  it("The parser refuses what is not whole, with the line", async () => {
    await expect(parse("a.tf", 'resource "a" "b" {\n')).rejects.toThrow(/a\.tf:/);
  });

  it.each(FOLDERS)("Every argument in %s is one that the provider takes", (folder) => {
    for (const { name, kind, block } of blocksOf(sourceOf(folder))) {
      const [type = ""] = name.split(".");
      const known = BLOCKS[`${kind}.${type}`] ?? expect.fail(`${kind}.${type} is not on the list.`);
      const given = Object.keys(block).filter((one) => !META.includes(one));
      expect({ name, unknown: given.filter((one) => !known.arguments.includes(one)) }).toEqual({
        name,
        unknown: [],
      });
      expect({ name, missing: known.required.filter((one) => !given.includes(one)) }).toEqual({
        name,
        missing: [],
      });
      const lifecycle = (block["lifecycle"] as Block[] | undefined)?.[0] ?? {};
      expect(Object.keys(lifecycle).filter((one) => !LIFECYCLE.includes(one))).toEqual([]);
    }
  });

  it.each(FOLDERS)("Every reference in %s leads to something that is declared", async (folder) => {
    const { variables, locals, data, resources, modules } = sourceOf(folder);
    const declared = async ([kind = "", name = "", third = "", attribute]: readonly string[]) => {
      if (["each", "self", "path", "aws"].includes(kind)) return true;
      if (kind === "var") return Object.hasOwn(variables, name);
      if (kind === "local") return Object.hasOwn(locals, name);
      if (kind === "data") return Object.hasOwn(data, `${name}.${third}`);
      if (kind === "module") {
        const { source } = modules[name] ?? {};
        const place = source === SOURCE ? "." : path.join(folder, String(source));
        return Object.hasOwn(sources.get(place)?.outputs ?? {}, third);
      }
      const known = BLOCKS[`resource.${kind}`]?.attributes ?? [];
      const isHere = Object.hasOwn(resources, `${kind}.${name}`);
      return isHere && (third === "" || attribute !== undefined || known.includes(third));
    };
    const all = await referencesOf(withoutTypes({ ...sourceOf(folder), folder: "" }));
    expect(all.length).toBeGreaterThanOrEqual(folder.endsWith("stacks") ? 10 : 0);
    for (const names of all)
      expect({ names, isDeclared: await declared(names) }).toEqual({ names, isDeclared: true });
  });

  it.each(FOLDERS)("Attributes of `self` in %s are the provider's", async (folder) => {
    for (const { name, kind, block } of blocksOf(sourceOf(folder)))
      for (const [first, attribute = ""] of await referencesOf(block["lifecycle"] ?? {}))
        if (first === "self")
          expect(BLOCKS[`${kind}.${name.split(".")[0]}`]?.attributes).toContain(attribute);
  });

  it.each(FOLDERS)("Every variable and output in %s says what it is", (folder) => {
    const { variables, outputs } = sourceOf(folder);
    for (const [name, block] of Object.entries({ ...variables, ...outputs }))
      expect([name, block["description"]]).toEqual([name, expect.stringMatching(/^\S.*\.$/)]);
    for (const [name, block] of Object.entries(variables))
      expect([name, block["type"]]).toEqual([name, expect.any(String)]);
  });
});

describe("The assembly of the module's own tests", () => {
  it("Has the files that it names, with their hashes", () => {
    const { policy, objects } = JSON.parse(textOf("tests/assembly/terraform.json"));
    for (const { file, sha256 } of [...policy, ...objects])
      expect([file, sha256Of(readFileSync(path.join(MODULE, "tests/assembly", file)))]).toEqual([
        ...[file, sha256],
      ]);
  });
});

describe("What the module promises", () => {
  it("No stack is destroyed as long as its block is there, and no argument of one replaces it", () => {
    const { resources } = sourceOf("modules/stacks");
    const stack = resources["aws_cloudformation_stack.this"] ?? {};
    expect((stack["lifecycle"] as Block[])[0]).toMatchObject({ prevent_destroy: true });
    for (const replacing of ["on_failure", "disable_rollback", "timeout_in_minutes"])
      expect(Object.keys(stack)).not.toContain(replacing);
  });

  it("Every condition that stops a plan says that nothing was changed, and what to do", () => {
    for (const { name, block } of [...sources.values()].flatMap(blocksOf)) {
      const [lifecycle = {}] = (block["lifecycle"] ?? []) as Block[];
      for (const { error_message: text } of (lifecycle["precondition"] ?? []) as Block[])
        expect([name, text]).toEqual([
          name,
          expect.stringMatching(/Nothing was changed\. (?:Make|Give|Add|Name|Hand) /),
        ]);
    }
  });

  it("No module has a provider of its own, and none waits for a whole module", () => {
    for (const folder of FOLDERS.filter((one) => !one.startsWith("examples"))) {
      expect(sourceOf(folder).providers).toEqual([]);
      expect(textOf(path.join(folder, "main.tf"))).not.toContain("depends_on");
    }
  });

  it("Each folder asks for the same versions", () => {
    const versions = FOLDERS.map((folder) => JSON.stringify(sourceOf(folder).terraform));
    expect(new Set(versions).size).toBe(1);
  });

  it("README has every input and output", () => {
    const readme = textOf("README.md");
    const rows = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const names = [...Object.keys(ROOT.variables), ...Object.keys(ROOT.outputs)];
    expect(rows.toSorted()).toEqual(names.toSorted());
  });
});

describe.each(FOLDERS.filter((one) => one.startsWith("examples")))("%s", (folder) => {
  const { modules } = sourceOf(folder);

  it("It calls the module as somebody elsewhere does, with every input that is needed", () => {
    for (const [name, block] of Object.entries(modules)) {
      const given = Object.keys(block).filter((one) => !["source", "providers"].includes(one));
      expect([name, block["source"]]).toEqual([name, SOURCE]);
      for (const one of given) expect(Object.keys(ROOT.variables)).toContain(one);
      for (const [variable, declared] of Object.entries(ROOT.variables))
        if (declared["default"] === undefined) expect(given).toContain(variable);
    }
  });

  it("Its assembly is where the command writes it", () => {
    for (const block of Object.values(modules))
      expect(block["assembly"]).toBe(`\${path.root}/cdk.out/terraform`);
  });
});
