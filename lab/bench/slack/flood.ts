/** Forged calls to Slack's route, five times what its throttle lets through, while 100 grants end. */
import { setTimeout as pause } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { callerKeys } from "../../../test/e2e/caller-keys.ts";
import type { SandboxProcess } from "../../../test/e2e/sandbox-process.ts";
import type { Figure } from "../storm/figure.ts";

const PEOPLE = ["alice", "bob", "carol"] as const;
const WAVES = 2;
/** Grants of each person in each wave: 102 grants together. */
const GRANTS = 17;
const LASTING_SECONDS = 30;
const PATIENCE_MS = 20_000;
const CALLS_PER_SECOND = 25;
/** The flood stops by itself, even if grants do not end. */
const LONGEST_MS = 120_000;

interface Ended {
  readonly expiresAt: string | null;
  readonly endedAt: string | null;
}

export async function benchFlood(sandbox: SandboxProcess): Promise<readonly Figure[]> {
  const stop = new AbortController();
  const flooding = flood(sandbox, stop.signal);
  const grants: Ended[] = [];
  try {
    for (let wave = 0; wave < WAVES; wave += 1) grants.push(...(await playWave(sandbox)));
  } finally {
    stop.abort();
  }
  const answers = await flooding;
  const late = grants.filter((grant) => !isInTime(grant)).length;
  const count = (status: number) => answers.get(status) ?? 0;
  const others = [...answers].filter(([status]) => status !== 401 && status !== 429);
  return [
    {
      name: "flood.late",
      what: `Late ends of ${grants.length} in the flood`,
      value: late,
      bound: 0,
      unit: "grants",
    },
    {
      name: "flood.otherAnswers",
      what: "Forged calls with another answer than 401 or 429",
      value: others.reduce((sum, [, each]) => sum + each, 0),
      bound: 0,
      unit: "calls",
    },
    {
      name: "flood.refused",
      what: "Forged calls that the function refused",
      value: count(401),
      bound: null,
      unit: "calls",
    },
    {
      name: "flood.throttled",
      what: "Forged calls that the gateway throttled",
      value: count(429),
      bound: null,
      unit: "calls",
    },
  ];
}

const isInTime = ({ expiresAt, endedAt }: Ended) =>
  expiresAt !== null && endedAt !== null && endedAt <= expiresAt;

/** @returns by status, how often it was answered */
async function flood(
  { apiUrl }: SandboxProcess,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const answers = new Map<number, number>();
  const end = Date.now() + LONGEST_MS;
  const call = async () => {
    const response = await fetch(`${apiUrl}/slack/interactivity`, forged());
    await response.arrayBuffer();
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
  };
  const calls: Promise<void>[] = [];
  while (!signal.aborted && Date.now() < end) {
    // A call without an answer counts as one of another kind.
    calls.push(call().catch(() => void answers.set(0, (answers.get(0) ?? 0) + 1)));
    await pause(1_000 / CALLS_PER_SECOND);
  }
  await Promise.all(calls);
  return answers;
}

const forged = () => ({
  method: "POST",
  body: `payload=${encodeURIComponent(JSON.stringify({ type: "block_actions" }))}`,
  headers: {
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": String(Math.floor(Date.now() / 1_000)),
    "x-slack-signature": `v0=${"0".repeat(64)}`,
  },
  signal: AbortSignal.timeout(PATIENCE_MS),
});

/** Lends access that all ends at about the same time, and waits until it has. */
async function playWave(sandbox: SandboxProcess): Promise<readonly Ended[]> {
  const end = Date.now() + LASTING_SECONDS * 1_000;
  const wave = PEOPLE.map(async (person) => {
    const call = await callerOf(sandbox, person);
    const grants: Ended[] = [];
    const ids: string[] = [];
    for (let n = 0; n < GRANTS; n += 1) {
      const seconds = Math.max(15, Math.round((end - Date.now()) / 1_000));
      ids.push((await call<{ readonly id: string }>("POST", "/v1/requests", asked(seconds))).id);
    }
    for (const id of ids) grants.push(await endOf(call, id, end));
    return grants;
  });
  return (await Promise.all(wave)).flat();
}

const asked = (seconds: number) => ({
  cluster: "staging",
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
  duration: `${seconds}s`,
  reason: "INC-4711 a flood",
});

type Call = <Answer>(method: string, path: string, body?: object) => Promise<Answer>;

async function callerOf(sandbox: SandboxProcess, person: string): Promise<Call> {
  const service = { service: "execute-api", region: "us-west-2", retries: 3 };
  const client = new AwsClient({ ...(await callerKeys(sandbox, person)), ...service });
  return async <Answer>(method: string, path: string, body?: object) => {
    const response = await client.fetch(`${sandbox.apiUrl}${path}`, {
      method,
      ...(body
        ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } }
        : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  };
}

/** The grant once it has ended; as it stands where that takes too long. */
async function endOf(call: Call, id: string, end: number): Promise<Ended> {
  for (;;) {
    const grant = await call<Ended>("GET", `/v1/requests/${id}`);
    if (grant.endedAt !== null || Date.now() > end + PATIENCE_MS) return grant;
    await pause(500);
  }
}
