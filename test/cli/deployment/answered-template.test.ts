/** Templates with letters beyond ASCII, as CloudFormation answers them and as they were synthesized. */
import { describe, expect, it } from "vitest";
import { asAnswered, withLostCharacters } from "../../../cli/deployment/answered-template.ts";
import type { AssemblyStack, Template } from "../../../cli/deployment/assembly.ts";
import { outcomeOf } from "../../../cli/deployment/stack-outcomes.ts";
import { roleDrift } from "../../../cli/doctor/iam/role-drift.ts";

const template = (subject: string, more: object = {}): Template => ({
  Resources: {
    Alice: { Type: "AWS::IAM::Role", Properties: { Trust: [subject, "plain?"], ...more } },
  },
});
const answered = (made: Template) => JSON.parse(asAnswered(JSON.stringify(made))) as Template;

describe("A template as CloudFormation answers it", () => {
  it("Each character beyond ASCII is one question mark", () => {
    expect(asAnswered("renée, ☺, 🤦: plain?")).toBe("ren?e, ?, ?: plain?");
  });

  it("The lost letters come back where the two could be the same, and nowhere else", () => {
    const made = template("renée");
    expect(withLostCharacters(answered(made), made)).toEqual(made);
    expect(withLostCharacters(answered(template("rené")), made)).toEqual(
      answered(template("rené")),
    );
    const longer = template("renée", { Name: "é" });
    expect(withLostCharacters(answered(made), longer)).toEqual(made);
    expect(withLostCharacters(undefined, made)).toBeUndefined();
  });

  it("A stack that was deployed counts as deployed, and one that was not reached as before", () => {
    const stack = { name: "TimelatchPeople-1", template: template("renée") } as AssemblyStack;
    const outcome = (of: Template) =>
      outcomeOf(stack, {
        status: "UPDATE_COMPLETE",
        isProtected: false,
        outputs: {},
        template: answered(of),
      }).outcome;
    expect(outcome(template("renée"))).toBe("deployed");
    expect(outcome(template("renata"))).toBe("older");
  });

  it("A role with such a letter in its trust policy is as its stack has it, and a changed one is not", () => {
    const trust = (subject: string) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: "111122223333" },
          Condition: { StringEquals: { "saml:sub": subject } },
        },
      ],
    });
    const rights = (subject: string) => ({
      trust: trust(subject),
      inline: new Map(),
      attached: new Map(),
    });
    const drift = (subject: string) =>
      roleDrift({ name: "r", ...rights(asAnswered("renée")) }, rights(subject));
    expect(drift("renée")).toEqual([]);
    expect(drift("renata")).toHaveLength(1);
  });
});
