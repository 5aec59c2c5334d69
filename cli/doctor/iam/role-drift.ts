/**
 * The differences of a role from what the stack has, in sentences without their full stop. Pure.
 */
import { asAnswered } from "../../deployment/answered-template.ts";
import type { RoleRights, StackRole } from "./expected-roles.ts";
import { policyDifference } from "./policy-difference.ts";

export function roleDrift(expected: StackRole, found: RoleRights): readonly string[] {
  return [
    ...differs("its trust policy", expected.trust, found.trust),
    ...policies("policy", expected.inline, found.inline),
    ...policies("attached policy", expected.attached, found.attached),
  ];
}

function policies(
  kind: string,
  expected: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
): readonly string[] {
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const added = [...found.keys()].filter((name) => !expected.has(name));
  return [
    ...missing.map((name) => `it lacks the ${kind} ${name}`),
    ...added.map((name) => `it has the ${kind} ${name}, which is not the stack's`),
    ...[...expected].flatMap(([name, document]) =>
      document === undefined || !found.has(name)
        ? []
        : differs(`its ${kind} ${name}`, document, found.get(name)),
    ),
  ];
}

/** The expected document comes from CloudFormation, which answers no character beyond ASCII. */
function differs(what: string, expected: unknown, found: unknown): readonly string[] {
  const answered = found === undefined ? found : JSON.parse(asAnswered(JSON.stringify(found)));
  const { lacks, has } = policyDifference(expected, answered);
  if (lacks.length === 0 && has.length === 0) return [];
  return [
    `${what} is not the stack's: ${[
      ...(lacks.length === 0 ? [] : [`it lacks ${list(lacks)}`]),
      ...(has.length === 0 ? [] : [`it has ${list(has)}`]),
    ].join(", and ")}`,
  ];
}

const MOST = 3;

const list = (statements: readonly string[]): string => {
  const more = statements.length - MOST;
  return `${statements.slice(0, MOST).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
};
