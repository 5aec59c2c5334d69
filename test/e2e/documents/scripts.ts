/** The reader of each document, and the events around each of its commands. */
import { DEPLOYER, DOCTOR, FIRST_DEPLOYER, LIBRARY_USER, UPGRADER } from "./deployment-scripts.ts";
import type { Script } from "./play.ts";
import { RESTORING } from "./restore-script.ts";
import { WORST_DAYS } from "./worst-day-scripts.ts";

const EDIT = "--cluster prod --policy edit --duration 10m";

/**
 * Functions of the reader's shell. `ask` leaves the id of a request of alice's in ID, `glass` that of a
 * break-glass of carol's. `lend` lends what alice asks for, and waits until it is there. After `clear`
 * alice has no request and no access.
 */
export const FUNCTIONS = `
become() { . "$SANDBOX/as/$1"; }
as() { (become "$1"; timelatch "\${@:2}"); }
asked() { ID=$(as "$1" request --yes --no-wait --json --reason "INC-4711 stuck rollout" "\${@:2}" | jq -er .id); }
ask() { asked alice ${EDIT} --namespace "\${1:-payments-api}"; }
glass() { asked carol --rule break-glass; }
until_state() { for _ in $(seq 60); do [ "$(as dave show "$ID" --json | jq -r .state)" = "$1" ] && return; sleep 1; done; false; }
lend() { ask "$@" && as bob approve "$ID" --yes --no-wait && until_state active; }
give_back() { as alice return "$ID" --yes --wait; }
of_alice() { as alice list --json | jq -r --arg state "$1" '.requests[] | select(.state == $state).id'; }
clear() { for one in $(of_alice pending); do as alice cancel "$one" --yes; done; for one in $(of_alice active); do as alice return "$one" --yes --wait; done; }
`;

const IDS = {
  "01a213ec-4407-7983-8926-143c9a4ee761": "$ID",
  "01a213c7-e8c0-7cac-ba7b-c04d69afedc5": "$ID",
  "01a213ec": "$ID",
};
const ADDRESS = {
  "https://<id>.execute-api.<region>.amazonaws.com": "$TIMELATCH_API",
  "https://abc123.execute-api.us-west-2.amazonaws.com": "$TIMELATCH_API",
};

const YES = [["[y/N]", "y\r"]] as const;
const APPROVE = [["[N]o: ", "y\r"]] as const;
const CTRL_C = "\u0003";
/** At a terminal a command waits for what it asked for. */
const YES_AND_GO = [...YES, ["Ctrl-C stops waiting", CTRL_C]] as const;

const REQUESTER: Script = {
  document: "docs/guide-requester.md",
  before: "become alice",
  values: { ...IDS, ...ADDRESS, "<account>": "111122223333", "<name>": "alice" },
  stages: {
    "npm install --global": { unplayed: "test/tools/package installs it into a folder of its own" },
    "timelatch completion fish": { unplayed: "this is bash; the tests of completion use fish" },
    "timelatch request\n": {
      before: "clear",
      typed: [
        ["Cluster:", "prod\r"],
        ["Access:", "1\r"],
        ["amespace", "payments-api\r"],
        ["or how long", "10m\r"],
        ["eason", "INC-4711 stuck rollout\r"],
        ...YES_AND_GO,
      ],
      status: 130,
    },
    "timelatch request -c prod -p edit -n payments-api -d": {
      before: "clear",
      typed: YES_AND_GO,
      status: 130,
    },
    "timelatch request -c prod -p edit -n payments-api -c": {
      before: "clear",
      typed: YES,
      prints: "Requested 2 things at once",
    },
    "timelatch show 01a213ec": { before: "clear; ask" },
    "timelatch escalate": {
      before: "clear; asked alice --rule payments-admin",
      typed: [...YES],
      prints: "access until",
    },
    "kubectl --context": {
      before: "clear; lend; kubectl config set-context timelatch-prod --namespace payments-api",
      prints: "Running",
    },
    "timelatch extend": { typed: YES_AND_GO, status: 130 },
    "timelatch return  ": { typed: YES },
    "timelatch return --all": { before: "clear; lend", typed: YES },
    "timelatch cancel": { before: "clear; ask", typed: YES },
    "timelatch request -y --wait": {
      before: `clear; { sleep 3; ID=$(as alice list --json | jq -r '.requests[] | select(.state == "pending").id' | head -n 1); as bob approve "$ID" --yes; as carol approve "$ID" --yes; } >/dev/null 2>&1 &`,
      prints: "active",
    },
  },
};

