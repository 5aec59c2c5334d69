/** How fast the sandbox is: its start, the broker's API through it, and its AWS port. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DescribeAccessEntryCommand, EKSClient } from "@aws-sdk/client-eks";
import { AwsClient } from "aws4fetch";
import { callerKeys } from "../../test/e2e/caller-keys.ts";
import {
  profileKeys,
  type SandboxProcess,
  startSandboxProcess,
} from "../../test/e2e/sandbox-process.ts";
import type { SandboxAddresses } from "../sandbox/stack/start.ts";
import { type Measurement, reportOf } from "./measurement.ts";
import type { Suite } from "./report.ts";
import { median, rounded } from "./statistics.ts";

/** A cold start uses a new folder, so that it synthesizes and bundles the stack. */
const COLD_STARTS = 3;
/** A warm start uses a folder that has the stack, and no other state. */
const WARM_STARTS = 5;
const WARM_REQUESTS = 50;
const CONCURRENCIES = [1, 16];
const WINDOWS = 5;
const WINDOW_MS = 600;
const REGION = "us-west-2";
const ENTRY = {
  clusterName: "prod",
  principalArn: "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-carol",
};

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One signed request to the broker's API, as `timelatch list` makes it. */
async function listRequests(sandbox: SandboxAddresses): Promise<void> {
  const client = new AwsClient({
    ...(await callerKeys(sandbox, "alice")),
    service: "execute-api",
    region: REGION,
    retries: 0,
  });
  const response = await client.fetch(`${sandbox.apiUrl}/v1/requests`);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`GET /v1/requests answered ${response.status}.`);
}

/** Calls a second in each window. Each caller waits for its answer before it calls again. */
async function callsPerSecond(
  call: () => Promise<unknown>,
  concurrency: number,
): Promise<readonly number[]> {
  const rates: number[] = [];
  for (let window = 0; window < WINDOWS; window += 1) {
    const start = performance.now();
    const until = start + WINDOW_MS;
    let calls = 0;
    const caller = async () => {
      while (performance.now() < until) {
        await call();
        calls += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, caller));
    rates.push((calls * 1_000) / (performance.now() - start));
  }
  return rates;
}

const measurement = (
  name: string,
  what: string,
  unit: Measurement["unit"],
  values: readonly number[],
): Measurement => ({ name, what, unit, median: rounded(median(values)), samples: values.length });

async function portRates(sandbox: SandboxAddresses): Promise<readonly Measurement[]> {
  const client = new EKSClient({
    endpoint: sandbox.awsUrl,
    region: REGION,
    credentials: profileKeys(sandbox, "admin"),
  });
  const call = () => client.send(new DescribeAccessEntryCommand(ENTRY));
  // The first calls open connections and fill the cache of IAM decisions.
  await callsPerSecond(call, Math.max(...CONCURRENCIES));
  const measured: Measurement[] = [];
  for (const concurrency of CONCURRENCIES)
    measured.push(
      measurement(
        `portCallsAt${concurrency}`,
        `AWS port, describe-access-entry, ${concurrency} at once`,
        "calls/s",
        await callsPerSecond(call, concurrency),
      ),
    );
  client.destroy();
  return measured;
}

export const benchSandbox: Suite = async (progress) => {
  const root = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  const folder = (name: string | number) => ["--dir", path.join(root, String(name)), "--fresh"];
  const starts = { cold: [] as number[], warm: [] as number[] };
  const requests = { cold: [] as number[], warm: [] as number[] };
  let sandbox: SandboxProcess | undefined;
  const start = async (args: readonly string[], into: number[]) => {
    const begun = performance.now();
    const started = await startSandboxProcess(args);
    sandbox = started;
    into.push(performance.now() - begun);
    requests.cold.push(await took(() => listRequests(started)));
    return started;
  };
  try {
    for (let run = 0; run < COLD_STARTS; run += 1) {
      progress(`Cold start ${run + 1} of ${COLD_STARTS}`);
      await (await start(folder(run), starts.cold)).stop();
    }
    let last: SandboxProcess | undefined;
    for (let run = 0; run < WARM_STARTS; run += 1) {
      progress(`Warm start ${run + 1} of ${WARM_STARTS}`);
      await last?.stop();
      last = await start(folder(0), starts.warm);
    }
    if (!last) throw new Error("No sandbox started. Nothing was measured.");
    const running = last;
    progress(`${WARM_REQUESTS} requests to the API`);
    for (let request = 0; request < WARM_REQUESTS; request += 1)
      requests.warm.push(await took(() => listRequests(running)));
    progress("Calls to the AWS port");
    const port = await portRates(running);
    return reportOf([
      measurement("startCold", "start until ready, with synthesis", "ms", starts.cold),
      measurement("startWarm", "start until ready, stack in place", "ms", starts.warm),
      measurement("apiRequestCold", "API request, the first after a start", "ms", requests.cold),
      measurement("apiRequestWarm", "API request, warm", "ms", requests.warm),
      ...port,
    ]);
  } finally {
    await sandbox?.stop();
    rmSync(root, { recursive: true, force: true });
  }
};
