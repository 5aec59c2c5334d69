/** The rights of the broker's functions' roles, and their limits. */

import { GetQueryResultsCommand, StartQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
} from "@aws-sdk/client-scheduler";
import { expect, it } from "vitest";
import { ACCOUNT, REGION } from "../../../../../lab/sandbox/world/account.ts";
import { DESTROYING_THE_ARCHIVE, USES_OF_THE_ARCHIVE } from "./archive-attempts.ts";
import { type Attempt, type Attempts, person } from "./attempt.ts";
import {
  ACKNOWLEDGING,
  audit,
  CHANGES_OF_EVIDENCE,
  FORGED_BESIDE_ACKNOWLEDGEMENTS,
  FORGED_EVIDENCE,
  FORGED_RECORDS,
  listTables,
  OTHER_EVIDENCE,
  OTHER_ITEMS,
  OTHER_TABLES,
  OTHER_THAN_STANDING,
  OTHER_TOUCHES_OF_THE_LEDGER,
  query,
  requests,
  scanTheLedger,
  TOUCHES_OF_THE_LEDGER,
  USES_BY_ACTIVITY,
  USES_BY_STANDING,
  USES_OF_EVIDENCE,
  USES_OF_REQUESTS,
  USES_OF_THE_LEDGER,
  update,
} from "./dynamodb-attempts.ts";
import {
  describeCluster,
  describeEntry,
  EVERYTHING_ON_CLUSTERS,
  listEntries,
  listPolicies,
  TAGS,
  tag,
} from "./eks-attempts.ts";
import { backlog, purge, receive, send } from "./message-attempts.ts";
import {
  assume,
  GRANTOR_ROLES,
  inIam,
  named,
  POLICIES_GRANTOR,
  ROLES_OF_OTHERS,
  roleName,
} from "./role-attempts.ts";
import { deleteSchedule, moveSchedule, schedule } from "./schedule-attempts.ts";
import { type AttemptsByRole, tryAll } from "./trial.ts";

const startQuery =
  (logGroupName: string): Attempt =>
  ({ logs }) =>
    logs.send(
      new StartQueryCommand({
        logGroupName,
        startTime: 1_764_000_000,
        endTime: 1_764_003_600,
        queryString: "stats count(*)",
      }),
    );

/** Logs that nobody switched activity on for. */
const OTHER_LOGS: Attempts = {
  "ask the audit log of another cluster": startQuery("/aws/eks/staging/cluster"),
  "ask the log of a function": startQuery("/aws/lambda/timelatch-api"),
};

const AUDIT_LOGS: Attempts = {
  "ask the audit log": startQuery("/aws/eks/prod/cluster"),
  "read what it answers": async (own, account) => {
    const { queryId } = (await startQuery("/aws/eks/prod/cluster")(own, account)) as {
      readonly queryId: string;
    };
    return await own.logs.send(new GetQueryResultsCommand({ queryId }));
  },
};

const ofFunctions = (part: string): Attempts => ({
  ...CHANGES_OF_EVIDENCE,
  ...EVERYTHING_ON_CLUSTERS,
  ...ROLES_OF_OTHERS,
  ...inIam(roleName(part)),
  "list the tables": listTables,
  "empty the queue": purge,
});

