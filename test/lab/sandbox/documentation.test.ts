/** The lists in docs/sandbox.md equal the sandbox's: no more, and no less. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { CloudFormationContext } from "../../../lab/sandbox/aws/cloudformation/context.ts";
import { cloudFormationService } from "../../../lab/sandbox/aws/cloudformation/service.ts";
import { cloudTrailService } from "../../../lab/sandbox/aws/cloudtrail/service.ts";
import { memoryHistory } from "../../../lab/sandbox/aws/cloudtrail/state.ts";
import { cloudWatchService } from "../../../lab/sandbox/aws/cloudwatch/service.ts";
import { OPERATIONS as DYNAMODB_OPERATIONS } from "../../../lab/sandbox/aws/dynamodb/permissions.ts";
import { EKS_ROUTES } from "../../../lab/sandbox/aws/eks/routes.ts";
import { FAULT_KINDS, TRAIL_EFFECTS } from "../../../lab/sandbox/aws/fault-kinds.ts";
import { iamService } from "../../../lab/sandbox/aws/iam/service.ts";
import { kmsService } from "../../../lab/sandbox/aws/kms/service.ts";
import { emptyKmsState } from "../../../lab/sandbox/aws/kms/state.ts";
import type { FunctionInvoker } from "../../../lab/sandbox/aws/lambda/context.ts";
import { lambdaService } from "../../../lab/sandbox/aws/lambda/service.ts";
import { emptyLambdaState } from "../../../lab/sandbox/aws/lambda/state.ts";
import { logsService } from "../../../lab/sandbox/aws/logs/service.ts";
import { s3Service } from "../../../lab/sandbox/aws/s3/service.ts";
import { emptyS3State, memoryBlobs } from "../../../lab/sandbox/aws/s3/state.ts";
import { PAST_AT, usualBehaviour } from "../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { schedulerService } from "../../../lab/sandbox/aws/scheduler/service.ts";
import { initialSchedulerState } from "../../../lab/sandbox/aws/scheduler/state.ts";
import { sesService } from "../../../lab/sandbox/aws/ses/service.ts";
import { initialSesState } from "../../../lab/sandbox/aws/ses/state.ts";
import { sqsService } from "../../../lab/sandbox/aws/sqs/service.ts";
import { emptySqsState } from "../../../lab/sandbox/aws/sqs/state.ts";
import { ssmService } from "../../../lab/sandbox/aws/ssm/service.ts";
import { memoryStore } from "../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../lab/sandbox/aws/sts/service.ts";
import { SANDBOX_COMMAND } from "../../../lab/sandbox/process/options.ts";
import { FAULT_KINDS as SLACK_FAULT_KINDS } from "../../../lab/sandbox/slack/faults.ts";
import { ACTION_KINDS } from "../../../lab/sandbox/slack/interactions/user-action.ts";
import { METHODS as SLACK_METHODS } from "../../../lab/sandbox/slack/methods/method-table.ts";
import { SANDBOX_PATHS } from "../../../lab/sandbox/slack/sandbox-paths.ts";
import { CLUSTERS, FAR_CLUSTERS } from "../../../lab/sandbox/world/initial-clusters.ts";
import { ADMIN, initialIam, PEOPLE } from "../../../lab/sandbox/world/people.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../../docs/sandbox.md"), "utf8");

/** The cells of the table that begins with the given header row. */
function table(header: string): readonly (readonly string[])[] {
  const [, after = ""] = PAGE.split(`\n${header}\n`);
  const [rows = ""] = after.split("\n\n");
  return rows
    .split("\n")
    .slice(1)
    .map((row) => row.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
}

const firstCells = (header: string) => table(header).map(([cell = ""]) => cell);

const place = { account: "111122223333", region: "us-west-2" };
const iam = memoryStore(initialIam(new Date()));
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  DynamoDB: [...DYNAMODB_OPERATIONS],
  EKS: EKS_ROUTES.map(({ operation }) => operation),
  CloudTrail: Object.keys(cloudTrailService(memoryHistory()).operations),
  KMS: Object.keys(kmsService({ ...place, iam, kms: memoryStore(emptyKmsState()) }).operations),
  "CloudWatch Logs": Object.keys(logsService({ ...place, events: () => [] }).operations),
  S3: Object.keys(
    s3Service({ ...place, s3: memoryStore(emptyS3State()), blobs: memoryBlobs(), iam }).operations,
  ),
  "CloudWatch's alarms": Object.keys(cloudWatchService({ alarms: () => [] }).operations),
  Lambda: Object.keys(
    lambdaService({
      ...place,
      lambda: memoryStore(emptyLambdaState()),
      functions: () => [],
      eventSources: () => [],
      invoker: {} as FunctionInvoker,
    }).operations,
  ),
  STS: Object.keys(stsService(iam).operations),
  SES: Object.keys(sesService({ ...place, ses: memoryStore(initialSesState()) }).operations),
  "Systems Manager": Object.keys(
    ssmService({ ...place, ssm: memoryStore({ parameters: {} }) }).operations,
  ),
  CloudFormation: Object.keys(cloudFormationService({} as CloudFormationContext).operations),
  IAM: Object.keys(iamService(iam).operations),
  SQS: Object.keys(
    sqsService({ ...place, sqs: memoryStore(emptySqsState()), awsUrl: "" }).operations,
  ),
  "EventBridge Scheduler": Object.keys(
    schedulerService({
      ...place,
      scheduler: memoryStore(initialSchedulerState(place.account, place.region)),
      iam,
      mayAssume: () => true,
      behaviour: usualBehaviour(),
    }).operations,
  ),
};

