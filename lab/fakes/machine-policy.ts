import type { AccessPolicy, MachineTerms, Person } from "../../shared/domain/policy/policy.ts";
import { ACCOUNT } from "./builders.ts";
import { policyWithGlass } from "./glass-policy.ts";

/** The role of the machine `deploy-bot`: its identity and its principal. */
export const BOT = `arn:aws:iam::${ACCOUNT}:role/pipelines/deploy-bot`;

/** Every group of the policy of tests: no file may have a machine in those that decide. */
const EVERY_GROUP = ["payments", "payments-leads", "sre", "platform"];

const person = (role: string, groups: readonly string[]): Person => ({
  email: "team@example.com",
  groups,
  identities: { iam: [role], slack: [] },
  principals: [role],
});

interface MachineOptions {
  readonly machine?: Partial<MachineTerms>;
  readonly groups?: readonly string[];
  readonly policy?: AccessPolicy;
}

/**
 * The policy of tests with the machine deploy-bot in all of its groups, and the person twin, who differs
 * from it in nothing but that. Olga and otto, who is in payments-leads too, own the machine.
 */
export function policyWithMachine({
  machine = {},
  groups = EVERY_GROUP,
  policy = policyWithGlass(),
}: MachineOptions = {}): AccessPolicy {
  const terms = { owners: ["bot-owners"], ownersApprove: false, ...machine };
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
  return {
    ...policy,
    delegations: { longestSeconds: 864_000 },
    people: {
      ...policy.people,
      "deploy-bot": { ...person(BOT, groups), machine: terms },
      twin: person(role("twin"), groups),
      olga: person(role("olga"), ["bot-owners"]),
      otto: person(role("otto"), ["bot-owners", "payments-leads"]),
    },
  };
}
