/** An operator restores the ledger to before what is lent, as the runbook says. */
import type { Script } from "./play.ts";

/** `revision` prints the highest of the ledgers in a table. The ledger's table has a tag, and knows a grant before INSTANT. */
export const BEFORE_RESTORING = `
LEDGER=$(become admin; aws cloudformation list-stack-resources --stack-name Timelatch --output text --query "StackResourceSummaries[?ResourceType=='AWS::DynamoDB::GlobalTable' && contains(LogicalResourceId, 'Ledger')].PhysicalResourceId")
revision() { (become admin; aws dynamodb scan --table-name "$1" | jq '[.Items[].ledger.M.revision.N // 0 | tonumber] | max'); }
(become admin; aws dynamodb tag-resource --resource-arn arn:aws:dynamodb:us-west-2:111122223333:table/$LEDGER --tags Key=team,Value=platform)
become carol; lend; give_back; until_state ended
INSTANT=$(date -ud +1second +%FT%TZ); until [[ "$(date -u +%FT%TZ)" > "$INSTANT" ]]; do sleep 0.2; done
`;

const YES = [["[y/N]", "y\r"]] as const;

export const RESTORING = {
  document: "docs/runbook.md",
  section: "Restore a table",
  before: "become carol",
  values: {
    "2026-11-24T10:00:00Z": "$INSTANT",
    "timelatch deploy": "timelatch deploy --yes",
  },
  stages: {
    "timelatch drain --reason": { typed: YES, prints: "drained" },
    "CLUSTER=prod": {
      before: `until [ "$(timelatch grants --json | jq '.requests | length')" = 0 ]; do sleep 1; done; become admin`,
    },
    "aws dynamodb describe-continuous-backups": { prints: "EarliestRestorableDateTime" },
    "aws dynamodb restore-table-to-point-in-time": { prints: `"TableStatus": "CREATING"` },
    // The command itself would sleep for twenty seconds.
    "aws dynamodb wait": {
      before: `until [ "$(aws dynamodb describe-table --table-name $LEDGER-restored --query Table.TableStatus --output text)" = ACTIVE ]; do sleep 0.5; done`,
    },
    "timelatch restore": {
      prints: "was given time to live, point-in-time recovery, deletion protection, tags",
    },
    "timelatch deploy": {
      before: `printf 'tables:\\n  ledger: %s\\n' $LEDGER-restored >> timelatch.config.yaml`,
      prints: "Timelatch",
    },
    "timelatch doctor --restored": { prints: "restored: has point-in-time recovery" },
    "timelatch drain --lift": { before: "become heidi", typed: YES, prints: "lends again" },
  },
} as const satisfies Script;