const APPROVER: Script = {
  document: "docs/guide-approver.md",
  before: "become bob; clear; ask",
  values: {
    ...IDS,
    "2026-12-07": "$(date -ud +9days +%F)",
    "2026-12-01": "$(date -ud +3days +%F)",
  },
  stages: {
    "timelatch list --to-approve": { prints: "alice" },
    "timelatch approve 01a213ec-4407": { typed: APPROVE, prints: "active" },
    "timelatch approve 01a213ec-4407-7983-8926-143c9a4ee761 --together": {
      before: `clear; ID=$(as alice request --yes --json --reason "INC-4711 stuck rollout" ${EDIT} --namespace payments-api ${EDIT} --namespace payments-web | jq -er '.requests[0].id')`,
      typed: YES,
      prints: "Approved",
    },
    "timelatch approve\n": { before: "clear; ask", typed: APPROVE, prints: "active" },
    "timelatch approve 01a213ec --duration 30m": {
      before:
        "clear; asked alice --cluster prod --policy edit --duration 1h --namespace payments-api,payments-web",
      typed: YES,
      prints: "payments-api",
    },
    "timelatch delegate --to carol --until": { typed: YES },
    "timelatch delegate --to carol --from": { typed: YES },
    "timelatch delegations\n": { prints: "carol" },
    "timelatch delegations end": {
      before: `ID=$(timelatch delegations --json | jq -er '.delegations[] | select(.state == "coming").id')`,
      typed: YES,
    },
    "timelatch approve 01a213ec --on-behalf-of": {
      before: "become carol; ask payments-jobs",
      typed: APPROVE,
      prints: "has access until",
    },
    "timelatch review\n": { before: "become bob; glass", prints: "carol" },
    "timelatch review 01a213ec": {
      before: 'until_state active && as carol return "$ID" --yes --wait',
      typed: YES,
      prints: "The review is closed.",
    },
    "timelatch deny": { before: "ask", typed: YES, prints: "Denied." },
    "timelatch grants": { before: "lend", prints: "alice" },
    "timelatch watch": { typed: [["alice", CTRL_C]], status: 130 },
    "timelatch revoke 01a213ec": { typed: YES },
    // An approver may not read standing access, so nobody can say that nothing remains.
    "timelatch revoke --all": { before: "lend", typed: YES, status: 14 },
    "timelatch approve -y": { before: "ask" },
  },
};

const OPERATOR: Script = {
  document: "docs/guide-operator.md",
  before:
    "become carol; clear; lend; cp $ROOT/access*.yaml .; git init -q -b main . && git add access.yaml && git -c user.name=carol -c user.email=carol@example.com commit -qm policy",
  values: { ...IDS, ...ADDRESS, "npm run synth": "(cd $ROOT; npm run synth)" },
  stages: {
    "npm run synth": { unplayed: "every sandbox does so before it starts" },
    "timelatch policy check": { prints: "no errors" },
    "timelatch policy explain": { prints: "alice may" },
    "timelatch watch": { typed: [["alice", CTRL_C]], status: 130 },
    "timelatch preview": { before: "become alice" },
    "timelatch revoke": { before: "become carol", typed: YES },
    "timelatch suspend": { typed: YES },
    "timelatch suspensions": { prints: "alice" },
    'timelatch revoke --all --who alice --note "left': {
      before: "as heidi suspend alice --lift --yes; lend",
      typed: YES,
    },
    "aws eks describe-cluster": { before: "become admin", prints: "API" },
    "timelatch clusters check": { before: "become carol", prints: "prod" },
  },
};

