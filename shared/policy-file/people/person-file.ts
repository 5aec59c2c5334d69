/** The structure of a person of `access.yaml`. */
import * as z from "zod/mini";
import { MEDIA } from "../../domain/policy/policy.ts";
import {
  Email,
  IamIdentity,
  Name,
  PersonName,
  PrincipalArn,
  SlackIdentity,
  some,
} from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";
import { OUTSIDE_NOTES, OutsideFile } from "../schedules-file.ts";
import { Literal } from "./identity-file.ts";
import { MACHINE_KEYS, MACHINE_NOTES } from "./machine-file.ts";

const ARN = "arn:aws:iam::111122223333:role/people/alice";

const USER_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";

export const PEOPLE_NOTES = {
  people: {
    description:
      "The people, by name. A name appears in requests, in the record and in CloudTrail.",
    examples: [{ alice: { email: "alice@example.com", identities: { iam: [ARN] } } }],
  },
  "people.include": {
    description:
      "A file beside this one with more people, under the keys version and people. Nobody is in both files, and it includes no other.",
    default: null,
    examples: ["people.yaml"],
  },
  ...MACHINE_NOTES,
  "people.*.email": { description: "An e-mail address.", examples: ["alice@example.com"] },
  "people.*.groups": {
    description: "Groups of this file. Rules, approvals and roles name them.",
    default: [],
    examples: [["payments"]],
  },
  "people.*.identities": {
    description: "Who someone is. An identity belongs to one person only.",
    examples: [{ iam: [ARN], slack: ["T0001/U0001"] }],
  },
  "people.*.identities.iam": {
    description:
      "IAM roles or users that only this person uses, or one person's Identity Center session, as its whole session ARN.",
    default: [],
    examples: [[ARN]],
  },
  "people.*.identities.slack": {
    description: "Slack users, as team/user.",
    default: [],
    examples: [["T0001/U0001"]],
  },
  "people.*.identities.identityCenter": {
    description: "The person's user in Identity Center.",
    default: null,
    examples: [{ userId: USER_ID, userName: "alice@example.com" }],
  },
  "people.*.identities.identityCenter.userId": {
    description: "The user's id, which stays when the user is renamed.",
    default: null,
    examples: [USER_ID],
  },
  "people.*.identities.identityCenter.userName": {
    description:
      "The user's name, in the case that Identity Center shows. It is compared where there is no id, or where identity.identityCenter.pin says so.",
    default: null,
    examples: ["alice@example.com"],
  },
  "people.*.identities.saml": {
    description: "The person's subject (NameID) at the provider of identity.saml.",
    default: null,
    examples: ["alice@example.com"],
  },
  "people.*.identities.oidc": {
    description: "The person's subject (sub) at the provider of identity.oidc.",
    default: null,
    examples: ["00u1a2b3c4"],
  },
  "people.*.identities.sourceIdentity": {
    description: "The source identity of the person's sessions of identity.sourceIdentity.roles.",
    default: null,
    examples: ["alice"],
  },
  "people.*.principal": {
    description:
      "personal: Timelatch makes a role for this person alone, in each account where a rule lends them something, and lends to it.",
    default: "personal, for whoever has no key principals and an identity that can be pinned",
    examples: ["personal"],
  },
  "people.*.principals": {
    description:
      "IAM roles of yours that may be lent access for this person. An empty list is for somebody who is never lent any.",
    default: [],
    examples: [[ARN]],
  },
  "people.*.notify": {
    description:
      "The media of this person's messages. Alarms and break-glass use all that they have.",
    default: "Slack for whoever has a user there, and otherwise e-mail",
    examples: [["slack", "email"]],
  },
  ...OUTSIDE_NOTES,
  "people.*.formerly": {
    description:
      "The name that the person had when their personal role was made. They keep the role.",
    default: null,
    examples: ["alice-smith"],
  },
  roles: {
    description: "The groups with a role in the broker.",
    default: {},
    examples: [{ admins: ["platform"] }],
  },
  "roles.admins": {
    description: "Groups whose members may see every request and revoke every grant.",
    default: [],
    examples: [["platform"]],
  },
  "roles.auditors": {
    description: "Groups whose members may read everything and acknowledge findings.",
    default: [],
    examples: [["audit"]],
  },
} as const satisfies KeyNotes;

const key = keyWith(PEOPLE_NOTES);

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
  ...MACHINE_KEYS,
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
  notify: key("people.*.notify", z.exactOptional(some(z.enum(MEDIA)))),
  outside: key("people.*.outside", z.exactOptional(OutsideFile)),
  formerly: key("people.*.formerly", z.exactOptional(PersonName)),
});
