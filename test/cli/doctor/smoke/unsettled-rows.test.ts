/** Each guarantee that AWS does not document is settled by the smoke test. A page says what else it cannot settle, and why. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PARTS } from "../../../../cli/doctor/smoke/part-list.ts";
import { FACTS } from "../../../../cli/doctor/smoke/settled-facts.ts";
import { inRepository } from "../../../../infra/synth/repository.ts";

const read = (page: string) => readFileSync(inRepository(`docs/${page}.md`), "utf8");
const rowsOf = (text: string) =>
  text.split("\n").flatMap((line) => {
    const cells = line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, ""));
    return line.startsWith("| ") && cells.length > 2 ? [cells] : [];
  });

/** Without the rows on other services: the smoke test has no schedule there to look at. */
const [ofAws = ""] = read("assumptions").split("## What other services are relied on for");
const UNDOCUMENTED = rowsOf(ofAws).filter(([, mark = ""]) => mark.includes("**U**"));
const [, settled = "", unsettled = ""] = read("first-deployment").split(/^## /m);

it("Each undocumented guarantee names a part that settles it", () => {
  const names = PARTS.map(({ name }) => name);
  expect(UNDOCUMENTED.length).toBeGreaterThan(15);
  const open = UNDOCUMENTED.filter(([, , , , shows = ""]) => {
    const [, part] = /`timelatch doctor --smoke`, part `([a-z-]+)`/.exec(shows) ?? [];
    return part === undefined || !names.includes(part);
  });
  expect(open.map(([guarantee]) => guarantee)).toEqual([]);
});

it("Each row that no command settles says why, and how to see it", () => {
  const [heads = [], , ...rows] = rowsOf(unsettled);
  expect(heads).toEqual(["fact", "why no command does", "how to see it", "if not"]);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.filter((cell) => cell.trim() !== "")).toHaveLength(4);
});

it("The page's rows are the command's facts, and no other", () => {
  const rows = rowsOf(settled).map(([fact = ""]) => fact);
  expect(rows.filter((fact) => !["fact", "---"].includes(fact)).sort()).toEqual(
    Object.values(FACTS).toSorted(),
  );
});
