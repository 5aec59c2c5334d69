/**
 * Attacks on the record by each role, as IAM lets it, and what finds them. `-u` writes the tables of the threat model.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { byAttack, byRole, playedAttacks, shownOutside } from "./attack-table.ts";
import { archivedIn, compared, exportHeld, reported, verified } from "./finders.ts";
import { AS_IT_WAS } from "./found-by.ts";
import { ACCESS_LOG, FUNCTIONS, may } from "./rights.ts";

const PAGE = path.resolve(import.meta.dirname, "../../docs/threat-model.md");
const PLAYED = await playedAttacks();

const placed = (page: string, name: string, table: string): string =>
  page.replace(
    new RegExp(`(<!-- attacks ${name} -->\\n)[\\s\\S]*?(<!-- end of attacks ${name} -->)`),
    (_, before: string, after: string) => `${before}${table}\n${after}`,
  );

describe("Attacks on the record", () => {
  it("Nothing is found on days that nobody forges", async () => {
    expect(AS_IT_WAS).toMatchObject({ alarmedAfter: undefined, witnessed: undefined });
    expect(await verified(AS_IT_WAS)).toEqual([]);
    expect(await exportHeld(AS_IT_WAS)).toEqual([]);
    expect(reported(AS_IT_WAS)).toEqual([]);
    expect(compared(archivedIn(AS_IT_WAS), AS_IT_WAS.day)).toEqual([]);
  });

  it("No function of the broker, and no auditor, does anything to the record that nothing finds", () => {
    const rows = byRole(PLAYED)
      .split("\n")
      .filter((row) => !row.includes("administrator"));
    expect(rows.filter((row) => row.includes("not found"))).toEqual([]);
  });

  it.each(FUNCTIONS)("%s can neither write nor delete the API's access log", async (role) => {
    for (const right of [
      "write the access log",
      "delete the access log",
      "delete a part of the access log",
    ] as const)
      expect(await may(role, right)).toBe(false);
    expect(ACCESS_LOG).toContain("/aws/vendedlogs/");
  });

  it("The tables of docs/threat-model.md have what the attacks of each role came to", async () => {
    const page = readFileSync(PAGE, "utf8");
    const tables = [
      ["by role", byRole(PLAYED)],
      ["from outside", shownOutside(PLAYED)],
    ] as const;
    for (const [name] of tables) expect(page).toContain(`<!-- attacks ${name} -->`);
    const made = tables.reduce((text, [name, table]) => placed(text, name, table), page);
    await expect(made).toMatchFileSnapshot(PAGE);
  });

  it("attacks.md has each attack, with everything that finds it", async () => {
    await expect(`${byAttack(PLAYED)}\n`).toMatchFileSnapshot("attacks.md");
  });
});
