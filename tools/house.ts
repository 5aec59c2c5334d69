/** `npm run house`: measures files and functions, folder by folder. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { runScript } from "../lab/command-line.ts";
import { type FolderFigures, houseFigures } from "./house-figures.ts";

const HELP = `npm run house -- [--json]

Measures the TypeScript files of each folder in lines: the median and the ninetieth percentile of
files and of functions. Lists files below 40 lines that exactly one other file imports: each may
belong into the file that it serves.

  --json   prints one line of JSON
  --help   print this
`;

const ROOT = path.resolve(import.meta.dirname, "..");
const PATTERN = "{functions,shared,infra,cli,console,lab,tools,test}/**/*.{ts,tsx}";
const HEADINGS = ["files", "median", "p90", "functions", "median", "p90", "small"];

const textsOf = (): ReadonlyMap<string, string> =>
  new Map(
    globSync(PATTERN, { cwd: ROOT, exclude: ["**/node_modules"] })
      .map((file) => file.split(path.sep).join("/"))
      .sort()
      .map((file) => [file, readFileSync(path.join(ROOT, file), "utf8")] as const),
  );

const row = (first: string, cells: readonly (number | string)[]): string =>
  [first.padEnd(20), ...cells.map((cell) => String(cell).padStart(9))].join(" ");

const rowOf = ({ folder, files, functions, crumbs }: FolderFigures): string =>
  row(folder, [
    ...[files.count, files.median, files.p90],
    ...[functions.count, functions.median, functions.p90, crumbs.length],
  ]);

function houseText(folders: readonly FolderFigures[]): string {
  const crumbs = folders.flatMap((folder) => folder.crumbs);
  return [
    row("folder", HEADINGS),
    ...folders.map(rowOf),
    "",
    `${crumbs.length} files below 40 lines have one importer:`,
    ...crumbs.map(({ file, lines, importer }) => `  ${lines} ${file} for ${importer}`),
    "",
  ].join("\n");
}

const OPTIONS = { json: { type: "boolean", default: false } } as const;

await runScript({ script: "house", help: HELP, options: OPTIONS }, ({ values: { json } }) => {
  const folders = houseFigures(textsOf());
  process.stdout.write(json ? `${JSON.stringify(folders)}\n` : houseText(folders));
  return 0;
});
