/**
 * How large the bundles of `slack` and `notify` are, and how long they take to load. They are
 * compared with bundles of only the same AWS clients and Slack's own client. Their work must cost
 * no cold start.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { compileAccessFile, readAccessFile } from "../../infra/synth/access-file.ts";
import { inRepository } from "../../infra/synth/repository.ts";
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { rounded } from "../statistics.ts";
import type { Figure } from "../storm/figure.ts";

/** The most that a bundle may be of its bare one, in size and in time. */
const MOST_TIMES = 1.25;
const LOADS = 15;

/** The AWS clients of a function, by package and class. */
const CLIENTS = {
  slack: ["dynamodb/DynamoDBClient", "sqs/SQSClient", "ssm/SSMClient"],
  notify: [
    "dynamodb/DynamoDBClient",
    "eventbridge/EventBridgeClient",
    "ssm/SSMClient",
    "sqs/SQSClient",
  ],
} as const;

type Name = keyof typeof CLIENTS;

/** A module that makes one of each client. At its start it asks for a secret and waits for none, as `slack`. */
function bareModule(name: Name): string {
  const clients = CLIENTS[name].map((client) => client.split("/") as [string, string]);
  return [
    ...clients.map(
      ([service, client]) => `import { ${client} } from "@aws-sdk/client-${service}";`,
    ),
    'import { GetParameterCommand } from "@aws-sdk/client-ssm";',
    'import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";',
    'import { WebClient } from "@slack/web-api";',
    `export const clients = [${clients.map(([, client]) => `new ${client}({})`).join(", ")}];`,
    "export const document = DynamoDBDocumentClient.from(clients[0]);",
    'export const web = new WebClient("xoxb");',
    "export const commands = [GetCommand, TransactWriteCommand, QueryCommand, UpdateCommand];",
    name === "slack"
      ? 'clients[2].send(new GetParameterCommand({ Name: "/x" })).catch(() => undefined);'
      : "export const read = GetParameterCommand;",
  ].join("\n");
}

/** As infra bundles a function. */
async function bundled(entry: string, file: string): Promise<number> {
  await build({
    absWorkingDir: inRepository(),
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    logLevel: "error",
    // Slack's client is CommonJS.
    banner: entry.endsWith("-bare.ts")
      ? {
          js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
        }
      : {},
  });
  return statSync(file).size;
}

const ENVIRONMENT = {
  AWS_REGION: "us-west-2",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  REQUESTS_TABLE: "requests",
  AUDIT_TABLE: "audit",
  CONVERGE_QUEUE_URL: "https://sqs/converge.fifo",
  NOTIFY_QUEUE_URL: "https://sqs/notify.fifo",
  EVENT_BUS_NAME: "timelatch",
  SLACK_BOT_TOKEN_PARAMETER: "/timelatch/slack/bot-token",
  SLACK_SIGNING_SECRET_PARAMETER: "/timelatch/slack/signing-secret",
  POWERTOOLS_METRICS_NAMESPACE: "Timelatch",
  SETTINGS: JSON.stringify(PRODUCTION.broker),
};

/** Milliseconds on the clock to import a bundle in a fresh process. */
async function loadMs(file: string, endpoint: string): Promise<number> {
  const code = [
    "const before = performance.now();",
    `await import(${JSON.stringify(file)});`,
    'console.log("took " + (performance.now() - before));',
    "process.exit();",
  ].join("\n");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", code],
    { env: { ...ENVIRONMENT, AWS_ENDPOINT_URL: endpoint } },
  );
  return Number(/took ([\d.]+)/.exec(stdout)?.[1]);
}

interface Figures {
  readonly bytes: number;
  readonly bareBytes: number;
  readonly loadMs: number;
  readonly bareLoadMs: number;
}

async function measured(name: Name, folder: string, endpoint: string): Promise<Figures> {
  const bareEntry = path.join(folder, `${name}-bare.ts`);
  writeFileSync(bareEntry, bareModule(name));
  const own = path.join(folder, `${name}.mjs`);
  const bare = path.join(folder, `${name}-bare.mjs`);
  const bytes = await bundled(`functions/${name}.ts`, own);
  const bareBytes = await bundled(bareEntry, bare);
  const times = { own: [] as number[], bare: [] as number[] };
  // In turns, so that what else the machine does meets both.
  for (let load = 0; load < LOADS; load += 1) {
    times.own.push(await loadMs(own, endpoint));
    times.bare.push(await loadMs(bare, endpoint));
  }
  return {
    bytes,
    bareBytes,
    // What else the machine does only adds to a load, so the quickest tells most of the bundle.
    loadMs: rounded(Math.min(...times.own)),
    bareLoadMs: rounded(Math.min(...times.bare)),
  };
}

const times = (part: number, whole: number) => Number((part / whole).toFixed(3));

const figuresOf = (name: Name, { bytes, bareBytes, loadMs: own, bareLoadMs }: Figures) => {
  const bound = MOST_TIMES;
  return [
    {
      name: `size.${name}`,
      what: `${name}: ${kilobytes(bytes)} KB, bare ${kilobytes(bareBytes)} KB`,
      value: times(bytes, bareBytes),
      ...{ bound, unit: "times" as const },
    },
    {
      name: `load.${name}`,
      what: `${name}: loads in ${own} ms, bare in ${bareLoadMs} ms`,
      value: times(own, bareLoadMs),
      ...{ bound, unit: "times" as const },
    },
  ];
};

const kilobytes = (bytes: number) => Math.round(bytes / 1_024);

/** Answers every read of a secret, as Parameter Store does. */
async function secretServer(): Promise<Server> {
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ Parameter: { Name: "/x", Value: "s".repeat(32) } })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Both functions against their bare bundles. */
export async function benchBundles(progress: (line: string) => void): Promise<readonly Figure[]> {
  // Inside the repository, where the bare bundles find their packages.
  mkdirSync(inRepository("cdk.out"), { recursive: true });
  const folder = mkdtempSync(path.join(inRepository("cdk.out"), "bench-"));
  const server = await secretServer();
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    compileAccessFile(readAccessFile(inRepository("access.yaml")), folder);
    const all: Figure[] = [];
    for (const name of ["slack", "notify"] as const) {
      progress(`Bundles of ${name}`);
      all.push(...figuresOf(name, await measured(name, folder, endpoint)));
    }
    return all;
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
