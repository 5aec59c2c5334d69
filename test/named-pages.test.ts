/** Readers of a message have no checkout: it names pages by the command that shows them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sectionAt, tokensOf } from "../cli/docs/markdown.ts";
import { pageTexts } from "../cli/docs/page-texts.ts";
import { topicNamed, topicOfFile, wantedBy } from "../cli/docs/topics.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Comments are for readers of the sources, who have a checkout. */
const withoutComments = (text: string) =>
  text.replace(/^\s*\/\*[\s\S]*?\*\//gm, "").replace(/(?:^|\s)\/\/ .*$/gm, "");

/** Files that name pages to read or to copy them, not to a person. */
const BY_PATH = ["cli/docs/topics.ts", "infra/synth/function-bundles.ts"];

const texts = globSync("{cli,shared,functions,infra,console}/**/*.{ts,tsx}", { cwd: ROOT })
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => !BY_PATH.includes(file))
  .flatMap((file) =>
    withoutComments(readFileSync(path.join(ROOT, file), "utf8"))
      .split("\n")
      .map((text) => ({ file, text })),
  );

/** An import of the command's own folder is no page. */
const FILE = /(?<![.\w]\/)\bdocs\/[\w/-]+|\b[\w-]+\.md\b/;
const NAMED = /timelatch docs ([a-z][\w/-]*(?:#[\w-]+)?)/g;

const pages = new Map(Object.entries(pageTexts()).map(([file, text]) => [topicOfFile(file), text]));

/** Whether `timelatch docs` shows what is named. */
function isShown(named: string): boolean {
  const { topic, anchor } = wantedBy(named);
  const found = pages.get(topicNamed(topic, [...pages.keys()]) ?? "");
  if (found === undefined) return false;
  return anchor === undefined || sectionAt(tokensOf(found), anchor) !== undefined;
}

const namedIn = (text: string) => [...text.matchAll(NAMED)].map(([, named = ""]) => named);

describe("Pages that messages name", () => {
  it("No message names a page by its file", () => {
    expect(texts.filter(({ text }) => FILE.test(text))).toEqual([]);
  });

  it("Every page and section that a message names is one that timelatch docs shows", () => {
    const named = texts.flatMap(({ file, text }) => namedIn(text).map((page) => ({ file, page })));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(({ page }) => !isShown(page))).toEqual([]);
  });

  it("Every page and section that a document names so is one that timelatch docs shows", () => {
    const named = [...pages].flatMap(([topic, text]) =>
      namedIn(text).map((page) => ({ topic, page })),
    );
    expect(named.filter(({ page }) => !isShown(page))).toEqual([]);
  });

  it("The check finds a file, a page and a section that there are not", () => {
    expect(FILE.test('"see docs/runbook.md"')).toBe(true);
    expect(namedIn('"see timelatch docs runbook#drain."')).toEqual(["runbook#drain"]);
    expect([isShown("runbook"), isShown("runbok"), isShown("runbook#no-such")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
