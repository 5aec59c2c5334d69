/** `npm run bench -- SUITE`: measures a part of Timelatch. */
import { cpus } from "node:os";
import { runScript, UsageError, wholeNumber } from "../command-line.ts";
import { benchAudit } from "./audit.ts";
import { benchColdstart } from "./coldstart.ts";
import { benchCost } from "./cost.ts";
import { benchDeploy } from "./deploy.ts";
import { benchLoad } from "./load.ts";
import { benchPath } from "./path.ts";
import { benchPolicy } from "./policy.ts";
import type { Suite } from "./report.ts";
import { benchSandbox } from "./sandbox.ts";
import { benchSlack } from "./slack.ts";
import { benchStatus } from "./status.ts";
import { benchStorm } from "./storm.ts";

const SUITES: Readonly<Record<string, Suite>> = {
  sandbox: benchSandbox,
  storm: benchStorm,
  policy: benchPolicy,
  slack: benchSlack,
  audit: benchAudit,
  coldstart: benchColdstart,
  deploy: benchDeploy,
  path: benchPath,
  cost: benchCost,
  load: benchLoad,
  status: benchStatus,
};

const HELP = `npm run bench -- SUITE [options]

Measures a part of Timelatch. The exit code is 1 where a bound does not hold.

  sandbox            how fast the sandbox is on this machine; compare only figures of one machine
  storm              whether access ends in time when many grants end at once, or EKS is down:
                     virtual time, fixed seeds
  policy             whether a decision costs the same with 10,000 people and rules as with 10, and
                     whether timelatch policy check and diff cost the same a rule at 1,000 as at 100;
                     what check, explain, who, prove and diff cost at 1,000, and a replay of 100,000
                     requests
  slack              whether the bundles of slack and notify are as small, and load as fast, as their
                     AWS clients with Slack's own client; how late messages are in a busy hour; in a
                     sandbox, how soon each click is acknowledged, and whether access ends in time
                     in a flood of forged calls. Takes about seven minutes; Linux alone
  audit              whether an export of 1,000,000 events is verified in the memory of 100,000, and
                     whether an event, an archived record and an append to a chain cost the same
                     however many there are. Takes a few minutes
  coldstart          whether each function loads nearly as fast as its AWS clients alone: the median
                     of 15 loads, in turns
  deploy             whether policies of 10 to 1,000 rules, 50 to 5,000 people, 5 to 50 clusters and 1
                     to 5 accounts become stacks that AWS takes. Takes about ten minutes
  path               how many calls to AWS wait for one another between an approval and the access, in
                     a sandbox whose AWS answers late; prints which go out together
  cost               what 1,000 grants of an hour and a month cost at AWS's list prices, item by item:
                     one life on DynamoDB Local in virtual time, and the stack's template;
                     what schedules and tickets in access.yaml add to the month
  load               how soon 200 people are answered who ask, approve and return at once for five
                     minutes, in a sandbox; whether a call fails, or access ends late
  status             how long it takes to know what somebody with 50 grants on 20 clusters can do, against a
                     read of one request in the same run, and how many calls of DynamoDB it takes

  --quick            storm: fewer storms, in about a minute; load: 20 people for 20 seconds
  --lag-seconds N    storm: how far reads of EKS may be behind (default: 0)
  --json             print one JSON object as the last line
  --help             print this
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  "lag-seconds": { type: "string", default: "0" },
} as const;

function suiteNamed(positionals: readonly string[]): readonly [string, Suite] {
  const [name = "", ...others] = positionals;
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (suite && others.length === 0) return [name, suite];
  throw new UsageError(`Name one suite: ${Object.keys(SUITES).join(" or ")}.`);
}

const commandLine = { script: "bench", help: HELP, options: OPTIONS, takesArguments: true };
await runScript(commandLine, async ({ values, positionals }) => {
  const [name, suite] = suiteNamed(positionals);
  const { quick, json, "lag-seconds": lag } = values;
  const options = { quick, lagSeconds: wholeNumber("lag-seconds", lag) };
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const { lines, facts, holds } = await suite(progress, options);
  process.stdout.write(`${lines.join("\n")}\n`);
  const about = { suite: name, at: new Date().toISOString(), node: process.version };
  if (json)
    process.stdout.write(`${JSON.stringify({ ...about, cpus: cpus().length, ...facts })}\n`);
  return holds ? 0 : 1;
});
