import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { checkAccessFile } from "../../../../shared/policy-tools/check-file.ts";

const SAMPLE = readFileSync("access.yaml", "utf8").replace(/^ {4}extend: .*\n/m, "");
const NAME = "payments-edit";

/** The sample whose first rule, of at most 4h and usually 1h, has this line. */
const withLine = (line: string) => {
  const text = SAMPLE.replace(`  - name: ${NAME}\n`, `  - name: ${NAME}\n    ${line}\n`);
  if (text === SAMPLE) throw new Error(`The sample has no rule ${NAME}.`);
  return text;
};

const findingsIn = (text: string) =>
  checkAccessFile(text).filter(({ path }) => path.includes("extend"));

/** The check's findings about it, as `code path`, with its line. */
const found = (line: string) => {
  const text = withLine(line);
  return findingsIn(text).map(
    ({ line: at, code, path }) => `${text.split("\n")[at - 1]?.trim()} | ${code} ${path}`,
  );
};
const compiled = (line: string) =>
  parseAccessPolicy(withLine(line)).rules.find(({ name }) => name === NAME)?.extend;

describe("The extensions of a rule in access.yaml", () => {
  it("A rule without the key lets nobody extend a grant", () => {
    expect(compiled("# nothing")).toBeUndefined();
  });

  it("A grant is extended once and with the same approval, unless the rule says otherwise", () => {
    expect(compiled("extend: { total: 8h }")).toEqual({
      times: 1,
      totalSeconds: 28_800,
      approval: "same",
    });
    expect(compiled("extend: { times: 10, total: 1d, approval: none }")).toEqual({
      times: 10,
      totalSeconds: 86_400,
      approval: "none",
    });
  });

  it.each([
    ["{ times: 0, total: 8h }", ".times"],
    ["{ times: 11, total: 8h }", ".times"],
    ["{ times: 1.5, total: 8h }", ".times"],
    ["{ total: 0h }", ".total"],
    ["{ total: 1h }", ".total"],
    ["{ total: 8h, approval: some }", ".approval"],
    ["{ total: 8h, until: 9h }", ".until"],
  ])("Extensions that make no sense are a fault on their line: %s", (extend, key) => {
    const line = `extend: ${extend}`;
    expect(found(line)).toEqual([`${line} | invalid-file rules.0.extend${key}`]);
  });

  it("A total that one grant can use up is a warning", () => {
    const line = "extend: { total: 4h }";
    expect(found(line)).toEqual([`${line} | extension-leaves-none rules.0.extend.total`]);
    expect(findingsIn(withLine(line)).map(({ detail }) => detail)).toEqual([
      `${NAME} lends for up to 4h at once, and for 4h in all. So nobody can extend a grant that takes all of its time. Lengthen extend.total, or shorten duration.max.`,
    ]);
  });

  it.each(["extend: { total: 241m }", "extend: { times: 10, total: 8h, approval: same }"])(
    "A total that leaves time is sound: %s",
    (line) => {
      expect(found(line)).toEqual([]);
    },
  );
});
