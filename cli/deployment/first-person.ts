/** The first person of a deployment, in `people.yaml`. */
import type { FilePerson } from "../../shared/policy-file/people/compile-people.ts";
import { UserId } from "../../shared/policy-file/people/person-file.ts";
import { peopleText } from "../../shared/policy-tools/people-sync/people-text.ts";
import type { Answers } from "./questions.ts";

/** Their group, whose members are admins. */
export const FIRST_GROUP = "platform";

/** Whether it is the id that Identity Center gives a user, and not their name. */
export const isUserId = (subject: string): boolean => UserId.safeParse(subject).success;

export function firstPersonText(answers: Answers): string {
  const value = (flag: string) => answers[flag]?.[0] ?? "";
  const identities = IDENTITIES[value("sign-in")]?.(value("subject"), value("principal")) ?? {};
  const person = { email: value("email"), groups: [FIRST_GROUP], identities };
  return peopleText({ [value("person")]: person });
}

const IDENTITIES: Readonly<
  Record<string, (subject: string, principal: string) => FilePerson["identities"]>
> = {
  "identity-center": (subject) => ({
    identityCenter: isUserId(subject) ? { userId: subject } : { userName: subject },
  }),
  saml: (saml) => ({ saml }),
  oidc: (oidc) => ({ oidc }),
  iam: (_subject, principal) => ({ iam: [principal] }),
};