/** Bob approves what alice asks for; then converge is switched off, so that it outlives its end. */
const OVERDUE = `
FUNCTIONS=$(become admin; aws cloudformation list-stack-resources --stack-name Timelatch --query "StackResourceSummaries[?ResourceType=='AWS::Lambda::Function'].PhysicalResourceId" --output text | tr '\\t' '\\n')
function_of() { grep "$1" <<<"$FUNCTIONS"; }
CONVERGE=$(function_of Converge) SWEEP=$(function_of Sweep) ARCHIVE=$(function_of Archive) ACTIVITY=$(function_of Activity)
(become admin; aws eks create-access-entry --cluster-name prod --principal-arn "$P" && aws eks associate-access-policy --cluster-name prod --principal-arn "$P" --policy-arn "$POLICY" --access-scope type=namespace,namespaces=ci)
asked alice --cluster prod --policy edit --namespace payments-api --duration 20s && as bob approve "$ID" --yes --no-wait && until_state active
END=$(as alice show "$ID" --json | jq -r .expiresAt)
(become admin; aws lambda put-function-concurrency --function-name "$CONVERGE" --reserved-concurrent-executions 0)
`;

/** The answer of `aws lambda invoke` to a run that has not failed. */
const RAN = `{
    "StatusCode": 200,
    "ExecutedVersion": "$LATEST"
}`;

const RUNBOOK: Script = {
  document: "docs/runbook.md",
  without: [RESTORING.section, ...WORST_DAYS.map(({ section }) => section)],
  before: `become carol; clear; P=arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice; POLICY=arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy; ${OVERDUE}`,
  values: {
    ...IDS,
    [`'{"requestId":"<id>"}'`]: `"{\\"requestId\\":\\"$ENDED\\"}"`,
    "<id>": "$ID",
    "<UUID>": "$UUID",
    "<namespace>,<namespace>": "ci",
    '["<group>"]': "[]",
  },
  stages: {
    "timelatch grants": { prints: "alice" },
    "timelatch show <id>": { prints: "alice" },
    "aws lambda invoke --function-name $ARCHIVE": { before: "become admin", prints: RAN },
    // Without a terminal, standard output is a socket here, which nobody can open by its name.
    [`echo '{"requestId"`]: {
      before: "ENDED=$(of_alice ended | head -n 1)",
      typed: [],
      prints: '"isAsked":true',
    },
    "aws lambda invoke --function-name $SWEEP": { typed: [], prints: '"failed":0' },
    "aws lambda get-function-concurrency": { prints: '"ReservedConcurrentExecutions": 0' },
    "aws lambda list-event-source-mappings": { prints: "Enabled" },
    "for id in $(aws dynamodb query": {
      before: `until [[ "$(date -u +%FT%TZ)" > "$END" ]]; do sleep 0.5; done`,
      prints: `"state": "active"`,
    },
    'echo "$P on $C"': { prints: "timelatch-person-alice on arn:aws:eks" },
    'echo "$HELD"': { prints: `"ns/ci": "baseline"` },
    "for begun": { prints: `"payments-api"` },
    "aws eks list-associated-access-policies": { prints: "ci" },
    "aws eks disassociate": { unplayed: "here something of others stays on the policy" },
    "timelatch revoke $ID --yes": {
      // The lent access is gone, and the earlier access is left.
      before: `[ "$(aws eks list-associated-access-policies --cluster-name prod --principal-arn "$P" | jq -c '[.associatedAccessPolicies[].accessScope.namespaces]')" = '[["ci"]]' ] && become carol`,
    },
    "aws lambda update-event-source-mapping": {
      before: `become admin; UUID=$(aws lambda list-event-source-mappings --function-name "$CONVERGE" --query "EventSourceMappings[0].UUID" --output text)`,
      prints: "Enabl",
    },
    "aws lambda delete-function-concurrency": { before: "become admin" },
    "timelatch show $ID": {
      before: `until_state ended && [ "$(aws eks list-associated-access-policies --cluster-name prod --principal-arn "$P" | jq -c '[.associatedAccessPolicies[].accessScope.namespaces]')" = '[["ci"]]' ] && aws eks delete-access-entry --cluster-name prod --principal-arn "$P" && become carol`,
      prints: "entry-edited",
    },
    "C=arn": { before: "become admin" },
    "aws dynamodb get-item": { prints: "LEDGER" },
    "aws dynamodb query": { prints: "HEAD" },
  },
};

