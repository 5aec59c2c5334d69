/** Finds the persons behind the names in the file. */

import { keptByPolicy } from "../../domain/policy/kept.ts";
import type { AccessPolicy, Person } from "../../domain/policy/policy.ts";
import type { Surface } from "../../domain/requests/surface.ts";

/** The people behind the names of a file. */
export interface Persons {
  /** The first name of the same person. */
  readonly of: (name: string) => string;
  /** Whether the person has other names. */
  readonly hasSeveral: (name: string) => boolean;
}

/**
 * Names with one e-mail address, identity or principal count as one person. Where two people share a role on purpose,
 * that errs on the safe side: more claims fail.
 */
export const personsOf = keptByPolicy((policy: AccessPolicy): Persons => {
  const first = new Map<string, string>();
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    const above = parent.get(name);
    return above === undefined ? name : root(above);
  };
  for (const [name, person] of Object.entries(policy.people))
    for (const mark of marksOf(person)) {
      const other = first.get(mark);
      if (other === undefined) first.set(mark, name);
      else if (root(other) !== root(name)) parent.set(root(name), root(other));
    }
  const names = Map.groupBy(Object.keys(policy.people), root);
  return { of: root, hasSeveral: (name) => (names.get(root(name))?.length ?? 1) > 1 };
});

/** Texts of which two people with one in common are one person. */
const marksOf = ({ email, identities, principals, machine }: Person): readonly string[] => {
  const { iam, slack, identityCenter, saml, oidc, sourceIdentity } = identities;
  const named = (kind: string, value: string | undefined) =>
    value === undefined ? [] : [`${kind} ${value}`];
  return [
    // A machine has the address of those who look after it.
    ...(machine ? [] : [`email ${email.toLowerCase()}`]),
    ...[...iam, ...principals].map((arn) => `arn ${arn}`),
    ...slack.map((user) => `slack ${user}`),
    ...named("user", identityCenter?.userId),
    ...named("userName", identityCenter?.userName),
    ...named("saml", saml),
    ...named("oidc", oidc),
    ...named("source", sourceIdentity),
  ];
};

/** Where somebody can be known, and so ask, approve and delegate. */
export const surfacesOf = ({ identities, personalRole }: Person): readonly Surface[] => [
  ...(identities.iam.length > 0 || personalRole !== undefined ? (["api"] as const) : []),
  ...(identities.slack.length > 0 ? (["slack"] as const) : []),
];

/** Whether somebody can let others approve for them. Only the API takes that. */
export const canDelegate = (person: Person): boolean => surfacesOf(person).includes("api");

/** Whether somebody is known anywhere. An unknown person cannot ask. */
export const isKnown = (person: Person): boolean => surfacesOf(person).length > 0;
