/** Finds names and subjects that no session could have, or that IAM does not take in a trust policy. */
import type * as z from "zod/mini";
import { foreignToIam } from "../../domain/values/iam-text.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { FilePerson } from "../people/compile-people.ts";
import type { Fault } from "../yaml/located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;

/** STS takes 2 to 64 of these in a session's name. */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/** Where it is compared, a user's name must be one that a session can have. */
export function sessionNames(
  name: string,
  { identities }: FilePerson,
  file: File,
): readonly Fault[] {
  const user = identities.identityCenter;
  if (!user) return [];
  const byName = file.identity?.identityCenter?.pin === "userName";
  if (user.userId !== undefined && !byName) return [];
  const path = ["identities", "identityCenter"];
  if (user.userName === undefined)
    return [
      { path, detail: `identity.identityCenter.pin compares names, and ${name} has no userName.` },
    ];
  return SESSION_NAME.test(user.userName)
    ? []
    : [
        {
          path: [...path, "userName"],
          detail:
            "No session has this name: 2 to 64 letters, digits and _+=,.@- are possible. Write userId.",
        },
      ];
}

/** Subjects stand in the trust policy as they are. */
export function foreignLetters(name: string, { identities }: FilePerson): readonly Fault[] {
  return (["saml", "oidc"] as const).flatMap((key) => {
    const letters = foreignToIam(identities[key] ?? "");
    return letters.length === 0
      ? []
      : [
          {
            path: ["identities", key],
            detail: `IAM takes no ${letters.join(", ")} in a trust policy, only letters as far as ÿ. Have the provider send ${name} another subject, such as a number, or name a role of theirs in principals.`,
          },
        ];
  });
}

/** The audience stands in the trust policy of everybody who signs in with OpenID Connect. */
export function foreignAudience({ identity }: File): readonly Fault[] {
  const letters = foreignToIam(identity?.oidc?.audience ?? "");
  return letters.length === 0
    ? []
    : [
        {
          path: ["identity", "oidc", "audience"],
          detail: `IAM takes no ${letters.join(", ")} in a trust policy, only letters as far as ÿ. Name another audience.`,
        },
      ];
}
