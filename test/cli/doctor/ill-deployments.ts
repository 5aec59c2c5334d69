/** Deployments in each of which one thing is not well. */
import { type HealthyPatient, NOW } from "../../../lab/fakes/healthy-patient.ts";
import { ACCOUNT } from "../../infra/broker.ts";

export const SPOKE = "444455556666";
export const ALICE = "timelatch-person-alice";
const PROD = "arn:aws:eks:us-west-2:111122223333:cluster/prod";

export type IllDeployment = readonly [
  what: string,
  spoil: (world: HealthyPatient) => unknown,
  check: string,
  says: RegExp,
  next: RegExp,
];

const LOST_FUSES = {
  name: `TimelatchAccount-${SPOKE}-LostFusesAlarm0A1B2C3D-x`,
  state: "OK",
  actions: 1,
};
const gone = undefined;
const cluster =
  (changes: object) =>
  ({ broker: { clusters } }: HealthyPatient) =>
    clusters.set(PROD, { mode: "API", status: "ACTIVE", auditLog: true, ...changes });
const queue =
  (changes: object) =>
  ({ broker: { queues } }: HealthyPatient) =>
    queues.set("timelatch-converge.fifo", {
      visibilitySeconds: 48,
      hasDeadLetters: true,
      demandsTls: true,
      ...changes,
    });
/** The principals that the fuse role of the other account trusts. */
const fuseTrusts =
  (...principals: readonly object[]) =>
  ({ others }: HealthyPatient) =>
    others.get(SPOKE)?.roles.set("timelatch-fuse", {
      arn: "",
      trust: { Statement: principals.map((Principal) => ({ Principal })) },
    });
const SCHEDULER = "scheduler.amazonaws.com";

