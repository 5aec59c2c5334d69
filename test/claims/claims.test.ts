/** Nothing on which somebody may rest is said without the world in which it would be false. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { allMessages } from "../../tools/message-texts.ts";
import { CLAIM_WORDS, type Claim, NOT_DONE } from "./claim.ts";
import { END_CLAIMS } from "./end-claims.ts";
import { EVIDENCE_CLAIMS } from "./evidence-claims.ts";
import { NO_CLAIMS } from "./no-claims.ts";
import { PLACE_CLAIMS } from "./place-claims.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLAIMS: readonly Claim[] = [...END_CLAIMS, ...EVIDENCE_CLAIMS, ...PLACE_CLAIMS];
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

/** Surfaces with outcomes. A reason there is for one sentence, so that a new one needs its own. */
const OUTCOMES = [
  ...["cli/text/", "cli/ends/", "cli/changes/", "cli/kubernetes/", "cli/commands/", "cli/wait.ts"],
  ...["cli/audit/bundle-page.ts", "cli/audit/report-page.ts", "cli/doctor/smoke/smoke-"],
  ...["cli/prompts/", "shared/slack/texts/", "shared/domain/requests/end-text.ts"],
];

describe("Claims", () => {
  it("Every sentence with a word of a claim is in the table, or has a reason why it claims nothing", () => {
    const unknown = SAID.filter(
      (said) => ![...CLAIMS, ...NO_CLAIMS].some((each) => isIn(said, each)),
    );
    expect(unknown).toEqual([]);
  });

  it("Where people read outcomes, each reason is about one sentence", () => {
    const wide = NO_CLAIMS.filter(
      ({ file, text }) => text === undefined && OUTCOMES.some((each) => file.startsWith(each)),
    );
    const over = NO_CLAIMS.filter(
      ({ file, text }) => text === undefined && OUTCOMES.some((each) => each.startsWith(file)),
    );
    expect({ wide, over }).toEqual({ wide: [], over: [] });
  });

  it("Nobody promises that access is gone by an instant: no API knows whether a fuse is armed", () => {
    const promised = SAID.filter(({ text }) => /(?<!\bto be )\b(?:gone|removed) by\b/i.test(text));
    const column = { file: "cli/text/grant-text.ts", text: "GONE BY" };
    expect(promised).toEqual([column]);
  });

  it("Every message of `npm run messages` with a word of a claim is among those sentences", () => {
    const files = new Set(SAID.map(({ file }) => file));
    const unread = allMessages().filter(
      ({ where, text }) =>
        !where.startsWith("test/") &&
        CLAIM_WORDS.test(text.replaceAll(NOT_DONE, "")) &&
        !files.has(where.slice(0, where.lastIndexOf(":"))),
    );
    expect(unread).toEqual([]);
  });

  it("Every row and every reason is about a sentence that is still said", () => {
    const gone = CLAIMS.filter(({ file, text }) => !sourceOf(file).includes(text));
    const idle = NO_CLAIMS.filter((each) => !SAID.some((said) => isIn(said, each)));
    expect({ gone, idle }).toEqual({ gone: [], idle: [] });
  });

  it.each(CLAIMS)(
    "$text is said where it holds, and not where $falseWhere",
    async ({ text, printed = text, instead, seen }) => {
      const { holds, fails } = await seen();
      const oneLine = (said: string) => said.replace(/\s+/g, " ");
      expect(oneLine(holds)).toContain(printed);
      expect(oneLine(fails)).not.toContain(printed);
      expect(oneLine(fails)).toContain(instead);
    },
  );
});
