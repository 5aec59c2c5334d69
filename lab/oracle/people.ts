/** People of a policy as docs/policy.md counts them, and what each of them may do in a rule. */
import type { FileWords, PersonWords, RuleWords, Some } from "./file-words.ts";

/** Names with one e-mail address, identity or principal are one person. */
export function personsIn({ people }: FileWords): readonly (readonly string[])[] {
  let parts = Object.keys(people).map((name) => [name]);
  const marks = (names: readonly string[]) =>
    names.flatMap((name) => {
      const one = people[name] as PersonWords;
      const address = one.kind === "machine" ? [] : [one.email.toLowerCase()];
      const { iam = [], slack = [] } = one.identities;
      return [...address, ...iam, ...slack, ...one.principals];
    });
  for (;;) {
    const [one, other] =
      parts
        .flatMap((a, at) => parts.slice(at + 1).map((b) => [a, b] as const))
        .find(([a, b]) => marks(a).some((mark) => marks(b).includes(mark))) ?? [];
    if (!one || !other) return parts;
    parts = [...parts.filter((part) => part !== one && part !== other), [...one, ...other]];
  }
}

export const isAmong = ({ people }: FileWords, some: Some, name: string): boolean =>
  some.people?.includes(name) === true ||
  people[name]?.groups.some((group) => some.groups?.includes(group)) === true;

export const holds = ({ people }: FileWords, name: string, principal: string): boolean =>
  people[name]?.principals.includes(principal) === true;

/** A name that the file lacks. */
const NOBODY: PersonWords = { email: "", groups: [], identities: {}, principals: [] };

/** Known by a role, or in Slack. */
const isKnown = ({ identities }: PersonWords): boolean =>
  (identities.iam ?? []).length > 0 || (identities.slack ?? []).length > 0;

/** Whether somebody can call the API: nothing else takes delegations. */
export const canDelegate = ({ people }: FileWords, name: string): boolean =>
  (people[name]?.identities.iam ?? []).length > 0;

/** Whether somebody is known where the rule lets approvers decide. Without `slack` nobody decides there. */
export function decidesIn(
  file: FileWords,
  { decideIn = ["api", "slack"] }: RuleWords,
  name: string,
) {
  const { iam = [], slack = [] } = file.people[name]?.identities ?? {};
  return (
    (decideIn.includes("api") && iam.length > 0) ||
    (decideIn.includes("slack") && slack.length > 0 && file.slack !== undefined)
  );
}

/** The people who look after a machine. */
export const ownersOf = (file: FileWords, name: string): readonly string[] => {
  const { kind, owners = [] } = file.people[name] ?? NOBODY;
  if (kind !== "machine") return [];
  return Object.keys(file.people).filter(
    (one) => file.people[one]?.kind !== "machine" && isAmong(file, { groups: owners }, one),
  );
};

const accountOf = (arn: string) => arn.split(":")[4];

/** Whether a person may ask for a principal under a rule. */
export function mayAsk(
  file: FileWords,
  rule: RuleWords,
  cluster: string,
  name: string,
  principal: string,
): boolean {
  const one = file.people[name];
  const where = file.clusters[cluster];
  if (!one || !where || where.retired || !rule.clusters.includes(cluster)) return false;
  const isShared =
    Object.keys(file.people).filter((each) => holds(file, each, principal)).length > 1;
  return (
    isKnown(one) &&
    isAmong(file, rule.who, name) &&
    holds(file, name, principal) &&
    (!isShared || rule.sharedPrincipals === true) &&
    (accountOf(principal) === accountOf(where.arn) || rule.foreignPrincipals === true) &&
    !(rule.breakGlass && one.kind === "machine")
  );
}
