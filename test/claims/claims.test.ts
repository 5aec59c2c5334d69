/** Nothing on which somebody may rest is said without the world in which it would be false. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { allMessages } from "../../tools/message-texts.ts";
import { CLAIM_WORDS, type Claim, NOT_DONE } from "./claim.ts";
import { CONSOLE_CLAIMS } from "./console-claims.ts";
import { END_CLAIMS } from "./end-claims.ts";
import { EVIDENCE_CLAIMS } from "./evidence-claims.ts";
import { NO_CLAIMS } from "./no-claims.ts";
import { PLACE_CLAIMS } from "./place-claims.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLAIMS: readonly Claim[] = [
  ...CONSOLE_CLAIMS,
  ...END_CLAIMS,
  ...EVIDENCE_CLAIMS,
  ...PLACE_CLAIMS,
];
const LITERAL = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
/** Text between two tags. */
const MARKUP = />([^<>{}=]+)</g;

/** A file without its comments. */
const sourceOf = (file: string): string =>
  readFileSync(path.join(ROOT, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");

interface Said {
  readonly file: string;
  readonly text: string;
}

const spaced = (text: string) => text.replace(/\s+/g, " ").trim();

/** The sentences of a file: its literals, and in a view the text between tags. */
const textsOf = (file: string): readonly string[] => {
  const source = sourceOf(file);
  const literals = [...source.matchAll(LITERAL)].map(([literal]) => literal.slice(1, -1));
  const markup = file.endsWith(".tsx") ? [...source.matchAll(MARKUP)] : [];
  return [...literals, ...markup.map(([, text = ""]) => spaced(text))];
};

const SAID: readonly Said[] = globSync("{shared,cli,functions,infra,console}/**/*.{ts,tsx}", {
  cwd: ROOT,
})
  .map((file) => file.split(path.sep).join("/"))
  .flatMap((file) => textsOf(file).map((text) => ({ file, text })))
  .filter(({ text }) => / /.test(text) && CLAIM_WORDS.test(text.replaceAll(NOT_DONE, "")));

const isIn = (said: Said, { file, text }: { readonly file: string; readonly text?: string }) =>
  said.file.startsWith(file) && (text === undefined || said.text.includes(text));

/** Surfaces with outcomes. A reason there is for one sentence, so that a new one needs its own. */
const OUTCOMES = [
  ...["cli/text/", "cli/ends/", "cli/changes/", "cli/kubernetes/", "cli/commands/", "cli/wait.ts"],
  ...["cli/audit/bundle-page.ts", "cli/audit/report-page.ts", "cli/doctor/smoke/smoke-"],
  ...[
    "cli/prompts/",
    "console/",
    "shared/slack/texts/",
    "shared/notices/",
    "shared/email/",
    "shared/domain/requests/end-text.ts",
  ],
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
    const gone = CLAIMS.filter(({ file, text }) => !spaced(sourceOf(file)).includes(text));
    const idle = NO_CLAIMS.filter((each) => !SAID.some((said) => isIn(said, each)));
    expect({ gone, idle }).toEqual({ gone: [], idle: [] });
  });

  it.each(CLAIMS)(
    "$text is said where it holds, and not where $falseWhere",
    async ({ text, printed = text, instead, seen }) => {
      const { holds, fails } = await seen();
      expect(spaced(holds)).toContain(printed);
      expect(spaced(fails)).not.toContain(printed);
      expect(spaced(fails)).toContain(instead);
    },
  );
});
