/** Every sentence for people in Slack stands in shared/slack/texts, where it is read and compared. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "../../../shared/slack");

/** Sentences that nobody reads in Slack, by file. */
const ALLOWED: Readonly<Record<string, string>> = {
  "front/answer-call.ts":
    "the answer to a call that Slack did not sign, or to none of its payloads",
  "payloads.ts": "a payload that cannot be read, which becomes such an answer",
  "slack-errors.ts": "errors that the log and an undeliverable notice show",
  "slack-messenger.ts": "errors that the log and an undeliverable notice show",
  "slack-web-api.ts": "errors that the log and an undeliverable notice show",
  "verify-signature.ts": "a secret that is missing or has a wrong form, for the operator",
};

const COMMENTS = /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/ .*$/gm;
/** `npm run messages` lists these, and a test holds each to the rule of a refusal. */
const BROKER_ERRORS = /new BrokerError\(\s*"[a-z-]+",\s*(?:"[^"\n]*"|`[^`]*`)/g;
const LOG_LINES = /\blog\(\s*"[a-z]+",\s*"[^"\n]*"/g;
const LITERALS = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
/** A capital and a word behind it, or three words. */
const SENTENCE = /[A-Z][\w']*,? [\w'$]|[a-z]+ [a-z]+ [a-z]+/;

const sentencesOf = (code: string): readonly string[] =>
  [COMMENTS, BROKER_ERRORS, LOG_LINES]
    .reduce((rest, other) => rest.replace(other, ""), code)
    .match(LITERALS)
    ?.filter((text) => SENTENCE.test(text)) ?? [];

describe("The texts of Slack", () => {
  const files = globSync("**/*.ts", { cwd: FOLDER }).filter((file) => !file.startsWith("texts"));

  it("No sentence for people stands outside shared/slack/texts", () => {
    const found = files
      .filter((file) => !Object.hasOwn(ALLOWED, file))
      .flatMap((file) =>
        sentencesOf(readFileSync(path.join(FOLDER, file), "utf8")).map(
          (text) => `${file}: ${text}`,
        ),
      );
    expect(found).toEqual([]);
  });

  it("A sentence is found in code, and comments, errors, log lines and names are not", () => {
    const code = [
      '// It says "Do this now".',
      'say("Nothing was done.");',
      "say(`alice may not decide`);",
      'throw new BrokerError("forbidden", "You may not. Nothing was done.");',
      'log("warn", "nothing was done here", {});',
      'open("view_submission", "X-Slack-No-Retry");',
    ];
    expect(sentencesOf(code.join("\n"))).toEqual(['"Nothing was done."', "`alice may not decide`"]);
  });
});