const VERBS =
  "Associate|Assume|Attach|Batch|Cancel|Change|Continue|Create|Delete|Describe|Detach|Disable|Disassociate|Enable|Execute|Filter|Get|Head|List|Lookup|Purge|Put|Query|Receive|Restore|Scan|Schedule|Send|Set|Sign|Start|Tag|Transact|Untag|Update|Verify";
const named = (cell: string) =>
  [
    ...cell.matchAll(
      new RegExp(`\\b(?:Invoke|Query|Scan|Sign|Verify|(?:${VERBS})[A-Z]\\w+)\\b`, "g"),
    ),
  ].map(([word]) => word);

describe("docs/sandbox.md", () => {
  it.each(Object.keys(OPERATIONS))(
    "docs/sandbox.md lists the emulated operations of %s",
    (service) => {
      const row = table("| service | operations | limits |").find(([name]) => name === service);
      expect(named(row?.[1] ?? "").sort()).toEqual([...(OPERATIONS[service] ?? [])].sort());
    },
  );

  it("docs/sandbox.md lists the kinds of faults", () => {
    expect(firstCells("| `kind` | what happens to the call |").sort()).toEqual(
      FAULT_KINDS.map((kind) => `\`${kind}\``).sort(),
    );
  });

  it("docs/sandbox.md lists the effects of trail faults", () => {
    expect(firstCells("| `effect` of a `trail` fault | what happens to the record |")).toEqual(
      TRAIL_EFFECTS.map((effect) => `\`${effect}\``),
    );
  });

  it("docs/sandbox.md lists the command line's options", () => {
    const options = firstCells("| option | |").map((cell) => /^`--([a-z-]+)/.exec(cell)?.[1]);
    expect(options.sort()).toEqual([...Object.keys(SANDBOX_COMMAND.options), "help"].sort());
    for (const mode of PAST_AT) expect(PAGE).toContain(`\`${mode}\``);
  });

  it("docs/sandbox.md lists the people and the clusters", () => {
    expect(firstCells("| profile | |")).toEqual([...PEOPLE, ADMIN]);
    expect(firstCells("| cluster | authentication mode | standing access |")).toEqual(
      [...CLUSTERS, ...FAR_CLUSTERS].map(({ name }) => name),
    );
  });

  it("docs/sandbox.md lists Slack's methods with their limits", () => {
    const limits = table("| method | limit | what it refuses, beside what every method refuses |");
    expect(limits.map(([method, limit]) => [method, limit]).sort()).toEqual(
      Object.entries(SLACK_METHODS)
        .map(([name, { limit }]) => [
          `\`${name}\``,
          "perMinute" in limit
            ? `${limit.perMinute} a minute`
            : `${limit.perSecondAndChannel} a second and channel`,
        ])
        .sort(),
    );
  });

  it("docs/sandbox.md lists Slack's faults, actions and paths", () => {
    expect(firstCells("| `kind` of a Slack fault | what happens to the call |")).toEqual(
      SLACK_FAULT_KINDS.map((kind) => `\`${kind}\``),
    );
    const actions = firstCells("| `kind` of an action | its other members |").join(", ");
    expect(actions).toBe(ACTION_KINDS.map((kind) => `\`${kind}\``).join(", "));
    const paths = firstCells("| path on the Slack port | |").join();
    // The page's own path is not for tests.
    for (const name of SANDBOX_PATHS.filter((path) => path !== "page"))
      expect(paths).toContain(`/_sandbox/${name}`);
  });

  it("docs/sandbox.md lists the members of the scheduler's behaviour", () => {
    expect(firstCells("| member | at the start | meaning |").sort()).toEqual(
      Object.keys(usualBehaviour())
        .map((member) => `\`${member}\``)
        .sort(),
    );
  });
});
