/** How long a bundle takes to load in a process of its own, as in a new execution environment of Lambda. */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { PRODUCTION } from "../../../infra/synth/settings.ts";

/** The variables that the stack sets for every function. */
const ENVIRONMENT = {
  AWS_REGION: "us-west-2",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  ARCHIVE_BUCKET: "archive",
  AUDIT_TABLE: "audit",
  BROKER_ACCOUNT: "111122223333",
  CONVERGE_QUEUE_ARN: "arn:aws:sqs:us-west-2:111122223333:timelatch-converge.fifo",
  CONVERGE_QUEUE_URL: "https://sqs/timelatch-converge.fifo",
  CONVERGE_VISIBILITY_SECONDS: String(PRODUCTION.convergeVisibilitySeconds),
  EVENT_BUS_NAME: "timelatch",
  EVIDENCE_QUEUE_URL: "https://sqs/evidence",
  FUSE_ROLE_ARN: "arn:aws:iam::111122223333:role/timelatch-fuse",
  LEDGER_TABLE: "ledger",
  NOTIFY_QUEUE_URL: "https://sqs/timelatch-notify.fifo",
  POWERTOOLS_METRICS_NAMESPACE: "Timelatch",
  REQUESTS_TABLE: "requests",
  SCHEDULE_DEAD_LETTER_ARN: "arn:aws:sqs:us-west-2:111122223333:dead",
  SCHEDULE_GROUP: "timelatch",
  SCHEDULE_ROLE_ARN: "arn:aws:iam::111122223333:role/timelatch-schedule",
  SEAL_KEY_ID: "11111111-2222-3333-4444-555555555555",
  SETTINGS: JSON.stringify(PRODUCTION.broker),
  SLACK_BOT_TOKEN_PARAMETER: "/timelatch/slack/bot-token",
  SLACK_SIGNING_SECRET_PARAMETER: "/timelatch/slack/signing-secret",
};

/** How long a load took, in milliseconds: on the clock, and of a processor, which a busy machine makes no longer. */
export interface Load {
  readonly clock: number;
  readonly processor: number;
}

/** Imports a bundle in a fresh process. */
async function loadOf(file: string, endpoint: string): Promise<Load> {
  const code = [
    "const [usage, before] = [process.cpuUsage(), performance.now()];",
    `await import(${JSON.stringify(file)});`,
    "const clock = performance.now() - before;",
    "const { user, system } = process.cpuUsage(usage);",
    "console.log(JSON.stringify({ clock, processor: (user + system) / 1000 }));",
    "process.exit();",
  ].join("\n");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", code],
    { env: { ...ENVIRONMENT, AWS_ENDPOINT_URL: endpoint } },
  );
  return JSON.parse(stdout) as Load;
}

/** Runs `work` beside a server that answers every read of a secret, as Parameter Store does. */
async function besideSecrets<T>(work: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ Parameter: { Name: "/x", Value: "s".repeat(32) } })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

/**
 * Loads bundles in turns, so that what else the machine does meets all.
 *
 * @param files by any name
 * @returns each load of each, by its name
 */
export const loadInTurns = <Name extends string>(
  files: Readonly<Record<Name, string>>,
  loads: number,
): Promise<Readonly<Record<Name, readonly Load[]>>> =>
  besideSecrets(async (endpoint) => {
    const names = Object.keys(files) as Name[];
    const times = Object.fromEntries(names.map((name) => [name, [] as Load[]]));
    for (let load = 0; load < loads; load += 1)
      for (const name of names) times[name]?.push(await loadOf(files[name], endpoint));
    return times as Record<Name, Load[]>;
  });