const REFUSED: AttemptsByRole = {
  "The api function": {
    ...ofFunctions("timelatch-api"),
    ...FORGED_BESIDE_ACKNOWLEDGEMENTS,
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("api"),
    "delete a schedule": deleteSchedule("g-1", "timelatch"),
    "take messages": receive,
    "see the queue's length": backlog,
  },
  "The sweep function": {
    ...ofFunctions("timelatch-sweep"),
    ...FORGED_EVIDENCE,
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("sweep"),
    "take messages": receive,
  },
  "The correlate function": {
    ...ofFunctions("timelatch-correlate"),
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    ...OTHER_ITEMS,
    ...DESTROYING_THE_ARCHIVE,
    ...USES_OF_THE_ARCHIVE,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("correlate"),
    "take converge's messages": receive,
    "ask converge": send("timelatch-converge.fifo", true),
    ...AUDIT_LOGS,
  },
  "The activity function": {
    ...ofFunctions("timelatch-activity"),
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    ...OTHER_EVIDENCE,
    ...OTHER_LOGS,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("activity"),
    "take converge's messages": receive,
    "ask converge": send("timelatch-converge.fifo", true),
  },
  "The standing function": {
    ...ofFunctions("timelatch-standing"),
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    ...OTHER_THAN_STANDING,
    "read a node's cluster that is not listed": describeCluster("elsewhere"),
    "tag an entry": tag("prod", person("carol"), TAGS),
    "make a schedule": schedule("standing"),
    "take converge's messages": receive,
    "ask converge": send("timelatch-converge.fifo", true),
    ...AUDIT_LOGS,
  },
  "The archive function": {
    ...ofFunctions("timelatch-archive"),
    ...DESTROYING_THE_ARCHIVE,
    ...FORGED_EVIDENCE,
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    ...OTHER_TABLES,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("archive"),
    "take converge's messages": receive,
    "ask converge": send("timelatch-converge.fifo", true),
  },
  "The converge function": {
    ...ofFunctions("timelatch-converge"),
    ...FORGED_RECORDS,
    ...OTHER_TOUCHES_OF_THE_LEDGER,
    "look at a cluster without a grantor": describeCluster("prod"),
    "read the whole ledger": scanTheLedger,
    "send to its own dead letters": send("ConvergeDeadLetters", true),
    "become the fuse": assume((account) => account.roleArn("timelatch-fuse")),
    "become a grantor of another account": assume(
      () => `arn:aws:iam::999999999999:role/${POLICIES_GRANTOR}`,
    ),
    "become the grantor under another session name": assume(named(POLICIES_GRANTOR), {
      RoleSessionName: "somebody",
    }),
    "become the grantor without naming for whom": assume(named(POLICIES_GRANTOR), {
      SourceIdentity: undefined,
    }),
    "make a schedule in another group": schedule("elsewhere", { group: "default" }),
    "delete a schedule of another group": deleteSchedule("x", "default"),
    "make a group of schedules": ({ scheduler }) =>
      scheduler.send(new CreateScheduleGroupCommand({ Name: "more" })),
    "list all schedules": ({ scheduler }) => scheduler.send(new ListSchedulesCommand({})),
    "pass the grantor's role to Scheduler": schedule("pass-1", {
      roleArn: named(POLICIES_GRANTOR),
    }),
    "pass its own role to Scheduler": schedule("pass-2", {
      roleArn: (account) => account.roleArn("timelatch-converge"),
    }),
    "pass the administrator's role to a fuse": schedule("pass-3", {
      roleArn: named("admin"),
      fuse: true,
    }),
  },
};

const ALLOWED: AttemptsByRole = {
  "The api function": {
    ...USES_OF_REQUESTS,
    ...ACKNOWLEDGING,
    "ask converge": send("timelatch-converge.fifo", true),
  },
  "The sweep function": {
    ...USES_OF_REQUESTS,
    "query what is due": query(requests, "x", "due"),
    "ask converge": send("timelatch-converge.fifo", true),
    "see the queue's length": backlog,
  },
  "The correlate function": {
    ...USES_OF_EVIDENCE,
    "wake notify": send("timelatch-notify.fifo", true),
  },
  "The archive function": {
    "query records": query(audit, "EVID#1"),
    "query the index of records": query(audit, "x", "audit"),
    "query what was read of standing access": query(requests, "STANDING#1"),
    ...USES_OF_THE_ARCHIVE,
  },
  "The activity function": { ...USES_BY_ACTIVITY, ...AUDIT_LOGS },
  "The standing function": {
    ...USES_BY_STANDING,
    "look at a cluster": describeCluster("prod"),
    "list its entries": listEntries("prod"),
    "look at an entry": describeEntry("prod", person("carol")),
    "list an entry's policies": listPolicies("prod", person("carol")),
    "see the queue's length": backlog,
  },
  "The converge function": {
    ...USES_OF_REQUESTS,
    ...USES_OF_THE_LEDGER,
    "take messages": receive,
    "put back what found no room": send("timelatch-converge.fifo", true),
    ...GRANTOR_ROLES,
    "schedule a grant's end": schedule("g-1"),
    "schedule a fuse": schedule("f-1", { fuse: true }),
    "see a schedule": ({ scheduler }) =>
      scheduler.send(new GetScheduleCommand({ Name: "g-1", GroupName: "timelatch" })),
    "move a schedule": moveSchedule("g-1"),
    "delete a schedule": deleteSchedule("g-1", "timelatch"),
  },
};

const { refusal } = tryAll(REFUSED, ALLOWED);

it("A refusal says whether nothing allows the call, or something denies it", async () => {
  const { message: implicit } = await refusal("The api function", describeCluster("prod"));
  expect(implicit).toMatch(
    new RegExp(
      `^User: arn:aws:sts::${ACCOUNT}:assumed-role/timelatch-api/own is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod because no identity-based policy allows the eks:DescribeCluster action$`,
    ),
  );
  const { message: explicit } = await refusal("The api function", update(audit, "AUDIT#1"));
  expect(explicit).toMatch(/ with an explicit deny in an identity-based policy$/);
});
