/** Facts of a policy about how people sign in. */
import type { PersonIdentities } from "../../domain/people/sign-in.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";

/** A fact as `PolicyFact` has it. */
interface SignInFact {
  readonly kind: "identity" | "personal-role" | "shared-principal" | "sign-in";
  readonly of: string;
  readonly is: string;
}

/** Facts about who speaks for whom, and whose role is whose. */
export const identityFacts = ({ people }: AccessPolicy): readonly SignInFact[] =>
  Object.entries(people).flatMap(([is, { identities, personalRole }]) => [
    ...identityTexts(identities).map((of): SignInFact => ({ kind: "identity", of, is })),
    ...(personalRole === undefined
      ? []
      : [{ kind: "personal-role", of: personalRole, is } as const]),
  ]);

const identityTexts = (one: PersonIdentities): readonly string[] => [
  ...one.iam,
  ...one.slack,
  ...named("user id of Identity Center", one.identityCenter?.userId),
  ...named("user name of Identity Center", one.identityCenter?.userName),
  ...named("SAML subject", one.saml),
  ...named("OIDC subject", one.oidc),
  ...named("source identity", one.sourceIdentity),
];

const named = (kind: string, value: string | undefined) =>
  value === undefined ? [] : [`${kind} ${value}`];

/** Facts that every personal role's trust depends on. */
export function signInFacts({ identity }: AccessPolicy): readonly SignInFact[] {
  if (!identity) return [];
  const { account, signIn, identityCenter, saml, oidc, accountAccess, sourceIdentity } = identity;
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ["account", [account]],
    ["signIn", signIn],
    ["identityCenter.permissionSets", identityCenter?.permissionSets ?? []],
    ["identityCenter.pin", [identityCenter?.pin ?? "userId"]],
    ["saml.provider", saml ? [saml.provider] : []],
    ["saml.issuer", saml ? [saml.issuer] : []],
    ["saml.roles", saml?.roles ?? []],
    ["oidc.issuer", oidc ? [oidc.issuer] : []],
    ["oidc.audience", oidc ? [oidc.audience] : []],
    ["accountAccess.application", accountAccess ? [accountAccess.application] : []],
    ["sourceIdentity.roles", sourceIdentity?.roles ?? []],
  ];
  return facts.flatMap(([key, values]) =>
    values.map((is): SignInFact => ({ kind: "sign-in", of: `identity.${key}`, is })),
  );
}

/** Holders of principals that several people list: they end up with what others ask for, where a rule lends to those. */
export function sharedPrincipalFacts({ people, rules }: AccessPolicy): readonly SignInFact[] {
  if (!rules.some(({ sharedPrincipals }) => sharedPrincipals)) return [];
  const holders = new Map<string, string[]>();
  for (const [name, { principals }] of Object.entries(people))
    for (const arn of new Set(principals)) holders.set(arn, [...(holders.get(arn) ?? []), name]);
  return [...holders].flatMap(([is, names]) =>
    names.length > 1 ? names.map((of) => ({ kind: "shared-principal", of, is }) as const) : [],
  );
}
