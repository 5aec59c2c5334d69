/** Every text that somebody may be given says what happened, what was not done, what to do next. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../shared/http/contract/problems.ts";
import {
  allMessages,
  lacksOf,
  type Message,
  messagesIn,
  SURFACES,
  sources,
} from "../tools/message-texts.ts";

const ALL = allMessages();
const message = (text: string, kind: Message["kind"] = "refusal"): Message => ({
  surface: "a test",
  kind,
  where: "here",
  text,
});

describe("every message", () => {
  it.each(ALL.map((each) => [each.where, each] as const))(
    "says its three parts, or is within one that does: %s",
    (_where, each) => {
      expect({ text: each.text, lacks: lacksOf(each) }).toEqual({ text: each.text, lacks: [] });
    },
  );

  it("that is a part is told inside of a refusal", () => {
    for (const { kind, carriedBy } of SURFACES.filter((surface) => surface.kind === "part")) {
      const carriers = ALL.filter(
        ({ where, kind: each }) => each === "refusal" && where.startsWith(`${carriedBy}:`),
      );
      expect({ kind, carriedBy, found: carriers.length > 0 }).toMatchObject({ found: true });
    }
  });

  it("of an error is found: none is thrown with another's words but a judgement's", () => {
    const unread = sources().flatMap(({ file, text }) => {
      const thrown = text.match(/new BrokerError\(/g)?.length ?? 0;
      const read = messagesIn({ file, text }).filter(({ surface }) => /^Problem /.test(surface));
      return thrown === read.length ? [] : [`${file}: ${thrown - read.length}`];
    });
    expect(unread).toEqual(["shared/usecases/requests/create-request.ts: 1"]);
  });

  it("that is given as a detail is on a surface", () => {
    const files = SURFACES.flatMap((surface) => surface.files);
    const unknown = sources()
      .filter(({ file }) => !files.includes(file))
      .filter(({ text }) => /\bdetail(?::| =)\s*(?:\w+ \?\? )?["`]/.test(text));
    expect(unknown.map(({ file }) => file)).toEqual([]);
    for (const file of files)
      expect(ALL.filter(({ where }) => where.startsWith(`${file}:`)).length).toBeGreaterThan(0);
  });

  it("of the API has a section of the page on problems that says what was not done", () => {
    const page = readFileSync(path.resolve(import.meta.dirname, "../docs/problems.md"), "utf8");
    for (const code of Object.keys(PROBLEMS)) {
      const [, section = ""] = new RegExp(`^## ${code}\n([^#]+)`, "m").exec(page) ?? [];
      expect({
        code,
        said: /\bnothing was\b|\*\*not known\*\*/i.test(section),
      }).toEqual({
        code,
        said: true,
      });
    }
  });
});

describe("the rule", () => {
  it.each([
    ["You may not.", ["what was not done", "what to do next"]],
    ["You may not. Nothing was changed.", ["what to do next"]],
    ["You may not; ask someone else.", ["what was not done"]],
    ["Nothing was changed; ask someone else.", ["what happened"]],
    ["You may not. Nothing was changed; ask someone else.", []],
    [["$", "{why} Nothing was changed; ask again."].join(""), []],
  ])("on %j finds lacking: %j", (text, lacks) => {
    expect(lacksOf(message(text))).toEqual(lacks);
  });

  it("wants of a part that it is a sentence", () => {
    expect(lacksOf(message("Say why.", "part"))).toEqual([]);
    expect(lacksOf(message("no", "part"))).toEqual(["a sentence's end"]);
  });

  it("reads errors in sources, and leaves comments and defects alone", () => {
    const file = "shared/domain/policy/eligibility.ts";
    const text = 'throw new BrokerError("forbidden", "No.");\nthrow new Error("This is a bug.");';
    expect(messagesIn({ file, text })).toMatchObject([
      { kind: "refusal", text: "No.", where: `${file}:1` },
    ]);
  });
});
