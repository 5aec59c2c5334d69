/** `timelatch status` at a terminal of 80 columns. */
import { describe, expect, it } from "vitest";
import { status } from "../../cli/commands/status.ts";
import type { Suspended } from "../../shared/domain/entries/access-blocks.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { NOTHING_BESIDE } from "./sample-person-access.ts";
import { ALICE, idOf } from "./sample-requests.ts";

const ACCESS: PersonAccessAnswer = {
  person: "alice",
  at: "2026-11-24T10:05:00.000Z",
  cluster: "prod",
  unread: [],
  access: [
    {
      cluster: "prod",
      principalArn: ALICE,
      policy: "AmazonEKSEditPolicy",
      elements: ["ns/payments-api"],
      state: "there",
      by: idOf(1),
      from: null,
      asOf: null,
      until: "2026-11-24T11:00:00.000Z",
    },
  ],
  standingAsOf: "2026-11-24T09:40:00.000Z",
  ...NOTHING_BESIDE,
};

const SUSPENDED: Omit<Suspended, "mayLift"> = {
  code: "suspended",
  person: "alice",
  principalArn: null,
  by: "carol",
  at: "2026-11-24T10:00:00.000Z",
  reason: "laptop stolen",
  liftedBy: ["dora"],
};

const WAITING = {
  id: idOf(2),
  cluster: "prod",
  policy: "AmazonEKSViewPolicy",
  elements: ["cluster"],
  since: "2026-11-24T10:02:00.000Z",
  lapsesAt: "2026-11-25T10:02:00.000Z",
  needs: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
} as const;

async function shown(over: Partial<PersonAccessAnswer>, json = false): Promise<string> {
  const at = fakeTerminal({ json, api: fakeApi(() => ({ ...ACCESS, ...over })) });
  await status(at.context, "alice", { cluster: "prod" });
  return at.out();
}

const unwrapped = (text: string) => text.replace(/\s+/g, " ");

describe("The lines of timelatch status beside the access", () => {
  it("A suspension stands first, with the command for who may lift it", async () => {
    const text = await shown({ blocks: [{ ...SUSPENDED, mayLift: true }] });
    expect(text).toMatch(/^SUSPENDED: carol suspended alice at 10:00 UTC, 5m ago: laptop stolen\./);
    expect(text).toContain("; you can lift it.\n  timelatch suspend alice --lift\n");
    expect(text.indexOf("CLUSTER")).toBeGreaterThan(text.indexOf("--lift"));
  });

  it("A person who may not lift it reads who can, and no command", async () => {
    const text = await shown({ blocks: [{ ...SUSPENDED, reason: null, mayLift: false }] });
    expect(unwrapped(text)).toContain(
      "5m ago. Requests are refused, and grants end; dora can lift it.",
    );
    expect(text).not.toContain("--lift");
  });

  it("Another holder's suspension is said of the principal", async () => {
    const block = { ...SUSPENDED, person: "bob", principalArn: ALICE, mayLift: false };
    expect(unwrapped(await shown({ blocks: [block] }))).toContain(
      `Grants to ${ALICE} end, since bob may use it too; dora can lift it.`,
    );
  });

  it("A drain and a closed rule are said", async () => {
    const { by, at, liftedBy } = SUSPENDED;
    const reason = "an incident";
    const text = await shown({
      blocks: [
        { code: "drained", by, at, reason, liftedBy, mayLift: true },
        { code: "outside-hours", rule: "payments-edit", opensAt: "2026-11-24T20:00:00.000Z" },
        { code: "outside-hours", rule: "ops", opensAt: null },
      ],
    });
    expect(text).toContain("DRAINED: carol drained the broker at 10:00 UTC");
    expect(text).toContain("\n  timelatch drain --lift\n");
    expect(unwrapped(text)).toContain(
      "Rule payments-edit is outside of its hours; it opens 20:00 UTC, in 9h55m. Rule ops is outside of its hours; it does not open in the next 15 days.",
    );
  });

  it("A pending request is said with its id, since when it waits, and for whom", async () => {
    const text = await shown({ waiting: [WAITING] });
    expect(unwrapped(text)).toContain(
      "Waits since 10:02 UTC for approval by bob of payments-leads: AmazonEKSViewPolicy on all of prod; it lapses in 23h57m.",
    );
    expect(text).toContain(`\n  timelatch show ${WAITING.id}\n`);
  });

  it("Grants on other clusters are counted, with the command that shows them", async () => {
    expect(await shown({ grantsElsewhere: 2 })).toContain(
      "2 grants on other clusters:\n  timelatch status alice\n",
    );
    expect(await shown({ grantsElsewhere: 1 })).toContain("1 grant on other clusters:\n");
    for (const grantsElsewhere of [0, null])
      expect(await shown({ grantsElsewhere })).not.toContain("other clusters");
  });

  it("No line is wider than the terminal", async () => {
    const text = await shown({
      blocks: [{ ...SUSPENDED, reason: "word ".repeat(40).trim(), mayLift: true }],
      waiting: [WAITING],
      grantsElsewhere: 3,
    });
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("An older API says nothing of them, and --json has its answer", async () => {
    const { blocks: _b, waiting: _w, grantsElsewhere: _g, ...older } = ACCESS;
    const api = fakeApi(() => older);
    const at = fakeTerminal({ api });
    await status(at.context, "alice", { cluster: "prod" });
    expect(at.out()).toContain("AmazonEKSEditPolicy in payments-api");
    expect(JSON.parse(await shown({ waiting: [WAITING] }, true))).toMatchObject({
      waiting: [{ id: WAITING.id }],
    });
  });
});

describe("timelatch status of oneself", () => {
  const list = (count: number) => ({ requests: Array.from({ length: count }, () => ({})) });
  const own = async (over: Partial<PersonAccessAnswer> = {}, waiting: object = list(2)) => {
    const api = fakeApi(({ path, query }) => {
      if (path === "/v1/whoami") return { person: "alice" };
      if (path !== "/v1/requests") return { ...ACCESS, ...over };
      return query?.["view"] === "to-approve" ? waiting : list(1);
    });
    const at = fakeTerminal({ api });
    await status(at.context, undefined, {});
    return at.out();
  };

  it("It says what waits for one's decision and review, each with its command", async () => {
    const text = await own();
    expect(text).toContain("2 requests wait for your decision:\n  timelatch approve\n");
    expect(text).toContain("1 review waits for you:\n  timelatch review\n");
    expect(await own({}, { ...list(20), next: "more" })).toContain("20 or more requests wait");
  });

  it("It says who one is, at which API, and how far the clock of this machine is off", async () => {
    expect(await own()).toMatch(/\nYou are alice at https:\/\/api\.example\.com\.\n$/);
    expect(unwrapped(await own({ at: "2026-11-24T10:01:00.000Z" }))).toContain(
      "This machine's clock is 4m ahead: set it.",
    );
  });

  it("Of somebody else it says neither", async () => {
    expect(await shown({})).not.toMatch(/wait for your|You are/);
  });
});
