/** Comments say the thing first, in words that a colleague would say aloud. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { KEPT, NOT_YET, PATTERNS } from "./comment-patterns.ts";
import { commentsOf } from "./comments-of.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const MOST_KEPT = 60;

const files = globSync(
  "{functions,shared,infra,cli,console,lab,tools,test}/**/*.{ts,tsx,mjs,cjs}",
  {
    cwd: ROOT,
  },
)
  .map((file) => file.split(path.sep).join("/"))
  .sort();

/** The sentences of a comment. A blank line, an item of a list and a tag end one too. */
const sentencesOf = (comment: string): readonly string[] =>
  comment
    .split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d\.|@\w+) )/)
    .map((part) => part.replace(/\s+/g, " ").replace(/^ ?(?:[-*|]|\d\.|@\w+) /, ""))
    .flatMap((part) => part.split(/(?<=[.!?][)"'`]?) (?=[(`"']?[A-Z])/))
    .filter((sentence) => sentence !== "");

interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly pattern: string;
}

const foundIn = (file: string, source: string): readonly Found[] =>
  commentsOf(source).flatMap(({ line, text }) =>
    sentencesOf(text).flatMap((sentence) => {
      const pattern = PATTERNS.find(({ found }) => found.test(sentence));
      return pattern === undefined ? [] : [{ file, line, text: sentence, pattern: pattern.name }];
    }),
  );

/** The scanner of TypeScript does not read JSX, so those files are left with the lines of their comments. */
function readable(file: string): string {
  const source = readFileSync(path.join(ROOT, file), "utf8");
  if (!file.endsWith(".tsx")) return source;
  const isComment = (line: string) => /^\s*(?:\/\*\*|\*|\/\/)/.test(line);
  return source.replace(/^.*$/gm, (line) => (isComment(line) ? line : ""));
}

const all = files.flatMap((file) => foundIn(file, readable(file)));
const isNotYet = (file: string) => NOT_YET.some((place) => file.startsWith(place));
const isKept = ({ file, text }: Found) =>
  KEPT.some((row) => row.file === file && row.text === text);

describe("The language of comments", () => {
  it("No comment has a pattern that readers stumble over", () => {
    expect(files.length).toBeGreaterThan(2_000);
    const left = all.filter((each) => !isNotYet(each.file) && !isKept(each));
    expect(left.map((each) => `${each.file}:${each.line} ${each.pattern}: ${each.text}`)).toEqual(
      [],
    );
  });

  it("Each kept sentence still stands in its file, and says why it stays", () => {
    const gone = KEPT.filter(
      ({ file, text }) => !all.some((each) => each.file === file && each.text === text),
    );
    expect(gone).toEqual([]);
    expect(KEPT.filter(({ why }) => why === "")).toEqual([]);
    expect(KEPT.length).toBeLessThan(MOST_KEPT);
  });

  it("Each folder that waits for its rewrite still has something to rewrite", () => {
    const done = NOT_YET.filter((place) => !all.some(({ file }) => file.startsWith(place)));
    expect(done).toEqual([]);
  });

  it.each([
    ["/** What is so. */", "What is so."],
    ["// Sent once. Of the file so far.", "Of the file so far."],
    ["const a = 1; // Whose entry it is.", "Whose entry it is."],
    [
      "/**\n * The keys.\n * Who was asked has\n * one message.\n */",
      "Who was asked has one message.",
    ],
    ["/** Where the table is. */", "Where the table is."],
    ["/** Which of them is due. */", "Which of them is due."],
    ["/** A sentence that says why it is none. */", "A sentence that says why it is none."],
    ["/** The file; empty where there is none. */", "The file; empty where there is none."],
    ["/** It waits so long at least. */", "It waits so long at least."],
    ["/** Read by converge alone. */", "Read by converge alone."],
    ["/** For its length. */", "For its length."],
    ["/** Empty. Only where there are any. */", "Only where there are any."],
  ])("A planted pattern is found: %s", (source, sentence) => {
    expect(foundIn("x.ts", source).map(({ text }) => text)).toEqual([sentence]);
  });

  it.each([
    "/** The keys of the ledger table. */",
    "/** Where AWS is stricter, the sandbox is too. */",
    "/** It waits so long that a fuse acts first. */",
    "/** A module that stands alone. No such module is here. */",
    "/** For each grant, the calls that may still land. */",
    'const text = "/* What is so. */ // Of these";',
    ["const text = `$", "{a} // What is so. $", "{b}`;"].join(""),
    "const slashes = /[/*] What [*/]/;",
  ])("A plain comment, or none, is not found: %s", (source) => {
    expect(foundIn("x.ts", source)).toEqual([]);
  });
});
