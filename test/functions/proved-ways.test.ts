/**
 * The ways around claims are typed as `policy prove` prints them: by a shell's reading of the text, the command itself,
 * and the whole API over a broker in memory.
 */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stepText } from "../../cli/policy/step-text.ts";
import { T0 } from "../../lab/fakes/builders.ts";
import { type MemoryBroker, memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../lab/fakes/memory-cursor-keys.ts";
import { memoryNoticeStore } from "../../lab/fakes/memory-notice-store.ts";
import { memoryStandingStore } from "../../lab/fakes/memory-standing-store.ts";
import { TICKET_FILE, ticketBroker } from "../../lab/fakes/ticket-policy.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { ROUTES } from "../../shared/http/contract/routes.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { type BreachStep, stepsOf } from "../../shared/policy-tools/prove/steps.ts";
import { decideRequest } from "../../shared/usecases/requests/decide-request.ts";
import { type LoopbackApi, loopbackApi } from "../cli/loopback-api.ts";
import { runHere } from "../cli/run-timelatch.ts";
import { EDIT } from "../shared/policy-tools/prove/hole.ts";
import { proofOf } from "../shared/policy-tools/prove/hole-policy.ts";
import { HOLES } from "../shared/policy-tools/prove/holes.ts";
import { breachOf } from "../shared/policy-tools/prove/played-steps.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const ports: Record<string, unknown> = {};
standIns({ "aws/composition-root": { apiPorts: () => ports } });
const { handler } = await import("../../functions/api.ts");

/** The person who types now. */
const typing = { userArn: "" };
let api: LoopbackApi;
beforeAll(async () => {
  api = await loopbackApi(async ({ method, path, headers, body }) => {
    const [rawPath = "", query = ""] = path.split("?");
    const { route, pathParameters } = routeOf(method, rawPath);
    const answer = await handler(
      {
        routeKey: `${method} ${route}`,
        rawPath,
        headers,
        requestContext: {
          requestId: "gateway",
          authorizer: { iam: { userArn: typing.userArn, callerId: "AROA" } },
        },
        queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
        pathParameters,
        ...(body === undefined ? {} : { body: JSON.stringify(body), isBase64Encoded: false }),
      } as never,
      contextWith(() => 8_000),
    );
    const type = String(answer.headers?.["content-type"]);
    return { status: answer.statusCode ?? 500, type, body: String(answer.body) };
  });
});
afterAll(() => api.close());

/** The route that a path is of, and its parameters. */
function routeOf(method: string, path: string) {
  for (const route of ROUTES.filter((one) => one.method === method)) {
    const names = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
    const pattern = new RegExp(`^${route.path.replace(/\{[^}]+\}/g, "([^/]+)")}$`);
    const found = pattern.exec(path);
    if (found)
      return {
        route: route.path,
        pathParameters: Object.fromEntries(names.map((name, at) => [name, found[at + 1]])),
      };
  }
  throw new Error(`No route is for ${method} ${path}.`);
}

/** Puts a broker behind the API. */
function brokerOf<Broker extends MemoryBroker>(broker: Broker): Broker {
  const notices = memoryNoticeStore(broker.tables);
  const more = { cursorKeys: memoryCursorKeys(), notices, wakeNotify: async () => undefined };
  Object.assign(ports, broker.front, more);
  Object.assign(ports, { standing: memoryStandingStore(), evidence: broker.evidence });
  return broker;
}

/** The words of a command, as a shell reads them once the placeholders stand for ids. */
const words = (command: string): readonly string[] =>
  execFileSync("sh", ["-c", `timelatch() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: "utf8",
  })
    .split("\0")
    .slice(0, -1);

/** Types each step that somebody types, and does the others in Slack. @returns the requests and their extensions */
async function typed(
  policy: AccessPolicy,
  steps: readonly BreachStep[],
  broker = brokerOf(memoryBroker({ policy })),
) {
  const made: AccessRequest[][] = [];
  for (const step of steps) {
    if (step.when) broker.clock.set(step.when.at);
    if (step.kind === "extend") await begin(broker, made[step.request]?.at(-1));
    const before = new Set(broker.tables.requests.keys());
    if (step.surface === "slack") await inSlack(broker, step, made);
    else await byCommand(policy, step, made);
    const added = [...broker.tables.requests.keys()].find((id) => !before.has(id));
    const one = added === undefined ? undefined : await broker.front.requests.load(added);
    if (one && step.kind === "request") made.push([one]);
    if (one && step.kind === "extend") made[step.request]?.push(one);
  }
  return { broker, made };
}

async function byCommand(
  policy: AccessPolicy,
  step: BreachStep,
  made: readonly (readonly AccessRequest[])[],
): Promise<void> {
  const text = stepText(step, 100)
    .replaceAll(/<request (\d+)>/g, (_all, at) => made[Number(at) - 1]?.[0]?.id ?? "")
    .replaceAll(/<extension (\d+) of request (\d+)>/g, (_all, n, at) => {
      return made[Number(at) - 1]?.[Number(n)]?.id ?? "";
    });
  const args = words(text);
  const [userArn] = policy.people[step.as]?.identities.iam ?? [];
  typing.userArn = userArn ?? "";
  // Nobody sits at a terminal to confirm.
  const { code, err } = await runHere([...args, "--yes"], { env: { TIMELATCH_API: api.address } });
  expect({ text, code, err: code === 0 ? "" : err }).toEqual({ text, code: 0, err: "" });
}

async function inSlack(
  broker: MemoryBroker,
  step: BreachStep,
  made: readonly (readonly AccessRequest[])[],
): Promise<void> {
  if (step.kind !== "approve") throw new Error("Only approvals are given in Slack here.");
  const { id, digest } = made[step.request]?.[0] ?? { id: "", digest: "" };
  const behalf = step.onBehalfOf === undefined ? {} : { onBehalfOf: step.onBehalfOf };
  const actor = broker.actor(step.as, { surface: "slack" });
  await decideRequest(broker.front, actor, id, { verdict: "approve", digest, ...behalf });
}

async function begin(broker: MemoryBroker, grant: AccessRequest | undefined): Promise<void> {
  if (!grant) throw new Error("A step extends a request that nobody made.");
  broker.principals.set(grant.principalArn, "AROAHOLDER");
  await broker.converge(bindingKey(grant.cluster.arn, grant.principalArn));
}

describe("The way around a claim, as it is printed", () => {
  it.each(HOLES.filter(({ claim }) => "reach" in claim))(
    "It can be typed where $name",
    async (hole) => {
      const { policy, breach, steps } = breachOf(hole);
      const { broker, made } = await typed(policy, steps);
      const rules = breach.reaching.ways.map(({ rule }) => rule.name);
      expect(made.map(([first]) => first?.rule)).toEqual(rules);
      const after = await Promise.all(made.map((each) => Promise.all(each.map(broker.reload))));
      for (const { state } of after.flat())
        expect(["approved", "active", "extended"]).toContain(state);
      const [first, ...longer] = after[0] ?? [];
      const until = longer.at(-1)?.expiresAt;
      if (!until) return;
      // Ends are rounded down to the minute.
      const lasts = secondsBetween(first?.approvedAt ?? "", until);
      expect(Math.abs((breach.unattendedSeconds ?? 0) - lasts)).toBeLessThan(60);
    },
  );

  it("It can be typed where a rule asks a tracker, once the ticket is as it says", async () => {
    const policy = parseAccessPolicy(TICKET_FILE);
    const { breach } = proofOf(policy, { ...EDIT, except: [{ rule: "break-glass" }] });
    if (breach?.kind !== "reach") throw new Error("The claim was expected to fail.");
    const broker = brokerOf(ticketBroker(policy));
    const { made } = await typed(policy, stepsOf(policy, "prod", breach, T0), broker);
    const [first] = made[0] ?? [];
    expect(first).toMatchObject({ state: "pending", ticket: "PAY-1" });
    await broker.ticket();
    await broker.sweep();
    expect(await broker.reload(first as AccessRequest)).toMatchObject({ state: "approved" });
  });
});
