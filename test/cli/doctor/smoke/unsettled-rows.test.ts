/** Each guarantee that AWS does not document is settled by the smoke test, or a page says why it is not. */
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

const UNDOCUMENTED = rowsOf(read("assumptions")).filter(([, mark = ""]) => mark.includes("**U**"));
const [, settled = "", unsettled = ""] = read("first-deployment").split(/^## /m);

/** The beginnings of rows that no scratch resource settles, and the row of docs/first-deployment.md, or why none is needed. */
const NOT_BY_COMMAND: Readonly<
  Record<string, { readonly row: string } | { readonly why: string }>
> = {
  "Whether `dynamodb:LeadingKeys`": { why: "the statements hold with either answer" },
  "Account access manager's `sts:SetContext`": { row: "Account access manager sets a context" },
  "Two functions of one release": { why: "only a change of a government's clocks shows it" },
  "EventBridge makes a rule for a bus": { row: "EventBridge makes the rule that forwards" },
  "CloudFormation makes a resource by the calls": { row: "CloudFormation deploys under" },
  "A name that CloudFormation makes up": { row: "CloudFormation deploys under" },
  "A stack set names its stacks": { why: "only a stack set of the organisation shows it" },
  "GetTemplate of a stack whose update": { why: "only an update that fails shows it" },
};

it("Each undocumented guarantee names the part that settles it, or is among those that none can", () => {
  const names = PARTS.map(({ name }) => name);
  const open = UNDOCUMENTED.filter(([, , , , shows = ""]) => {
    const [, part] = /`timelatch doctor --smoke`, part `([a-z-]+)`/.exec(shows) ?? [];
    return part === undefined || !names.includes(part);
  }).map(([guarantee = ""]) => guarantee);
  const known = Object.keys(NOT_BY_COMMAND);
  expect(open.filter((one) => !known.some((start) => one.startsWith(start)))).toEqual([]);
  // None stands there that a part settles meanwhile.
  expect(known.filter((start) => !open.some((one) => one.startsWith(start)))).toEqual([]);
});

it("Each of those that none can settle has a row of the page, or a reason", () => {
  const rows = rowsOf(unsettled).map(([fact = ""]) => fact);
  for (const one of Object.values(NOT_BY_COMMAND))
    if ("row" in one)
      expect(
        rows.some((fact) => fact.startsWith(one.row)),
        one.row,
      ).toBe(true);
});

it("The page's rows are the command's facts, and no other", () => {
  const rows = rowsOf(settled).map(([fact = ""]) => fact);
  expect(rows.filter((fact) => !["fact", "---"].includes(fact)).sort()).toEqual(
    Object.values(FACTS).toSorted(),
  );
});
