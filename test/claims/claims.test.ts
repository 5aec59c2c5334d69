/** Nothing on which somebody may rest is said without the world in which it would be false. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CLAIM_WORDS, type Claim, NOT_DONE, type TestOf, type Worlds } from "./claim.ts";
import { END_CLAIMS } from "./end-claims.ts";
import { EVIDENCE_CLAIMS } from "./evidence-claims.ts";
import { NO_CLAIMS } from "./no-claims.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLAIMS: readonly Claim[] = [...END_CLAIMS, ...EVIDENCE_CLAIMS];
const LITERAL = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** A file without its comments. */
const sourceOf = (file: string): string =>
  readFileSync(path.join(ROOT, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");

interface Said {
  readonly file: string;
  readonly text: string;
}

const SAID: readonly Said[] = globSync("{shared,cli,functions,infra}/**/*.ts", { cwd: ROOT })
  .map((file) => file.split(path.sep).join("/"))
  .flatMap((file) =>
    [...sourceOf(file).matchAll(LITERAL)].map(([literal]) => ({
      file,
      text: literal.slice(1, -1),
    })),
  )
  .filter(({ text }) => / /.test(text) && CLAIM_WORDS.test(text.replaceAll(NOT_DONE, "")));

const isIn = (said: Said, { file, text }: { readonly file: string; readonly text?: string }) =>
  said.file.startsWith(file) && (text === undefined || said.text.includes(text));

describe("Claims", () => {
  it("Every sentence with a word of a claim is in the table, or has a reason why it claims nothing", () => {
    const unknown = SAID.filter(
      (said) => ![...CLAIMS, ...NO_CLAIMS].some((each) => isIn(said, each)),
    );
    expect(unknown).toEqual([]);
  });

  it("Every row and every reason is about a sentence that is still said", () => {
    const gone = CLAIMS.filter(({ file, text }) => !sourceOf(file).includes(text));
    const idle = NO_CLAIMS.filter((each) => !SAID.some((said) => isIn(said, each)));
    expect({ gone, idle }).toEqual({ gone: [], idle: [] });
  });

  it.each(CLAIMS.flatMap((claim) => (typeof claim.seen === "function" ? [] : [claim])))(
    "The test that sees $text false exists",
    ({ seen }) => {
      const { test, title } = seen as TestOf;
      expect(readFileSync(path.join(ROOT, test), "utf8")).toContain(title);
    },
  );

  it.each(CLAIMS.filter(({ seen }) => typeof seen === "function"))(
    "$text is said where it holds, and not where $falseWhere",
    async ({ text, instead, seen }) => {
      const { holds, fails } = await (seen as Worlds)();
      const oneLine = (said: string) => said.replace(/\s+/g, " ");
      expect(oneLine(holds)).toContain(text);
      expect(oneLine(fails)).not.toContain(text);
      expect(oneLine(fails)).toContain(instead);
    },
  );
});
