/** What the keys of `people` and `roles` do: see `key-notes.ts`. */
const ARN = "arn:aws:iam::111122223333:role/people/alice";

export const PEOPLE_NOTES = {
  people: {
    description:
      "The people, by name. A name appears in requests, in the record and in CloudTrail.",
    examples: [{ alice: { email: "alice@example.com", identities: { iam: [ARN] } } }],
  },
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
  "people.*.principals": {
    description: "IAM roles that may be lent access for this person.",
    default: [],
    examples: [[ARN]],
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
} as const;
