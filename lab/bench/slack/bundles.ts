/**
 * How large the bundles of `slack` and `notify` are, and how long they take to load. They are
 * compared with bundles of only the same AWS clients and Slack's own client. Their work must cost
 * no cold start.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { bundle, inBundleFolder } from "../bundles/bundle.ts";
import { loadInTurns } from "../bundles/load-time.ts";
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

interface Figures {
  readonly bytes: number;
  readonly bareBytes: number;
  readonly loadMs: number;
  readonly bareLoadMs: number;
}

async function measured(name: Name, folder: string): Promise<Figures> {
  const bareEntry = path.join(folder, `${name}-bare.ts`);
  writeFileSync(bareEntry, bareModule(name));
  const files = {
    own: path.join(folder, `${name}.mjs`),
    bare: path.join(folder, `${name}-bare.mjs`),
  };
  const { bytes } = await bundle(`functions/${name}.ts`, files.own);
  const { bytes: bareBytes } = await bundle(bareEntry, files.bare);
  const times = await loadInTurns(files, LOADS);
  return {
    bytes,
    bareBytes,
    // Other work on the machine only adds to a load, so the quickest load tells most about the
    // bundle.
    loadMs: rounded(Math.min(...times.own.map(({ clock }) => clock))),
    bareLoadMs: rounded(Math.min(...times.bare.map(({ clock }) => clock))),
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
      bound,
      unit: "times" as const,
    },
    {
      name: `load.${name}`,
      what: `${name}: loads in ${own} ms, bare in ${bareLoadMs} ms`,
      value: times(own, bareLoadMs),
      bound,
      unit: "times" as const,
    },
  ];
};

const kilobytes = (bytes: number) => Math.round(bytes / 1_024);

/** Both functions against their bare bundles. */
export const benchBundles = (progress: (line: string) => void): Promise<readonly Figure[]> =>
  inBundleFolder(async (folder) => {
    const all: Figure[] = [];
    for (const name of ["slack", "notify"] as const) {
      progress(`Bundles of ${name}`);
      all.push(...figuresOf(name, await measured(name, folder)));
    }
    return all;
  });
