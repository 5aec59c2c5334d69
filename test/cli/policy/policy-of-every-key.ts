export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

const role = (name: string, account = "111122223333") => `arn:aws:iam::${account}:role/${name}`;
const cluster = (name: string) => ({ arn: `arn:aws:eks:us-west-2:111122223333:cluster/${name}` });
const person = (name: string, group: string, ...more: readonly string[]) => ({
  email: `${name}@example.com`,
  groups: [group],
  identities: { iam: [role(name)], slack: [`T0001/U${name.toUpperCase()}`] },
  principals: [role(name), ...more],
});
/** A machine without what makes it one. */
export const machine = (name: string) => ({
  email: "team@example.com",
  groups: ["bots"],
  identities: { iam: [role(name)] },
  principals: [role(name)],
});
/** A policy that writes every key. */
export const EVERY_KEY: Json = {
  version: 1,
  clusters: {
    prod: { ...cluster("prod"), retired: false, activity: { maxScanGb: 1 } },
    staging: cluster("staging"),
  },
  people: {
    ann: person("ann", "dev", role("team"), role("ann", "444455556666")),
    ben: person("ben", "leads", role("team")),
    cat: person("cat", "ops"),
    rob: {
      ...machine("rob"),
      kind: "machine",
      owners: ["leads"],
      ownersApprove: false,
    },
  },
  roles: { admins: ["ops"], auditors: ["leads"] },
  slack: { teams: ["T0001"], app: "A0001", channel: "C0001", alarms: "C0002" },
  notices: { email: { from: "access@example.com", configurationSet: "timelatch" } },
  delegations: { allowed: true, longest: "21d", to: { groups: ["ops"] } },
  archive: { mode: "GOVERNANCE", days: 30, witnesses: [role("witness", "444455556666")] },
  expected: [{ principal: role("terraform"), reason: "Terraform makes entries for nodes." }],
  rules: [
    {
      name: "edit",
      who: { groups: ["dev"], people: ["cat"] },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["team-*"], wildcards: false },
      duration: { max: "4h", default: "1h" },
      when: { days: ["mon", "tue"], from: "08:00", to: "18:00", timezone: "Europe/Berlin" },
      start: { latest: "7d" },
      lapse: "2h",
      approval: [{ groups: ["leads"], count: 1, escalate: { after: "15m", groups: ["ops"] } }],
      reason: { minLength: 10, ticket: "^INC-[0-9]+$" },
      extend: { times: 2, total: "8h", approval: "same" },
      newerPolicies: false,
      sharedPrincipals: false,
      foreignPrincipals: false,
      approverMayHoldPrincipal: false,
      delegable: true,
      decideIn: ["api", "slack"],
      notify: { channel: "C0003", direct: false },
      remind: { after: "10m", times: 3 },
    },
    {
      name: "groups",
      who: { groups: ["dev"] },
      clusters: ["staging"],
      access: { groups: ["admins"] },
      duration: { max: "4h" },
      approval: "none",
      agents: {
        approve: [{ groups: ["leads"], count: 1, escalate: { after: "15m", groups: ["ops"] } }],
      },
      atMost: { times: 5, per: "1d" },
    },
    {
      name: "glass",
      who: { groups: ["dev"] },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSClusterAdminPolicy"], scope: "cluster", exactly: false },
      duration: { max: "30m" },
      approval: "none",
      breakGlass: true,
      review: { by: ["leads"], within: "1d", block: false },
    },
  ],
};