const IDENTITY: Script = {
  document: "docs/identity.md",
  before: "become alice; unset TIMELATCH_ROLE",
  values: {},
  stages: { "timelatch kubeconfig": { prints: "timelatch-prod" } },
};

const SLACK: Script = {
  document: "docs/slack.md",
  before:
    "become admin; SIGNING_SECRET=$SLACK_SIGNING_SECRET; BOT_TOKEN=$(aws ssm get-parameter --name /timelatch/slack/bot-token --with-decryption --query Parameter.Value --output text)",
  // The sandbox has them already.
  values: { "put-parameter": "put-parameter --overwrite" },
  stages: {},
};

const SANDBOX: Script = {
  document: "docs/sandbox.md",
  before: 'ln -sfn "$SANDBOX" .sandbox',
  values: {
    ...{ "http://127.0.0.1:…": "$SLACK_URL", "TOKEN=…": "TOKEN=$SLACK_TOKEN" },
    ".sandbox-empty": ".sandbox",
  },
  stages: {
    "npm run sandbox": { unplayed: "this sandbox is one" },
    "npx aws-cdk": { unplayed: "test/cli/deployment/cdk-command.test.ts runs the CDK's command" },
    "aws cloudformation describe-stacks": { prints: "CREATE_COMPLETE" },
    "echo $ARCHIVE_BUCKET": { prints: "timelatch-archivebucket" },
    "timelatch access": { prints: "payments-edit" },
    "AWS_PROFILE=admin aws iam": { prints: "oidc-provider/token.actions.githubusercontent.com" },
    "curl $AWS/_sandbox/faults": { prints: "CreateAccessEntry" },
    "curl -X PUT $AWS/_sandbox/scheduler": { prints: "jitterSeconds" },
  },
};

/** The sandbox's archive is a day ahead here: it has sealed the day on which the rest was played. */
/** The sandbox's archive is a day ahead, so that it has sealed today. So is whoever verifies it. */
const AUDIT: Script = {
  document: "docs/audit.md",
  before: `
    LATER="--import=file://$ROOT/lab/sandbox/lambda/shifted-clock.mjs?ms=93600000"
    timelatch() { case "$*" in "audit verify"*|"audit witness"*|"reach "*" --archive "*) NODE_OPTIONS="$LATER" command timelatch "$@";; *) command timelatch "$@";; esac; }
    ln -sfn "$SANDBOX" .sandbox; become admin; DAY=$(date -u +%F)
    ARCHIVE_BUCKET=$(jq -r '.buckets | keys[] | select(contains("archive"))' .sandbox/state/s3.json)
    SEAL_KEY_ID=$(jq -r '.keys | keys[0]' .sandbox/state/kms.json)
    for _ in $(seq 60); do aws s3 ls "s3://$ARCHIVE_BUCKET/seals/$DAY.json" && break; sleep 2; done
    ID=$(as alice list --json | jq -er '[.requests[] | select(.state == "ended")][-1].id')`,
  values: {
    ...IDS,
    "2026-11-24": "$DAY",
    // An instant of today that is over, whatever the time is.
    "2026-11-24T15:33Z": "$(date -u +%FT%TZ)",
    "python3 verify_archive.py archive public.pem":
      'python3 "$ROOT/docs/verify_archive.py" archive public.pem "$(date -ud +2day +%F)"',
  },
  stages: {
    "timelatch audit verify archive": { prints: "All records hold" },
    "timelatch reach": { prints: "through grants" },
    "timelatch audit bundle": { before: "become dave" },
    'aws s3 sync "s3://$WITNESS_BUCKET" witness': {
      unplayed: "test/e2e/evidence.test.ts plays it with a witness in another account",
    },
    "timelatch audit verify archive --key public.pem --witness-key witness/witness.pem": {
      unplayed: "test/e2e/evidence.test.ts plays it with a witness in another account",
    },
    "openssl ts": { unplayed: "test/cli/audit/time-stamp.test.ts plays it with an authority" },
    "curl -sSf": { unplayed: "test/cli/audit/time-stamp.test.ts plays it with an authority" },
    "openssl dgst -sha256 -verify": { prints: "Verified OK" },
    "printf %s": {
      before: `HASH=$(ls archive/policies | head -n 1 | cut -d . -f 1)`,
    },
    "gzip -dc": {
      before: `HASH=$(ls archive/standing | head -n 1 | cut -d . -f 1)`,
      prints: "  -",
    },
    "for file in events": { prints: "events: holds" },
    "diff <(": { prints: "one chain" },
    "jq -c '(.proofs + (.neighbours // []))[]'": { prints: ": AUDIT#" },
  },
};

