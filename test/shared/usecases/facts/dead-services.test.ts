/** The calls of a grant whose own rule asks nothing outside, while the services answer, are dead, or let everybody wait. */
import { describe, expect, it, vi } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { type MemoryBroker, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import { ON_CALL_FILE, ON_CALL_IDS } from "../../../../lab/fakes/on-call-policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import type { OutsidePorts } from "../../../../shared/ports/function-ports.ts";
import { lookAtSchedules } from "../../../../shared/usecases/facts/look-at-schedules.ts";
import { lookAtTickets } from "../../../../shared/usecases/facts/look-at-tickets.ts";

const PLAIN = `  - name: payments-view
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], namespaces: ["payments-*"] }
    duration: { max: 4h, default: 1h }
    approval: [{ groups: [payments-leads] }]
`;
/** Others of alice's rules ask who is on call, and about tickets. */
const TICKETED = `  - name: payments-admin
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSAdminPolicy], namespaces: ["payments-*"] }
    duration: { max: 1h }
    approval: [{ groups: [payments-leads] }]
    reason: { ticket: { in: payments, assignee: requester } }
`;
const ASKING = parseAccessPolicy(
  `${ON_CALL_FILE.replace("people:\n", "tickets:\n  payments: { jira: { site: example.atlassian.net, projects: [PAY] } }\npeople:\n")}${PLAIN}${TICKETED}`,
);
const PAY_1 = "jira/example.atlassian.net/PAY-1";

type Services = Pick<OutsidePorts, "source" | "tickets">;

const MORNING = plusSeconds(T0, 28_800);
const answering: Services = {
  source: { look: async () => ({ shifts: [{ person: ON_CALL_IDS.bob, until: MORNING }] }) },
  tickets: {
    look: async () => ({
      ticket: { key: "PAY-1", status: "open", title: "A title", assignees: [] },
    }),
  },
};
const dead: Services = {
  source: { look: async () => ({ unknown: "unreachable" }) },
  tickets: { look: async () => ({ unknown: "unreachable" }) },
};
const forEver = () => new Promise<never>(() => undefined);
const silent: Services = { source: { look: forEver }, tickets: { look: forEver } };

const FRONT = [
  "requests",
  "delegations",
  "queue",
  "clusters",
  "stops",
  "facts",
  "outside",
] as const;

/** The names of the calls that a broker's ports get, in their order. */
function watched(broker: MemoryBroker): readonly string[] {
  const calls: string[] = [];
  for (const name of FRONT) {
    const port = broker.front[name] as unknown as Record<string, (...args: unknown[]) => unknown>;
    const methods = Object.entries(port).filter(([, made]) => typeof made === "function");
    for (const [method, made] of methods)
      vi.spyOn(port, method).mockImplementation((...args) => {
        calls.push(`${name}.${method}`);
        return made.apply(port, args);
      });
  }
  return calls;
}

/** Alice asks, bob approves, and converge lends, while outside looks. */
async function callsOf(policy: typeof ASKING, services: Services) {
  const broker = memoryBroker({ policy });
  const { clock, facts } = broker;
  const wake = { ticketsRead: async () => undefined };
  const ports = { clock, facts, policy, wake, settings: { lookPauseSeconds: 20 }, ...services };
  const run = { isTimeUp: () => false, log: () => undefined };
  const looks = [lookAtSchedules(ports, run), lookAtTickets(ports, { ...run, keys: [PAY_1] })];
  if (services !== silent) await Promise.all(looks);
  const calls = watched(broker);
  const grant = await broker.activeGrant({ access: view("payments-api") });
  expect(grant).toMatchObject({ state: "active", rule: "payments-view" });
  return { front: calls, converge: broker.calls };
}

describe("A grant whose rule asks nothing outside", () => {
  it("It makes the same calls while every service is dead, or never answers, as while all answer", async () => {
    const usual = await callsOf(ASKING, answering);
    expect(usual.front.length + usual.converge.length).toBeGreaterThan(30);
    expect(await callsOf(ASKING, dead)).toEqual(usual);
    expect(await callsOf(ASKING, silent)).toEqual(usual);
  });

  it("It makes one read more than where no rule of the person asks, and has nothing looked at", async () => {
    const { schedules: _, tickets: __, ...quiet } = ASKING;
    const asksNothing = {
      ...quiet,
      rules: quiet.rules.filter(({ name }) => name === "payments-view"),
    };
    const alone = await callsOf(asksNothing, dead);
    const beside = await callsOf(ASKING, dead);
    expect(beside.front.filter((each) => each !== "facts.schedules")).toEqual(alone.front);
    expect(beside.front.filter((each) => each === "facts.schedules")).toHaveLength(1);
    expect(beside.converge).toEqual(alone.converge);
  });
});
