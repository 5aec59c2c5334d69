/** The structure of a person of `access.yaml`. */
import * as z from "zod/mini";
import {
  Email,
  IamIdentity,
  Name,
  PersonName,
  PrincipalArn,
  SlackIdentity,
} from "../file-values.ts";
import { key } from "../key-notes.ts";
import { Literal } from "./identity-file.ts";

/** https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html */
export const UserId = z
  .string()
  .check(
    z.regex(
      /^(?:[0-9a-f]{10}-)?[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/,
      "Write the id that Identity Center shows for the user, such as 906701d9d2-0a1b2c3d-1111-2222-3333-444455556666.",
    ),
  );

const IdentityCenterUser = z
  .strictObject({
    userId: key("people.*.identities.identityCenter.userId", z.exactOptional(UserId)),
    userName: key("people.*.identities.identityCenter.userName", z.exactOptional(Literal)),
  })
  .check(
    z.refine(
      ({ userId, userName }) => userId !== undefined || userName !== undefined,
      "Write userId, or userName where you do not know the id.",
    ),
  );

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SourceIdentity = z
  .string()
  .check(z.regex(/^(?!aws:)[\w+=,.@-]{2,64}$/, "Write a source identity of 2 to 64 characters."));

export const PersonFile = z.strictObject({
  email: key("people.*.email", Email),
  groups: key("people.*.groups", z.optional(z.array(Name))),
  identities: key(
    "people.*.identities",
    z.strictObject({
      iam: key("people.*.identities.iam", z.optional(z.array(IamIdentity))),
      slack: key("people.*.identities.slack", z.optional(z.array(SlackIdentity))),
      identityCenter: key(
        "people.*.identities.identityCenter",
        z.exactOptional(IdentityCenterUser),
      ),
      saml: key("people.*.identities.saml", z.exactOptional(Literal)),
      oidc: key("people.*.identities.oidc", z.exactOptional(Literal)),
      sourceIdentity: key("people.*.identities.sourceIdentity", z.exactOptional(SourceIdentity)),
    }),
  ),
  principal: key(
    "people.*.principal",
    z.exactOptional(z.literal("personal", "Write personal, or name roles in principals.")),
  ),
  principals: key("people.*.principals", z.optional(z.array(PrincipalArn))),
  formerly: key("people.*.formerly", z.exactOptional(PersonName)),
});