/** One thing each that is not well, and what the doctor says of it. */
export const ILL_DEPLOYMENTS: readonly IllDeployment[] = [
  [
    "credentials of another account",
    (w) => Object.assign(w.broker, { account: SPOKE }),
    "account",
    /are of account 444455556666/,
    /timelatch\.config\.yaml/,
  ],
  [
    "no credentials for a spoke",
    (w) => (w.patient.others as Map<string, undefined>).set(SPOKE, gone),
    "other-accounts",
    /nobody looked/,
    /--account 444455556666=<profile>/,
  ],
  [
    "a profile of another account than the spoke's",
    (w) => Object.assign(w.others.get(SPOKE) ?? {}, { account: ACCOUNT }),
    "other-accounts",
    /its profile is of account 111122223333/,
    /--account 444455556666=/,
  ],
  [
    "a stack that is not protected",
    (w) => Object.assign(w.broker.stack ?? {}, { isProtected: false }),
    "stack",
    /not protected/,
    /update-termination-protection --enable/,
  ],
  [
    "a stack that was rolled back",
    (w) => Object.assign(w.broker.stack ?? {}, { status: "UPDATE_ROLLBACK_COMPLETE" }),
    "stack",
    /^UPDATE_ROLLBACK_COMPLETE$/,
    /events/,
  ],
  [
    "a stack whose rollback failed",
    (w) => Object.assign(w.broker.stack ?? {}, { status: "UPDATE_ROLLBACK_FAILED" }),
    "stack",
    /^UPDATE_ROLLBACK_FAILED$/,
    /events .* then aws cloudformation continue-update-rollback --stack-name Timelatch --region us-west-2/,
  ],
  [
    "an API that answers strangers",
    (w) => Object.assign(w.network, { status: 200 }),
    "api-and-clock",
    /status 200, and not 403/,
    /^timelatch deploy, .*; else undo by hand/,
  ],
  [
    "a clock two minutes ahead",
    (w) => Object.assign(w.network, { date: new Date(Date.parse(NOW) - 120_000).toISOString() }),
    "api-and-clock",
    /clock is 120 s off/,
    /NTP/,
  ],
  [
    "a function's role that is gone",
    (w) => w.broker.roles.delete("timelatch-sweep"),
    "broker-roles",
    /timelatch-sweep missing/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a grantor role that is gone",
    (w) => w.broker.roles.delete("timelatch-grantor"),
    "grantor-roles",
    /timelatch-grantor is missing/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a spoke's grantor role that trusts another hub",
    (w) =>
      w.others.get(SPOKE)?.roles.set("timelatch-grantor", {
        arn: "",
        trust: {
          Statement: [{ Principal: { AWS: "arn:aws:iam::999988887777:role/timelatch-converge" } }],
        },
      }),
    "grantor-roles",
    /does not trust timelatch-converge of 111122223333/,
    /^deploy the stack of account 444455556666, .*; else undo by hand/,
  ],
  [
    "a grantor role that trusts a role with a longer name",
    (w) =>
      w.broker.roles.set("timelatch-grantor", {
        arn: "",
        trust: {
          Statement: [{ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/timelatch-converge-2` } }],
        },
      }),
    "grantor-roles",
    /does not trust/,
    /^timelatch deploy, .*; else undo by hand/,
  ],
  [
    "a spoke without the role that looks up events",
    (w) => w.others.get(SPOKE)?.roles.delete("timelatch-correlate-reads"),
    "spoke-roles",
    /timelatch-correlate-reads is missing/,
    /^deploy the stack of account 444455556666, .*; else make it again by hand/,
  ],
  [
    "a spoke's role for reading without its external id",
    (w) =>
      w.others.get(SPOKE)?.roles.set("timelatch-standing-reads", {
        arn: "",
        trust: {
          Statement: [{ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/timelatch-standing` } }],
        },
      }),
    "spoke-roles",
    /timelatch-standing-reads does not trust timelatch-standing alone/,
    /^deploy the stack of account 444455556666, .*; else undo by hand/,
  ],
  [
    "a spoke's fuse role that trusts nobody",
    fuseTrusts(),
    "spoke-roles",
    /timelatch-fuse does not trust scheduler\.amazonaws\.com/,
    /^deploy the stack of account 444455556666, .*; else undo by hand/,
  ],
  [
    "a spoke's fuse role that trusts a function as well, in a statement of its own",
    fuseTrusts({ Service: SCHEDULER }, { AWS: `arn:aws:iam::${ACCOUNT}:role/timelatch-api` }),
    "spoke-roles",
    /timelatch-fuse does not trust scheduler\.amazonaws\.com alone/,
    /^deploy the stack of account 444455556666, .*; else undo by hand/,
  ],
  [
    "a spoke's fuse role that trusts another service as well, in the same statement",
    fuseTrusts({ Service: [SCHEDULER, "ec2.amazonaws.com"] }),
    "spoke-roles",
    /timelatch-fuse does not trust scheduler\.amazonaws\.com alone/,
    /^deploy the stack of account 444455556666, .*; else undo by hand/,
  ],
  [
    "a personal role that trusts somebody else",
    (w) => w.broker.roles.set(ALICE, { arn: "", trust: {} }),
    "personal-roles",
    /trust others than access\.yaml says: alice/,
    /^deploy the stacks of people, .*; else undo by hand/,
  ],
  [
    "a person without a role in the broker's account",
    (w) => w.broker.roles.delete(ALICE),
    "personal-roles",
    /no role of their own: alice/,
    /^deploy the stacks of people, .*; else make it again by hand/,
  ],
  [
    "a caller who may not assume their own role",
    (w) => w.broker.assumed.clear(),
    "own-role",
    /you may not assume/,
    /sts:AssumeRole on role\/timelatch\/people\/\*/,
  ],
  [
    "a cluster that is gone",
    (w) => w.broker.clusters.delete(PROD),
    "clusters",
    /EKS knows no/,
    /retired: true/,
  ],
  [
    "a cluster that takes no entries",
    cluster({ mode: "CONFIG_MAP" }),
    "clusters",
    /authentication mode CONFIG_MAP/,
    /--name prod --access-config authenticationMode=API_AND_CONFIG_MAP/,
  ],
  [
    "a cluster without audit log",
    cluster({ auditLog: false }),
    "clusters",
    /audit log is off/,
    /"types":\["audit"\]/,
  ],
  [
    "a cluster that is updated",
    cluster({ status: "UPDATING" }),
    "clusters",
    /is UPDATING/,
    /ACTIVE/,
  ],
  ["no trail", (w) => w.broker.trails.splice(0), "trail", /no trail/, /management events/],
  [
    "a trail that was stopped",
    (w) => w.broker.trails.splice(0, 1, { name: "org", isLogging: false, recordsChanges: true }),
    "trail",
    /org: not logging/,
    /management events/,
  ],
  [
    "a trail of data events alone",
    (w) => w.broker.trails.splice(0, 1, { name: "data", isLogging: true, recordsChanges: false }),
    "trail",
    /data: not logging, or without/,
    /management events/,
  ],
  [
    "no schedule group",
    (w) => Object.assign(w.broker, { scheduleGroup: gone }),
    "schedule-group",
    /does not exist: no grant can begin/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a schedule group that is being deleted",
    (w) => Object.assign(w.broker, { scheduleGroup: "DELETING" }),
    "schedule-group",
    /is DELETING/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a queue that is gone",
    (w) => w.broker.queues.delete("timelatch-notify.fifo"),
    "queues",
    /does not exist/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a queue that loses what fails",
    queue({ hasDeadLetters: false }),
    "queues",
    /no dead-letter queue/,
    /^timelatch deploy, .*; else undo by hand/,
  ],
  [
    "a queue that takes plain HTTP",
    queue({ demandsTls: false }),
    "queues",
    /without TLS/,
    /^timelatch deploy, .*; else undo by hand/,
  ],
  [
    "alarms without an action",
    (w) =>
      w.broker.alarms.splice(0, 1, {
        name: "Timelatch-AlarmsBareEntry0A1B2C3D-x",
        state: "OK",
        actions: 0,
      }),
    "alarms",
    /1 of 2 have no action/,
    /alarmTopics/,
  ],
  [
    "an alarm that fires",
    (w) =>
      w.broker.alarms.splice(0, 1, {
        name: "Timelatch-AlarmsBareEntry0A1B2C3D-x",
        state: "ALARM",
        actions: 1,
      }),
    "alarms",
    /firing: BareEntry$/,
    /runbook/,
  ],
  [
    "no alarm of the broker",
    (w) => w.broker.alarms.splice(0),
    "alarms",
    /none that begins with Timelatch-Alarms/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a stack of the broker's own fuses that anybody can delete",
    (w) => Object.assign(w.broker, { isProtected: false }),
    "remote-stacks",
    /^TimelatchFuses is not protected from deletion/,
    /--stack-name TimelatchFuses --region us-west-2$/,
  ],
  [
    "no queue for the broker's own lost fuses",
    (w) => w.broker.queues.delete("timelatch-lost-fuses"),
    "schedule-group",
    /the queue timelatch-lost-fuses does not exist$/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a spoke's alarm on fuses that fires",
    (w) => w.others.get(SPOKE)?.alarms.splice(0, 1, { ...LOST_FUSES, state: "ALARM" }),
    "alarms",
    /firing: LostFuses$/,
    /runbook/,
  ],
  [
    "a spoke without an alarm on fuses",
    (w) => w.others.get(SPOKE)?.alarms.splice(0),
    "alarms",
    /none on fuses that begins with TimelatchAccount-444455556666/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a Slack secret that is missing",
    (w) => w.broker.parameters.delete("/timelatch/slack/bot-token"),
    "slack",
    /not stored/,
    /put-parameter --type SecureString/,
  ],
  [
    "a Slack secret in plain text",
    (w) => w.broker.parameters.set("/timelatch/slack/bot-token", "String"),
    "slack",
    /is a String/,
    /SecureString/,
  ],
  [
    "a Slack that does not answer well",
    (w) => Object.assign(w.network, { slack: 503 }),
    "slack",
    /status 503/,
    /slack-status/,
  ],
];
