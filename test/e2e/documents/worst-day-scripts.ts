/** The pages of the runbook on the worst days, each by an operator to whom it has happened. */
import type { Script } from "./play.ts";

const document = "docs/runbook.md";
const CONFIRMED = { "timelatch deploy": "timelatch deploy --yes" };

export const SEAL_KEY = {
  document,
  section: "The seal key is to be deleted",
  before: `become admin; ARCHIVE=$(aws cloudformation list-stack-resources --stack-name Timelatch --output text --query "StackResourceSummaries[?ResourceType=='AWS::Lambda::Function' && contains(LogicalResourceId, 'Archive')].PhysicalResourceId")`,
  values: {},
  stages: {
    "aws kms describe-key": { prints: "PendingDeletion" },
    "aws lambda invoke": { prints: `"StatusCode": 200,\n    "ExecutedVersion"` },
  },
} as const satisfies Script;

export const QUOTA = {
  document,
  section: "A quota is reached",
  before: "become admin",
  values: {},
  stages: { "aws scheduler list-schedules": {} },
} as const satisfies Script;

export const REGION_GONE = {
  document,
  section: "A region is gone",
  before: "become carol",
  values: {},
  stages: { "timelatch grants": { prints: "" } },
} as const satisfies Script;

export const STUCK_UPDATE = {
  document,
  section: "A stuck update",
  before: "become admin",
  values: CONFIRMED,
  stages: {
    "timelatch doctor --only stack": { status: 13, prints: "continue-update-rollback" },
    "aws cloudformation describe-stack-events": { prints: "Service is unavailable" },
  },
} as const satisfies Script;

export const BAD_RELEASE = {
  document,
  section: "A bad release",
  before: "become admin",
  values: CONFIRMED,
  stages: {},
} as const satisfies Script;

export const DELETED_STACK = {
  document,
  section: "The stack was deleted",
  before: `become admin; CLUSTER=prod; P=arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice`,
  values: CONFIRMED,
  stages: {
    "aws cloudformation describe-stack-events": { prints: "TablesLedger" },
    "timelatch deploy": {
      before: `
        kept() { aws cloudformation describe-stack-events --stack-name $STACK --output text --query "StackEvents[?ResourceStatus=='DELETE_SKIPPED' && ResourceType=='AWS::DynamoDB::GlobalTable' && contains(LogicalResourceId, '$1')].PhysicalResourceId"; }
        printf 'tables:\\n  requests: %s\\n  audit: %s\\n  ledger: %s\\n' $(kept Requests) $(kept Audit) $(kept Ledger) >> timelatch.config.yaml`,
    },
  },
} as const satisfies Script;

/** All of them. */
export const WORST_DAYS = [
  ...[BAD_RELEASE, STUCK_UPDATE, DELETED_STACK],
  ...[REGION_GONE, SEAL_KEY, QUOTA],
] as const;
