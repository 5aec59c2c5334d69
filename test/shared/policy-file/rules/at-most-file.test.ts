import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkAccessFile } from "../../../../shared/policy-tools/check-file.ts";

const SAMPLE = readFileSync("access.yaml", "utf8");
const LIMIT = "    atMost: { times: 20, per: 1d }\n";
const RULES = [...SAMPLE.matchAll(/^ {2}- name: (.*)$/gm)].map(([, name]) => name);

/** The check's findings about the limit of a rule, as `code path`, with its line. */
const found = (text: string) =>
  checkAccessFile(text)
    .filter(({ path }) => path.includes("atMost"))
    .map(({ line, code, path }) => `${text.split("\n")[line - 1]?.trim()} | ${code} ${path}`);

describe("The limit of automatic approvals in access.yaml", () => {
  it.each([
    ["{ times: 0, per: 1d }", "times"],
    ["{ times: 1001, per: 1d }", "times"],
    ["{ times: 1.5, per: 1d }", "times"],
    ["{ times: 5, per: 0d }", "per"],
    ["{ times: 5, per: 59s }", "per"],
    ["{ times: 5, per: 31d }", "per"],
    ["{ times: 5, for: 1d, per: 1d }", "for"],
  ])("A limit that makes no sense is a fault on its line: %s", (limit, key) => {
    const line = `atMost: ${limit}`;
    const text = SAMPLE.replace(LIMIT, `    ${line}\n`);
    expect(found(text)).toEqual([`${line} | invalid-file rules.2.atMost.${key}`]);
  });

  it.each(["payments-edit", "break-glass"])(
    "A limit of %s, which approves nothing that it could limit, is a warning",
    (name) => {
      const text = SAMPLE.replace(`  - name: ${name}\n`, `  - name: ${name}\n${LIMIT}`);
      expect(found(text)).toEqual([
        `${LIMIT.trim()} | limit-without-effect rules.${RULES.indexOf(name)}.atMost`,
      ]);
    },
  );
});