/** By the same reader as docs/audit.md, which has left the archive and the public key there. */
const AUDITOR: Script = {
  document: "docs/guide-auditor.md",
  // A change around Timelatch becomes a finding.
  before: `
    (become admin; aws eks associate-access-policy --cluster-name prod --principal-arn arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-carol --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=kube-system)
    for _ in $(seq 60); do FINDING=$(as dave findings --json | jq -er '.findings[] | select(.event.principalArn // .principalArn | endswith("carol")).findingId') && break; sleep 1; done`,
  values: {
    ...IDS,
    ...ADDRESS,
    "export AWS_PROFILE=audit": "become dave",
    "2026-10-01": "$(date -ud -1day +%F)",
    "2026-11-01": "$(date -ud +1day +%F)",
    "2027-01-01": "$(date -ud +1day +%F)",
    "854665ba": "$FINDING",
  },
  stages: {
    "timelatch audit export --resume": { unplayed: "the tests of the command interrupt an export" },
    "timelatch audit verify q4": { prints: "every hash fits" },
    "timelatch audit verify sample-1": { prints: "signed by the key" },
    "timelatch findings\n": { prints: "carol" },
    "timelatch findings show": { prints: "carol" },
    "timelatch findings acknowledge": { typed: YES },
    "timelatch clusters standing prod": { prints: "prod" },
    "for name in": { before: "become admin" },
    "timelatch audit report --from 2026-10-01 --to 2026-11-01 --cloudtrail": {
      before: "become dave",
    },
    "aws cloudtrail": { before: "become admin", prints: "AssociateAccessPolicy" },
    "aws logs filter-log-events": {
      before: `become admin; ACCESS_LOG=$(aws cloudformation list-stack-resources --stack-name Timelatch --output text --query "StackResourceSummaries[?ResourceType=='AWS::Logs::LogGroup' && starts_with(LogicalResourceId, 'HttpAccessLog')] | [0].PhysicalResourceId")`,
    },
    // Its hour is not archived yet, as the guide says.
    "jq -rn --slurpfile log": { prints: "/acknowledgement: no record" },
  },
};

/** The scripts for a sandbox that has just started: each has one reader, in a home of their own. */
export const DAY_SCRIPTS: readonly (readonly Script[])[] = [
  [DEPLOYER, DOCTOR, FIRST_DEPLOYER],
  [LIBRARY_USER, UPGRADER],
  [REQUESTER],
  [APPROVER],
  // The runbook makes standing access, which a list knows for a while after it has gone.
  [OPERATOR],
  [RUNBOOK],
  [SLACK],
  [SANDBOX],
  [IDENTITY],
];

/** The scripts for the time after the archive has sealed that day. */
export const AUDIT_SCRIPTS: readonly (readonly Script[])[] = [[AUDIT, AUDITOR]];
