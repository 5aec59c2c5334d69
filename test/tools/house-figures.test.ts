import { expect, it } from "vitest";
import { houseFigures } from "../../tools/house-figures.ts";

/** A module of `lines` lines: one function, and the imports of these files. */
const file = (lines: number, ...imports: readonly string[]): string =>
  [
    ...imports.map((name) => `import { f as ${name.replace(/\W/g, "")} } from "${name}";`),
    "export function f() {",
    ...Array.from({ length: lines - imports.length - 2 }, () => "  g();"),
    "}",
    "",
  ].join("\n");

const TEXTS = new Map([
  ["shared/domain/small.ts", file(30)],
  ["shared/domain/long.ts", file(40)],
  ["shared/domain/popular.ts", file(10)],
  ["shared/domain/user.ts", file(60, "./small.ts", "./long.ts", "./popular.ts")],
  ["shared/other-user.ts", file(50, "./domain/popular.ts")],
  ["test/shared/small.test.ts", file(20, "../../shared/domain/small.ts", "./sample.ts")],
  ["test/shared/sample.ts", file(15)],
]);
const figures = houseFigures(TEXTS);
const crumbs = figures.flatMap((folder) => folder.crumbs.map((crumb) => Object.values(crumb)));

it("Lengths of files and functions are told apart, folder by folder", () => {
  expect(figures.map(({ folder, files }) => [folder, files])).toEqual([
    ["shared", { count: 1, median: 50, p90: 50 }],
    ["shared/domain", { count: 4, median: 30, p90: 60 }],
    ["test/shared", { count: 2, median: 15, p90: 20 }],
  ]);
  expect(figures[1]?.functions).toEqual({ count: 4, median: 30, p90: 57 });
});

it("Methods count as functions, and arrow functions only with a body in braces", () => {
  const text = "class A {\n  b() {\n    return 1;\n  }\n}\nconst c = () =>\n  1;\n";
  const [{ functions } = {}] = houseFigures(new Map([["cli/a.ts", text]]));
  expect(functions).toEqual({ count: 1, median: 3, p90: 3 });
});

it("A file below 40 lines with one importer is listed, whatever tests import of it", () => {
  expect(crumbs).toEqual([
    ["shared/domain/small.ts", 30, "shared/domain/user.ts"],
    ["test/shared/sample.ts", 15, "test/shared/small.test.ts"],
  ]);
});
