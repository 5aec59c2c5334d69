/** Every text for people says what happened, what was not done, and what to do next. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../shared/http/contract/problems.ts";
import { SURFACES } from "../tools/message-surfaces.ts";
import { allMessages, lacksOf, type Message, messagesIn, sources } from "../tools/message-texts.ts";

const ALL = allMessages();
const message = (text: string, kind: Message["kind"] = "refusal"): Message => ({
  surface: "a test",
  kind,
  where: "here",
  text,
});

describe("Every message", () => {
  it.each(ALL.map((each) => [each.where, each] as const))(
    "A message has its three parts, or is inside one that does: %s",
    (_where, each) => {
      expect({ text: each.text, lacks: lacksOf(each) }).toEqual({ text: each.text, lacks: [] });
    },
  );

  it("Every kind of part is carried by a refusal", () => {
    for (const { kind, carriedBy } of SURFACES.filter((surface) => surface.kind === "part")) {
      const carriers = ALL.filter(
        ({ where, kind: each }) => each === "refusal" && where.startsWith(`${carriedBy}:`),
      );
      expect({ kind, carriedBy, found: carriers.length > 0 }).toMatchObject({ found: true });
    }
  });

  it("The text of every error is found, except the text of a judgement", () => {
    const unread = sources().flatMap(({ file, text }) => {
      const thrown = text.match(/new BrokerError\(/g)?.length ?? 0;
      const read = messagesIn({ file, text }).filter(({ surface }) => /^Problem /.test(surface));
      return thrown === read.length ? [] : [`${file}: ${thrown - read.length}`];
    });
    expect(unread).toEqual([
      "shared/usecases/requests/close-review.ts: 1",
      "shared/usecases/requests/create-request.ts: 1",
      "shared/usecases/requests/decide-request.ts: 1",
      "shared/usecases/requests/escalate-request.ts: 2",
      "shared/usecases/requests/extend-grant.ts: 1",
    ]);
  });

  it("Every text of a detail is on a known surface", () => {
    const files = SURFACES.flatMap((surface) => surface.files);
    const unknown = sources()
      .filter(({ file }) => !files.includes(file))
      .filter(({ text }) => /\bdetail(?::| =)\s*(?:\w+ \?\? )?["`]/.test(text));
    expect(unknown.map(({ file }) => file)).toEqual([]);
    for (const file of files)
      expect(ALL.filter(({ where }) => where.startsWith(`${file}:`)).length).toBeGreaterThan(0);
  });

  it("Every problem has a section in docs/problems.md that says what was not done", () => {
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

describe("The rule for messages", () => {
  it.each([
    ["You may not.", ["what was not done", "what to do next"]],
    ["You may not. Nothing was changed.", ["what to do next"]],
    ["You may not; ask someone else.", ["what was not done"]],
    ["Nothing was changed; ask someone else.", ["what happened"]],
    ["You may not. Nothing was changed; ask someone else.", []],
    [["$", "{why} Nothing was changed; ask again."].join(""), []],
  ])("The rule finds in %j that this is missing: %j", (text, lacks) => {
    expect(lacksOf(message(text))).toEqual(lacks);
  });

  it("A part must be a sentence", () => {
    expect(lacksOf(message("Say why.", "part"))).toEqual([]);
    expect(lacksOf(message("no", "part"))).toEqual(["a sentence's end"]);
  });

  it("Errors are read from sources, without comments and defects", () => {
    const file = "shared/domain/policy/eligibility.ts";
    const text = 'throw new BrokerError("forbidden", "No.");\nthrow new Error("This is a bug.");';
    expect(messagesIn({ file, text })).toMatchObject([
      { kind: "refusal", text: "No.", where: `${file}:1` },
    ]);
  });
});
