/** A request waits for its ticket, and is approved or refused by what its tracker says. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { edit, view } from "../../../../lab/fakes/memory-broker.ts";
import { JIRA_IDS, PAY_1, TICKET_FILE, ticketBroker } from "../../../../lab/fakes/ticket-policy.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { ticketKeyOf } from "../../../../shared/domain/policy/ticket-of-request.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { settleTicket } from "../../../../shared/usecases/requests/settle-ticket.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";

const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);

const fact = (readAt: string) => ({
  in: "payments",
  ticket: PAY_1,
  status: "open",
  assignee: JIRA_IDS.alice,
  readAt,
});

describe("A request of a rule that asks about a ticket", () => {
  it("It waits, its ticket is looked at now, and its terms and digest name it", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    expect(request).toMatchObject({ state: "pending", rule: "ticket-edit", ticket: "PAY-1" });
    expect(broker.looked).toEqual([PAY_1]);
    const other = await ticketBroker().askFor({ reason: "PAY-2 stuck rollout" });
    expect(other.digest).not.toBe(request.digest);
  });

  it.each([
    [
      "a named ticket stands above the reason",
      { ticket: "pay-7", reason: "as PAY-1 and PAY-2" },
      "PAY-7",
    ],
    ["the only one of the reason counts", { reason: "INC-4711 and UTF-8" }, "INC-4711"],
  ])("One ticket is asked about: %s", async (_, over, ticket) => {
    expect(await ticketBroker().askFor(over)).toMatchObject({ ticket });
  });

  it.each([
    ["two in the reason", { reason: "PAY-1 and PAY-2" }, "several"],
    ["none", { reason: "a stuck rollout" }, "neither the ask nor its reason"],
    ["one of another project", { ticket: "OPS-1" }, "is not one of"],
  ])("%s is refused, since one would vouch for the other", async (_, over, part) => {
    await expect(ticketBroker().askFor({ ...over, rule: "ticket-edit" })).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining(part),
      facts: { refusals: [{ objections: [{ code: "ticket-missing" }] }] },
    });
  });

  it("Naming a ticket chooses a rule that asks for one", async () => {
    const broker = ticketBroker();
    await expect(broker.askFor({ rule: "break-glass", ticket: "PAY-1" })).rejects.toMatchObject({
      facts: {
        refusals: [
          {
            objections: expect.arrayContaining([
              expect.objectContaining({ code: "ticket-not-asked" }),
            ]),
          },
        ],
      },
    });
  });

  it("It is open and alice's, so the policy approves, with the fact on record", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.ticket();
    expect(await broker.sweep([PAY_1])).toMatchObject({ settled: 1, looks: 0 });
    const grant = await broker.reload(request);
    expect(grant).toMatchObject({ state: "approved" });
    const approval = (await broker.history(grant)).at(-1);
    expect(approval).toMatchObject({
      type: "approve",
      actor: "policy:ticket-edit",
      details: { ticket: fact(T0) },
    });
    expect(broker.queue.sent).toContainEqual(expect.objectContaining({ cause: "approved" }));
  });

  it.each([
    ["ticket-closed", "is not open or in-progress", { status: "done" }],
    ["ticket-not-yours", "is not assigned", { assignees: [JIRA_IDS.bob] }],
  ] as const)("The policy refuses it with %s", async (code, part, over) => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.ticket(over);
    await broker.sweep();
    expect(await broker.reload(request)).toMatchObject({
      state: "denied",
      outcome: { code, detail: expect.stringContaining(part) },
    });
    const event = (await broker.history(request)).at(-1);
    expect(event).toMatchObject({ type: "deny", details: { code, readAt: T0 } });
  });

  it("A ticket that is not there refuses it, and opens nothing", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.look({ missing: "not-found" });
    await broker.sweep();
    expect(await broker.reload(request)).toMatchObject({
      state: "denied",
      outcome: { code: "ticket-not-found" },
    });
  });

  it("Unknown settles nothing, and it lapses", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.look({ unknown: "denied" });
    expect(await broker.sweep()).toMatchObject({ settled: 0 });
    expect(await broker.reload(request)).toMatchObject({ state: "pending" });
    broker.clock.set(request.lapsesAt);
    await broker.ticket();
    expect(await broker.sweep()).toMatchObject({ settled: 0 });
  });

  it("An answer of before the request settles nothing: somebody may have closed it since", async () => {
    const broker = ticketBroker();
    await broker.ticket();
    broker.clock.advance(31);
    const request = await broker.askFor();
    await broker.sweep();
    expect(await broker.reload(request)).toMatchObject({ state: "pending" });
  });

  it("Other rules ask nothing, wait for nothing and read nothing", async () => {
    const broker = ticketBroker();
    const failing = () => Promise.reject(new Error("No read was due."));
    Object.assign(broker.front, { facts: { schedules: failing, tickets: failing } });
    const glass = await broker.ask({
      access: edit("payments-api"),
      durationSeconds: 600,
      rule: "break-glass",
    });
    expect(glass).toMatchObject({ state: "approved" });
    expect(broker.looked).toEqual([]);
  });

  it("A stopped person's request stays pending", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.ticket();
    await changeStops(broker.front, broker.actor("bob"), "suspend", "alice", "laptop stolen");
    expect(await broker.sweep()).toMatchObject({ settled: 0 });
    expect(await broker.reload(request)).toMatchObject({ state: "pending" });
  });

  it("An extension is asked about again, and its grant takes a step with it", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.ticket();
    await broker.sweep();
    await broker.converge(bindingOf(request));
    const grant = await broker.reload(request);
    expect(grant).toMatchObject({ state: "active" });
    broker.clock.advance(600);
    const extension = await broker.extend(grant);
    expect(extension).toMatchObject({ state: "pending", ticket: "PAY-1" });
    await broker.ticket();
    await broker.sweep();
    expect(await broker.reload(extension)).toMatchObject({ state: "approved" });
    expect(await broker.reload(grant)).toMatchObject({ extendedBy: extension.id });
  });

  it("The policy extends no grant for longer than its rule allows by now", async () => {
    const broker = ticketBroker();
    const request = await broker.askFor();
    await broker.ticket();
    await broker.sweep();
    await broker.converge(bindingOf(request));
    const grant = await broker.reload(request);
    broker.clock.advance(600);
    const extension = await broker.extend(grant);
    await broker.ticket();
    const none = { times: 0, totalSeconds: 60, approval: "none" } as const;
    const rules = broker.front.policy.rules.map((rule) => ({ ...rule, extend: none }));
    const ports = { ...broker.front, policy: { ...broker.front.policy, rules } };
    expect(await settleTicket(ports, extension)).toBe(false);
    expect(await broker.reload(extension)).toMatchObject({ state: "pending" });
    expect(await broker.reload(grant)).not.toHaveProperty("extendedBy");
  });
});

describe("Approvers of a request for a ticket", () => {
  const ask = (broker: ReturnType<typeof ticketBroker>) =>
    broker.askFor({ access: view("payments-api") });

  it("Their approval needs the ticket fresh, and keeps what it said", async () => {
    const broker = ticketBroker();
    const request = await ask(broker);
    await expect(broker.approve(request)).rejects.toMatchObject({ code: "ticket-unknown" });
    expect(broker.looked).toEqual([PAY_1, PAY_1]);
    await broker.ticket();
    const grant = await broker.approve(request);
    expect(grant).toMatchObject({
      state: "approved",
      approvals: [
        { ticket: { in: "payments", ticket: PAY_1, status: "open", reporter: JIRA_IDS.bob } },
      ],
    });
  });

  it("Nobody approves for a ticket that is not as the rule asks, and everybody may deny", async () => {
    const broker = ticketBroker();
    const request = await ask(broker);
    await broker.ticket({ reporter: JIRA_IDS.alice });
    await expect(broker.approve(request)).rejects.toMatchObject({
      code: "ticket-refused",
      facts: { reason: "ticket-not-yours" },
    });
  });

  it("Where the rule says so they decide while it is unknown, on record", async () => {
    const broker = ticketBroker();
    const request = await ask(broker);
    await broker.look({ unknown: "unreachable" });
    const grant = await broker.approve(request);
    expect(grant).toMatchObject({
      state: "approved",
      approvals: [{ ticket: { in: "payments", ticket: PAY_1, unknown: "unreachable" } }],
    });
    await broker.converge(bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An extension that needs no approval waits while it is unknown: nobody is there to decide", async () => {
    const file = TICKET_FILE.replace(
      "ifUnknown: ask } }",
      "$&\n    extend: { times: 2, total: 4h, approval: none }",
    );
    const broker = ticketBroker(parseAccessPolicy(file));
    const request = await ask(broker);
    await broker.ticket();
    await broker.converge(bindingOf(await broker.approve(request)));
    broker.clock.advance(600);
    const extension = await broker.extend(await broker.reload(request));
    broker.clock.advance(61);
    await broker.look({ unknown: "denied" });
    expect(await broker.sweep()).toMatchObject({ settled: 0 });
    expect(await broker.reload(extension)).toMatchObject({ state: "pending" });
    await broker.ticket();
    await broker.sweep();
    expect(await broker.reload(extension)).toMatchObject({ state: "approved" });
  });

  it("A ticket that is closed meanwhile refuses the request", async () => {
    const broker = ticketBroker();
    const request = await ask(broker);
    await broker.ticket();
    expect(await broker.sweep()).toMatchObject({ settled: 0 });
    broker.clock.advance(600);
    expect(await broker.sweep()).toMatchObject({ looks: 1 });
    await broker.ticket({ status: "done" });
    await broker.sweep();
    expect(await broker.reload(request)).toMatchObject({ outcome: { code: "ticket-closed" } });
  });
});

it.each(["OPS-1", "pay-1", "PAY-1/../PAY-2"])(
  "A record that was forged to be for %s has no ticket that anybody would look up",
  (ticket) => {
    const policy = parseAccessPolicy(TICKET_FILE);
    const rule = policy.rules.find(({ name }) => name === "ticket-edit");
    expect(ticketKeyOf(policy, rule, { ticket: "PAY-1" })).toBe(PAY_1);
    expect(ticketKeyOf(policy, rule, { ticket })).toBeUndefined();
  },
);

describe("The instants at which tickets are looked at", () => {
  it("Ten minutes after the last look while a request waits, and at once where the first was lost", async () => {
    const broker = ticketBroker();
    await broker.askFor({ access: view("payments-api") });
    expect(await broker.sweep()).toMatchObject({ looks: 1 });
    await broker.ticket();
    broker.clock.advance(599);
    expect(await broker.sweep()).toMatchObject({ looks: 0, unknown: 0 });
    broker.clock.advance(1);
    expect(await broker.sweep()).toMatchObject({ looks: 1, unknown: 0 });
    broker.clock.set(plusSeconds(T0, 900));
    expect(await broker.sweep()).toMatchObject({ looks: 1, unknown: 1 });
  });
});
