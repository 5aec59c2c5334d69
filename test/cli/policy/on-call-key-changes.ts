/** The words about a change of each key about who is on call. */
import type { KeyChange } from "./delegation-key-changes.ts";
import type { Json } from "./policy-of-every-key.ts";

const ULID = "01HZX3Q7K5M8N2P4R6S9T0V1W2";
const UUID = "11111111-2222-3333-4444-555555555555";
const OTHER = "99999999-2222-3333-4444-555555555555";
const NEW_ULID = "01HZX3Q7K5M8N2P4R6S9T0V1W9";

const person = (name: string, group: string): Record<string, Json> => ({
  email: `${name}@example.com`,
  groups: [group],
  identities: { iam: [`arn:aws:iam::111122223333:role/${name}`] },
  principals: [`arn:aws:iam::111122223333:role/${name}`],
});

/** A policy that writes every key about who is on call. */
export const EVERY_ON_CALL: Json = {
  version: 1,
  clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } },
  schedules: {
    primary: { pagerduty: { schedule: "PI7DH85", region: "us" } },
    platform: { incidentIo: { schedule: ULID } },
    night: { jiraOperations: { cloudId: UUID, schedule: UUID } },
  },
  people: {
    ann: {
      ...person("ann", "dev"),
      outside: { pagerduty: "PANN01", incidentIo: ULID, atlassian: "5b10a2844c20165700ede21g" },
    },
    ben: person("ben", "leads"),
  },
  rules: [
    {
      name: "edit",
      who: { groups: ["dev"], onCall: "primary" },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["team-*"] },
      duration: { max: "4h" },
      approval: [
        { groups: ["leads"], onCall: "night", escalate: { after: "15m", groups: ["leads"] } },
      ],
      endsWithShift: true,
    },
    {
      name: "groups",
      who: { groups: ["dev"] },
      clusters: ["prod"],
      access: { groups: ["admins"] },
      duration: { max: "4h" },
      approval: "none",
      agents: {
        approve: [
          { groups: ["leads"], onCall: "night", escalate: { after: "15m", groups: ["leads"] } },
        ],
      },
    },
  ],
};

export const ON_CALL_SAID: readonly KeyChange[] = [
  ["schedules", "schedules.spare", { pagerduty: { schedule: "PSPARE1" } }, "The schedule spare is"],
  [
    "schedules.*.pagerduty",
    "schedules.primary",
    { incidentIo: { schedule: NEW_ULID } },
    "The schedule primary is no longer pagerduty/us/PI7DH85.",
  ],
  [
    "schedules.*.pagerduty.schedule",
    "schedules.primary.pagerduty.schedule",
    "PI7DH86",
    "The schedule primary is pagerduty/us/PI7DH86.",
  ],
  [
    "schedules.*.pagerduty.region",
    "schedules.primary.pagerduty.region",
    "eu",
    "The schedule primary is pagerduty/eu/PI7DH85.",
  ],
  [
    "schedules.*.incidentIo",
    "schedules.platform",
    { pagerduty: { schedule: "PSPARE1" } },
    `The schedule platform is no longer incidentIo/${ULID}.`,
  ],
  [
    "schedules.*.incidentIo.schedule",
    "schedules.platform.incidentIo.schedule",
    NEW_ULID,
    `The schedule platform is incidentIo/${NEW_ULID}.`,
  ],
  [
    "schedules.*.jiraOperations",
    "schedules.night",
    { pagerduty: { schedule: "PSPARE1" } },
    `The schedule night is no longer jiraOperations/${UUID}/${UUID}.`,
  ],
  [
    "schedules.*.jiraOperations.cloudId",
    "schedules.night.jiraOperations.cloudId",
    OTHER,
    `The schedule night is jiraOperations/${OTHER}/${UUID}.`,
  ],
  [
    "schedules.*.jiraOperations.schedule",
    "schedules.night.jiraOperations.schedule",
    OTHER,
    `The schedule night is jiraOperations/${UUID}/${OTHER}.`,
  ],
  ["people.*.outside", "people.ann.outside", undefined, "ann is no longer known elsewhere as"],
  [
    "people.*.outside.pagerduty",
    "people.ann.outside.pagerduty",
    "PANN02",
    "ann is known elsewhere as pagerduty PANN02.",
  ],
  [
    "people.*.outside.incidentIo",
    "people.ann.outside.incidentIo",
    NEW_ULID,
    `ann is known elsewhere as incidentIo ${NEW_ULID}.`,
  ],
  [
    "people.*.outside.atlassian",
    "people.ann.outside.atlassian",
    "6b10a2844c20165700ede21g",
    "ann is known elsewhere as atlassian 6b10a2844c20165700ede21g.",
  ],
  [
    "rules.*.who.onCall",
    "rules.0.who.onCall",
    "platform",
    "while on call in platform (before: while on call in primary)",
  ],
  [
    "rules.*.endsWithShift",
    "rules.0.endsWithShift",
    false,
    "beyond the end of a shift (before: until the shift ends at the latest)",
  ],
  [
    "rules.*.approval.*.onCall",
    "rules.0.approval.0.onCall",
    undefined,
    "with the approval of 1 of leads, after 15m also of leads (before: with the approval of 1 of leads, first whoever is on call in night, after 15m also of leads)",
  ],
  [
    "rules.*.agents.approve.*.onCall",
    "rules.1.agents.approve.0.onCall",
    "primary",
    "Under groups, machines and agents need the approval of 1 of leads, first whoever is on call in primary, after 15m also of leads.",
  ],
];
