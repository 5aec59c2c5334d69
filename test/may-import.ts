/** A package that is not a module of Node.js. */
export const ANY_PACKAGE = "(any package)";

/**
 * Allowed imports, from the inside outwards; by folder, or by file. The first row that a file is
 * under counts. Files of the same row are always allowed, and nothing that is not listed.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // Pure: no AWS, no clock, no randomness, no input or output.
  "shared/domain": ["node:crypto", "node:util", "canonicalize"],
  "shared/ports": ["shared/domain"],
  "shared/usecases": ["shared/domain", "shared/ports"],
  // The words of notices, which every medium shows.
  "shared/notices": ["shared/domain"],
  "shared/policy-file": ["shared/domain", "node:fs", "node:path", "yaml", "zod"],
  // Only for the command: nothing that is deployed works on a policy as a whole.
  "shared/policy-tools": ["shared/domain", "shared/policy-file", "zod"],
  "shared/http": [
    "shared/domain",
    "shared/ports",
    "zod",
    "@middy/core",
    "aws-lambda",
    // Cursors are sealed.
    "node:crypto",
  ],
  // Services that others run, by fetch: their libraries would cost more at a cold start than all the rest.
  "shared/outside": ["shared/domain", "shared/ports"],
  "shared/aws": [
    "shared/domain",
    "shared/ports",
    "shared/outside",
    "shared/email",
    "shared/slack",
    "shared/config.ts",
    "@aws-sdk/*",
    "aws4fetch",
    "node:*",
  ],
  // Drawn, and sent by no code of its own.
  "shared/email": ["shared/domain", "shared/notices"],
  // Only Slack's types: its libraries cost more at a cold start than all the rest.
  "shared/slack": [
    "shared/domain",
    "shared/ports",
    "shared/usecases",
    "shared/notices",
    "shared/http/contract",
    "node:crypto",
    "zod",
    "@slack/types",
  ],
  "shared/config.ts": ["shared/domain"],
  // Not shared/policy: the policy is compiled when the stack is synthesized.
  functions: [
    "shared/domain",
    "shared/ports",
    "shared/usecases",
    "shared/http",
    "shared/slack",
    "shared/aws/composition-root.ts",
    "shared/aws/activity-composition.ts",
    "shared/aws/archive-composition.ts",
    "shared/aws/outside-composition.ts",
    "shared/aws/standing-composition.ts",
    "shared/aws/witness-composition.ts",
    "shared/config.ts",
    "node:fs/promises",
    "@middy/core",
    "@aws-lambda-powertools/*",
    "aws-lambda",
  ],
  // File paths of functions, never their code.
  infra: [
    "shared/domain",
    "shared/policy-file",
    "shared/http/contract/routes.ts",
    "shared/slack/slack-routes.ts",
    "shared/aws/dynamodb/indexes.ts",
    "aws-cdk-lib",
    "cdk-nag",
    "constructs",
    "esbuild",
    "node:*",
  ],
  // An emulator that shared our types would share our misreadings; only its logs hide what ours hide.
  "lab/sandbox/aws": ["shared/domain/values/visible-text.ts", "node:*", ANY_PACKAGE],
  "lab/sandbox/slack": [
    "lab/sandbox/aws/store.ts",
    "lab/sandbox/aws/report-defect.ts",
    "node:*",
    ANY_PACKAGE,
  ],
  "lab/sandbox/outside": [
    "lab/sandbox/aws/store.ts",
    "lab/sandbox/aws/report-defect.ts",
    "lab/sandbox/slack/http.ts",
    "node:*",
    ANY_PACKAGE,
  ],
  // It learns everything else from the synthesized template.
  "lab/sandbox": [
    "shared/domain/values/visible-text.ts",
    "lab/command-line.ts",
    "node:*",
    ANY_PACKAGE,
  ],
  // It makes the page's files from its sources; the page itself never sees it.
  "console/bundle-page.ts": ["esbuild", "node:*"],
  // Runs in the browser: of the product only rules, answers, and the words that the command prints.
  console: [
    "shared/domain",
    "shared/http/contract",
    "cli/text",
    "cli/terminal",
    "react",
    "react-dom",
    "@cloudscape-design/*",
  ],
  // It loads the reader of policies only where a command asks for one: test/cli/start.test.ts.
  cli: [
    "shared/domain",
    "shared/http",
    // `people match` reads lists of people with a person's own token.
    "shared/outside",
    "shared/policy-file",
    "shared/policy-tools",
    "console/bundle-page.ts",
    "package.json",
    "node:*",
    ANY_PACKAGE,
  ],
  // It bundles by path what people install.
  "tools/package": [
    // The packed command has the answers of the program.
    "cli",
    "infra/synth/function-bundles.ts",
    "console/bundle-page.ts",
    "lab/command-line.ts",
    "esbuild",
    "node:*",
  ],
  // The same pages as the command's, as a site.
  "tools/docs": ["cli/docs", "marked", "node:*"],
  tools: [
    "shared/domain",
    "shared/http",
    "shared/policy-file",
    "shared/slack",
    "lab/command-line.ts",
    // The gallery of Slack draws windows of a broker in memory on the sandbox's page.
    "lab/fakes",
    "lab/sandbox/slack/page",
    "lab/sandbox/slack/methods/message-content.ts",
    "lab/sandbox/demo/chromium.ts",
    "infra/synth/settings.ts",
    "vitest/node",
    "node:*",
  ],
  // The text of a mutant imports from where the file is that it changes.
  "lab/simulation/mutants": [
    "lab/simulation",
    "shared/domain",
    "lab/domain/values/errors.ts",
    "lab/shared/domain/entries",
  ],
  // The fakes of the tests are what it runs the broker on.
  "lab/simulation": [
    "shared/domain",
    "shared/ports",
    "shared/usecases",
    "infra/synth/settings.ts",
    "lab/fakes",
    "lab/command-line.ts",
    "esbuild",
    "node:*",
  ],
  "lab/bench": [
    "shared",
    "cli/api",
    "cli/audit",
    "cli/policy",
    "infra/permissions",
    "infra/stacks",
    "infra/synth",
    "aws-cdk-lib",
    "lab/sandbox/slack",
    "lab/sandbox/stack",
    "lab/simulation",
    "lab/fakes",
    "test/e2e",
    // The broker on the tables of DynamoDB Local.
    "test/golden/table-broker.ts",
    "test/shared/aws/dynamodb/local-tables.ts",
    "lab/command-line.ts",
    "@aws-sdk/*",
    "@slack/web-api",
    "aws4fetch",
    "esbuild",
    "node:*",
  ],
  // From outside: of the broker only what its answers look like, and how a chain is verified.
  "lab/chaos": [
    "shared/domain/evidence/evidence-chain.ts",
    "shared/domain/requests",
    "shared/http/contract",
    "lab/sandbox/process/reaper.ts",
    "lab/sandbox/stack/start.ts",
    "lab/sandbox/world/account.ts",
    "lab/sandbox/world/slack-workspace.ts",
    "lab/simulation/random.ts",
    "test/e2e",
    "test/sample-principals.ts",
    "lab/command-line.ts",
    "@aws-sdk/client-eks",
    "@aws-sdk/client-iam",
    "aws4fetch",
    "yaml",
    "node:*",
  ],
  // It describes the protocol by itself, in Spin's language.
  "lab/model": ["lab/command-line.ts", "node:*"],
  // It reads policies by itself. Only its comparison asks the product, too.
  "lab/oracle/compare.ts": ["lab/oracle", "shared/policy-file", "shared/policy-tools"],
  "lab/oracle": ["lab/simulation/random.ts", "lab/command-line.ts", "node:*"],
};
