/**
 * Deployers, as the documents for them say. Commands that need AWS's own command for the CDK are
 * named, with the test that plays them.
 */
import type { Script } from "./play.ts";

const CDK = "test/cli/deployment/cdk-command.test.ts and test/e2e/deploy-page.test.ts run it";
const DEPLOYED = "test/cli/deployment plays it against the emulated CloudFormation";
const KEPT =
  "no deployment fails here; test/cli/deployment/failed-creations.test.ts names such tables";
const LEAVING = "test/e2e/leaving-account.test.ts plays it";
const SYNTHESIZED = "test/infra/synth.test.ts runs it";
const PACKED = "test/tools/package packs, and installs what it packed";

/** Reads docs/deploy.md in a sandbox whose broker stands already, from a folder of `timelatch init` on. */
export const DEPLOYER: Script = {
  document: "docs/deploy.md",
  before: "become admin",
  values: {
    "https://<id>.execute-api.<region>.amazonaws.com": "$TIMELATCH_API",
    // Alone and without approval, the sample lends this on staging.
    "-c prod -p view": "-c staging -p view",
    "kubeconfig prod": "kubeconfig staging",
    "timelatch-prod": "timelatch-staging",
    "Platform=platform": "Payments=platform",
  },
  stages: {
    "timelatch init": {
      typed: [
        ["sign in to AWS", "identity-center\r"],
        ["account that people sign in to", "\r"],
        ["permission set", "\r"],
        ["first person", "alice\r"],
        ["e-mail address", "alice@example.com\r"],
        ["in Identity Center", "alice@example.com\r"],
        ["Slack workspace", "\r"],
        ["The archive's mode", "\r"],
        ["how many days", "\r"],
        ["concurrent executions", "\r"],
      ],
    },
    "cp ~/Downloads": { unplayed: PACKED },
    "node_modules/.bin/cdk": { unplayed: CDK },
    "timelatch synth": { unplayed: DEPLOYED },
    "timelatch deploy": { unplayed: DEPLOYED },
    "timelatch deploy --admin-profile": { unplayed: LEAVING },
    "aws dynamodb update-table": { unplayed: KEPT },
    "aws dynamodb delete-table": { unplayed: KEPT },
    "timelatch config set api": { before: "become alice" },
    "timelatch request": { typed: [["[y/N]", "y\r"]], prints: "active" },
    "timelatch whoami": { prints: "alice" },
    "kubectl --context": { prints: "default namespace" },
    "timelatch drain": {
      unplayed: "docs/guide-operator.md plays it; test/cli/commands plays the wait",
    },
    "timelatch destroy": { unplayed: DEPLOYED },
    "timelatch destroy --account": { unplayed: LEAVING },
    CDK_DEFAULT_ACCOUNT: { unplayed: SYNTHESIZED },
    "npx aws-cdk": { unplayed: CDK },
    "aws cloudformation deploy": {
      unplayed: "test/lab/sandbox/stack/bootstrapped-deploy.test.ts runs it",
    },
    "aws cloudformation create-stack": {
      unplayed: "test/cli/deployment/stack-sets.test.ts runs them",
    },
  },
};

/** Reads docs/doctor.md in the same sandbox. */
export const DOCTOR: Script = {
  document: "docs/doctor.md",
  before: "become admin",
  values: {},
  stages: {
    "aws cloudformation get-template": { prints: "timelatch-converge" },
    "aws cloudtrail lookup-events": {
      // Somebody changes the role, and repairs it.
      before: `
        aws iam put-role-policy --role-name timelatch-converge --policy-name more --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
        aws iam delete-role-policy --role-name timelatch-converge --policy-name more
        for _ in $(seq 100); do grep -qs DeleteRolePolicy "$SANDBOX/state/cloudtrail-events-us-east-1.jsonl" && break; sleep 0.2; done`,
      prints: "PutRolePolicy",
    },
  },
};

/** Reads docs/first-deployment.md in the same sandbox, which can settle nothing of AWS. */
export const FIRST_DEPLOYER: Script = {
  document: "docs/first-deployment.md",
  before: "become admin",
  values: {},
  stages: { "timelatch doctor --smoke": { unplayed: "test/cli/doctor/smoke plays it" } },
};

/** Only packs and installs. */
export const LIBRARY_USER: Script = {
  document: "docs/cdk.md",
  before: "true",
  values: {},
  stages: {
    ...{ "npm ci": { unplayed: PACKED }, "npm install": { unplayed: PACKED } },
    "cdk deploy": { unplayed: CDK },
  },
};

/** There is one release, so nobody upgrades yet. */
export const UPGRADER: Script = {
  document: "UPGRADING.md",
  before: "true",
  values: {},
  stages: {
    "npm ci": { unplayed: ".ci/run runs it" },
    "npm run synth": { unplayed: SYNTHESIZED },
    "npx cdk diff": { unplayed: CDK },
  },
};
