/** A list at a terminal, by the keys that somebody presses. */
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { chooseOne } from "../../../cli/prompts/choose.ts";
import { rowsFoundBy } from "../../../cli/prompts/pick.ts";
import { fakeTerminal, type Typist, typist } from "../fake-terminal.ts";

interface Rule {
  readonly name: string;
  readonly lends: string;
}

const RULES: readonly Rule[] = [
  { name: "payments-edit", lends: "edit in payments-*" },
  { name: "platform-admin", lends: "cluster-admin" },
  { name: "payments-view", lends: "view in payments-*" },
  { name: "break-glass", lends: "cluster-admin" },
];
const DOWN = "\u001b[B";
const UP = "\u001b[A";
const ENTER = "\r";
const BACKSPACE = "\u007f";

describe("a list to choose from", () => {
  let person: Typist;
  afterEach(() => person.prompt.close());

  /** The list on a terminal of some rows, and the choice once it is made. */
  function chosen(options = RULES, { rows = 24, columns = 80 } = {}) {
    person = typist();
    const { context } = fakeTerminal({ rows, columns });
    const rule = chooseOne(person.prompt, context.screen.err, {
      what: "Rule",
      options,
      nameOf: ({ name }) => name,
      columns: [
        { title: "RULE", text: ({ name }) => name },
        { title: "LENDS", text: ({ lends }) => lends, least: 10, folds: 1 },
      ],
    });
    // A refusal is looked at later.
    rule.catch(() => undefined);
    return rule;
  }
  const shown = () => stripVTControlCharacters(person.shown());

  it.each([
    ["Enter chooses the first row", "", "payments-edit"],
    ["An arrow down chooses the next row", DOWN, "platform-admin"],
    ["Arrows stop at the last row", DOWN.repeat(9), "break-glass"],
    ["Arrows stop at the first row", `${DOWN}${UP}${UP}`, "payments-edit"],
    ["A number chooses its row", "3", "payments-view"],
    ["The beginning of a name finds it", "plat", "platform-admin"],
    ["A part of a name finds it, whatever its case", "GLASS", "break-glass"],
    ["Text of another column finds a row", "view in", "payments-view"],
    ["Arrows move among what was found", `payments${DOWN}`, "payments-view"],
    ["Text after an arrow goes on behind what was typed", `pay${DOWN}ments-e`, "payments-edit"],
    ["A tab completes the name of the row", "plat\t", "platform-admin"],
    ["Text that finds nothing can be corrected", `plax${ENTER}${BACKSPACE}t`, "platform-admin"],
  ])("%s", async (_title, keys, name) => {
    const rule = chosen();
    await person.press("Rule:", `${keys}${ENTER}`);
    expect((await rule).name).toBe(name);
    expect(shown()).toContain(`Rule: ${name}`);
  });

  it.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("%s stops it, and the terminal is given back", async (_name, key) => {
    const rule = chosen();
    await person.press("Rule:", key);
    await expect(rule).rejects.toMatchObject({ exit: "interrupted", code: "interrupted" });
    expect(person.raw()).toBe(false);
  });

  it("Keys and what does not match are said, and a question after it reads lines again", async () => {
    const rule = chosen();
    await person.press("Rule:", "nope");
    await person.press('No match for "nope".', `${BACKSPACE.repeat(4)}${ENTER}`);
    await rule;
    expect(shown()).toContain("↑↓ move, text or a number searches, Enter chooses");
    const why = person.prompt.ask("Why? ", (line) => ({ value: line }));
    await person.answer("Why? ", "a stuck rollout");
    expect(await why).toBe("a stuck rollout");
  });

  it("A long list shows as many rows as fit, and moves with the arrows", async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ name: `rule-${at}`, lends: "view" }));
    const rule = chosen(many, { rows: 12 });
    await person.press("Rule:", "");
    expect(shown()).toContain("rule-5");
    expect(shown()).not.toContain("rule-6");
    await person.press("", `${DOWN.repeat(30)}${ENTER}`);
    expect((await rule).name).toBe("rule-30");
  });

  it("Columns that do not fit fold below their row, and are searched all the same", async () => {
    const rule = chosen(RULES, { columns: 24 });
    await person.press("Rule:", `cluster-admin${ENTER}`);
    expect((await rule).name).toBe("platform-admin");
    expect(shown()).toMatch(/> 1 {2}payments-edit\n {4}edit in payments-\*\n/);
  });

  it("A whole name comes before a number, and a number before names that hold it", () => {
    const rows = ["a-2", "b", "2", "c"].map((name) => ({ value: name, name, lines: [name] }));
    const found = (typed: string) => rowsFoundBy(rows, typed).map(({ name }) => name);
    expect(found("2")).toEqual(["2", "b", "a-2"]);
    expect(found(" ")).toEqual(["a-2", "b", "2", "c"]);
    expect(found("d")).toEqual([]);
  });
});
