/** The whole policy, as those who answer for it read it. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { PolicySchema } from "../../../../shared/http/contract/access-schema.ts";
import { policyAnswer } from "../../../../shared/http/server/policy-answer.ts";
import { readPolicy } from "../../../../shared/usecases/access/read-policy.ts";

const broker = memoryBroker();
const { policy, settings } = broker.front;

describe("Reading the whole policy", () => {
  it("An admin or auditor reads it", () => {
    expect(readPolicy(broker.front, broker.actor("carol"))).toBe(policy);
  });

  it.each(["alice", "bob"])("Nobody else reads it, and is told whom to ask: %s", (name) => {
    expect(() => readPolicy(broker.front, broker.actor(name))).toThrow(
      "Only auditors and admins may read the whole policy. Nothing was read; ask one of them, or read what applies to you.",
    );
  });

  it("Its answer has every rule with who may ask, and each group with its members, and fits its schema", () => {
    const answer = policyAnswer(policy, settings, T0);
    expect(PolicySchema.parse(answer)).toEqual(answer);
    expect(answer.rules.map(({ rule }) => rule)).toEqual(policy.rules.map(({ name }) => name));
    expect(answer.rules.map(({ who }) => who.groups)).toEqual(
      policy.rules.map(({ who }) => who.groups),
    );
    const members = answer.groups.flatMap(({ people, machines }) => [...people, ...machines]);
    expect(new Set(members)).toEqual(
      new Set(
        Object.entries(policy.people).flatMap(([name, { groups }]) =>
          groups.length > 0 ? [name] : [],
        ),
      ),
    );
  });
});
