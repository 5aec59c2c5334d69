/** How soon the app acknowledges what people do in Slack, through the sandbox: cold and warm. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxProcess } from "../../../test/e2e/sandbox-process.ts";
import { median, percentile, rounded } from "../statistics.ts";
import type { Figure } from "../storm/figure.ts";
import { CHANNEL, type SlackDesk, slackDesk } from "./slack-desk.ts";

const COLD_MS = 1_000;
const WARM_MS = 150;
const COLD_ROUNDS = 2;
const WARM_ROUNDS = 8;
/** The gateway takes five calls a second on each route. */
const APART_MS = 220;
const SEEN_MS = 250;
const ALICE = "U0001";
const BOB = "U0002";

type Times = Map<string, number[]>;

/** @throws Error where an interaction fails */
export async function benchAcknowledgements(sandbox: SandboxProcess): Promise<readonly Figure[]> {
  const desk = slackDesk(sandbox);
  const calls = await callsOfOneGrant(desk);
  const cold: Times = new Map();
  const warm: Times = new Map();
  for (let round = 0; round < COLD_ROUNDS; round += 1)
    await playRound(desk, `cold-${round}`, cold, () => endFunction(sandbox.pid));
  // One round opens connections that the measured ones use.
  await playRound(desk, "first", new Map());
  for (let round = 0; round < WARM_ROUNDS; round += 1) await playRound(desk, `warm-${round}`, warm);
  return [...figuresOf("cold", cold, COLD_MS), ...figuresOf("warm", warm, WARM_MS), ...calls];
}

const command = (user: string, text: string) => ({
  kind: "command",
  user,
  channel: CHANNEL,
  command: "/access",
  text,
});

/** Every interaction once. @param before called before each */
async function playRound(
  desk: SlackDesk,
  name: string,
  times: Times,
  before: () => void | Promise<void> = () => undefined,
): Promise<void> {
  const act = async (what: string, action: Readonly<Record<string, unknown>>) => {
    await before();
    times.set(what, [...(times.get(what) ?? []), await desk.act(action)]);
    await pause(APART_MS);
  };
  const ask = async (what: string, namespace: string) => {
    await act(what, command(ALICE, `prod edit ${namespace} 5m INC-4711 stuck rollout`));
    const { channel, ts } = await desk.message("approve", namespace);
    return { kind: "block_actions", user: BOB, channel, ts };
  };
  const first = await ask("command", `payments-${name}-a`);
  await act("details", { ...first, action_id: "details" });
  await act("approve", { ...first, action_id: "approve" });
  const second = await ask("command", `payments-${name}-b`);
  await act("deny", { ...second, action_id: "deny" });
  const denial = await desk.view(BOB);
  const note = { note: { note: "Use staging." } };
  await act("submit", { kind: "view_submission", user: BOB, view: denial, values: note });
  await act("form", command(ALICE, ""));
  const form = { user: ALICE, view: await desk.view(ALICE) };
  const chosen = { block_id: "cluster", action_id: "cluster", value: "staging" };
  await act("select", { kind: "block_actions", ...form, ...chosen, values: {} });
  await act("home", { kind: "app_home_opened", user: ALICE });
}

/** Counts the calls of the Web API for one grant, from its question to its end. */
async function callsOfOneGrant(desk: SlackDesk): Promise<readonly Figure[]> {
  const before = await desk.calls();
  await desk.act(command(ALICE, "prod edit payments-one 20s INC-4711 stuck rollout"));
  const { channel, ts } = await desk.message("approve", "payments-one");
  await desk.act({ kind: "block_actions", user: BOB, channel, ts, action_id: "approve" });
  await desk.says("payments-one", " has ended.");
  const after = await desk.calls();
  return ["chat.postMessage", "chat.update", "chat.getPermalink"].map((method) => ({
    name: `grant.${method}`,
    what: `${method} for one grant`,
    value: (after.get(method) ?? 0) - (before.get(method) ?? 0),
    bound: null,
    unit: "calls" as const,
  }));
}

function figuresOf(kind: "cold" | "warm", times: Times, bound: number): readonly Figure[] {
  const figure = (what: string, name: string, value: number, most: number | null): Figure => ({
    name: `${kind}.${what}.${name}`,
    what: `${what} is acknowledged, ${kind}, ${name}`,
    value: rounded(value),
    bound: most,
    unit: "ms",
  });
  return [...times].flatMap(([what, values]) =>
    kind === "cold"
      ? [figure(what, "latest", Math.max(...values), bound)]
      : [
          figure(what, "median", median(values), bound),
          figure(what, "p95", percentile(values, 95), bound),
        ],
  );
}

/**
 * Ends the processes of the function `slack`, so that the next call starts one. Only Linux has
 * /proc.
 */
async function endFunction(sandboxPid: number): Promise<void> {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    if (isSlackFunction(entry, sandboxPid)) process.kill(Number(entry), "SIGKILL");
  // A call in the moment before the sandbox sees the end would meet a dead process.
  await pause(SEEN_MS);
}

function isSlackFunction(pid: string, sandboxPid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(parent) !== sandboxPid) return false;
    return /AWS_LAMBDA_FUNCTION_NAME=\S*slack/i.test(readFileSync(`/proc/${pid}/environ`, "utf8"));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
