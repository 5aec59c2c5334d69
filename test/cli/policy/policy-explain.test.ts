import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TICKET_FILE } from "../../../lab/fakes/ticket-policy.ts";
import { type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
let sample = "";
beforeAll(() => {
  folder = policyFolder();
  sample = folder.write("access.yaml", SAMPLE);
});
afterAll(() => folder.remove());

const EDIT = ["--cluster", "prod", "--policy", "edit", "--namespace", "payments-api"];
const explain = (as: string, ...more: readonly string[]) =>
  folder.policy("explain", sample, "--as", as, ...more);
/** The value beside a name in two columns. */
const factOf = (out: string, name: string) => new RegExp(`^ {2}${name} +(.*)$`, "m").exec(out)?.[1];

describe("timelatch policy explain", () => {
  it("timelatch policy explain shows the rule that decides, who must approve, and what it permits", async () => {
    const { code, out } = await explain("alice", ...EDIT);
    expect(code).toBe(0);
    expect(out).toContain("alice may, by payments-edit: it would wait for approval.");
    expect(factOf(out, "Needs")).toBe("bob of payments-leads");
    expect(factOf(out, "Permits")).toContain("read, write on configmaps");
    expect(factOf(out, "For")).toBe("1h, from its approval on");
  });

  it("timelatch policy explain --verbose lists verbs and resources", async () => {
    const { out } = await explain("alice", ...EDIT, "--verbose");
    expect(out).toMatch(/^ {2}impersonate +serviceaccounts$/m);
  });

  it("timelatch policy explain without a reason assumes one, and says what the rule requires", async () => {
    const { out } = await explain("alice", ...EDIT);
    expect(factOf(out, "Reason")).toBe(
      "at least 10 characters, with a ticket that matches ^(PAY|INC)-[0-9]+$",
    );
    const { code, err } = await explain("alice", ...EDIT, "--reason", "no ticket at all");
    expect(code).toBe(3);
    expect(err).toContain("payments-edit requires a ticket in the reason");
  });

  it("timelatch policy explain shows why the three nearest rules refuse, and how many more do", async () => {
    const { code, out, err } = await explain("alice", ...EDIT, "--duration", "1d");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain("alice may not (duration-too-long)");
    const rules = [...err.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name);
    expect(rules).toEqual(["payments-edit", "payments-admin", "payments-break-glass"]);
    const others = [...SAMPLE.matchAll(/^ {2}- name: /gm)].length - rules.length;
    expect(err).toContain(`And ${others} rules that are further away: --json has each.`);
    expect(err).toContain("    payments-edit lends for at most 4h.");
  });

  it("timelatch policy explain names the rules that the person may not use", async () => {
    const { err } = await explain("mallory", ...EDIT);
    expect(err).toContain("    payments-edit is not for mallory.");
  });

  it("timelatch policy explain names further rules that would allow it", async () => {
    const rule = SAMPLE.slice(
      SAMPLE.indexOf("  - name: payments-edit"),
      SAMPLE.indexOf("  - name: payments-admin"),
    );
    const twice = SAMPLE + rule.replace("payments-edit", "second").replace(/\n {4}reason.*/, "");
    const file = folder.write("twice.yaml", twice);
    const { out } = await folder.policy("explain", file, "--as", "alice", ...EDIT);
    expect(factOf(out, "Or by")).toBe("second, where --rule names it");
  });

  it("timelatch policy explain judges a start by the instant at which it is asked", async () => {
    const start = [...EDIT, "--starts-at", "2026-12-24T04:00Z"];
    expect((await explain("alice", ...start, "--at", "2026-12-24T03:00Z")).code).toBe(0);
    const late = await explain("alice", ...start, "--at", "2026-12-24T05:00Z");
    expect(late.code).toBe(3);
    expect(late.err).toContain("--starts-at: Name an instant that is still to come");
  });

  it("timelatch policy explain says that a person has no principal in the cluster's account", async () => {
    const { err } = await explain("dave", ...EDIT);
    expect(err).toContain("dave may not (policy-denied)");
    expect(err).not.toContain("is not among the principals");
  });

  it("timelatch policy explain --json has the decision in the API's words, and what every rule says", async () => {
    const allowed = JSON.parse((await explain("alice", ...EDIT, "--json")).out);
    expect(allowed).toMatchObject({
      as: "alice",
      reasonAssumed: true,
      decision: { allowed: true, rule: "payments-edit", duration: "1h" },
    });
    const refused = JSON.parse((await explain("bob", ...EDIT, "--json")).out);
    expect(refused.decision).toMatchObject({ allowed: false, problem: "policy-denied" });
    expect(refused.rules[0]).toMatchObject({
      rule: "payments-edit",
      objections: [{ code: "not-for-you" }],
    });
  });

  it.each([
    ["an unknown person", ["--as", "alise", ...EDIT], "Did you mean alice?"],
    ["a time without a zone", ["--as", "alice", ...EDIT, "--at", "tomorrow"], "is not an instant"],
    ["no cluster", ["--as", "alice", "--policy", "edit", "-n", "x"], "--cluster"],
    ["a wrong namespace", ["--as", "alice", "-c", "prod", "-p", "edit", "-n", "X"], "--namespace"],
    ["no person", EDIT, "--as"],
  ])("timelatch policy explain refuses %s as wrong usage", async (_, args, said) => {
    const { code, err } = await folder.policy("explain", sample, ...args);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  it("timelatch policy explain refuses a policy that is not sound, with the place", async () => {
    const file = folder.write("broken.yaml", `${SAMPLE}\ncolour: blue\n`);
    const { code, err } = await folder.policy("explain", file, "--as", "alice", ...EDIT);
    expect(code).toBe(11);
    expect(err).toMatch(/^ {2}broken\.yaml:\d+:1: colour: Unknown key\.$/m);
  });
});

describe("timelatch policy explain of a rule with hours", () => {
  const STAGING = ["--cluster", "staging", "--group", "payments-editors"];

  it("timelatch policy explain --at within the hours shows them as open", async () => {
    const { code, out } = await explain("alice", ...STAGING, "--at", "2026-11-27T17:59:59+01:00");
    expect(code).toBe(0);
    expect(factOf(out, "Hours")).toBe("mon–fri 08:00–18:00 Europe/Berlin; open now");
  });

  it("timelatch policy explain --at outside the hours says when they begin next, before all other rules", async () => {
    const { code, err } = await explain("alice", ...STAGING, "--at", "2026-11-27T18:00+01:00");
    expect(code).toBe(3);
    expect(err.replaceAll(/\s+/g, " ")).toContain(
      "Closest: staging-edit lends mon–fri 08:00–18:00 Europe/Berlin, and this was asked for on fri 2026-11-27 18:00 Europe/Berlin. It opens next on mon 2026-11-30 08:00 Europe/Berlin.",
    );
  });

  it("timelatch policy explain judges the start by the hours too", async () => {
    const start = ["--starts-at", "2026-11-28T09:00+01:00"];
    const { err } = await explain("alice", ...STAGING, "--at", "2026-11-27T12:00+01:00", ...start);
    expect(err.replaceAll(/\s+/g, " ")).toContain(
      "this would start on sat 2026-11-28 09:00 Europe/Berlin.",
    );
  });
});

describe("timelatch policy explain of a rule that asks a tracker", () => {
  const about = (...more: readonly string[]) => {
    const file = folder.write("tickets.yaml", TICKET_FILE);
    return folder.policy("explain", file, "--as", "alice", ...EDIT, ...more);
  };

  it("timelatch policy explain says without a ticket that its tracker is asked, and never that it is granted at once", async () => {
    const { out } = await about();
    expect(out).toContain("alice may, by ticket-edit: it would be granted once its tracker has");
    expect(factOf(out, "Ticket")).toContain("one of payments: its tracker is asked");
    expect(factOf(out, "Reason")).toBe("one ticket of payments");
  });

  it("timelatch policy explain --ticket with what the tracker has judges by it", async () => {
    expect((await about("--ticket", "PAY-123")).code).toBe(0);
    const met = await about("--ticket", "PAY-123=open:alice");
    expect(factOf(met.out, "Ticket")).toContain("PAY-123: its tracker is asked");
    const closed = await about("--ticket", "PAY-123=closed:alice");
    expect(closed.code).toBe(3);
    expect(closed.err.replaceAll(/\s+/g, " ")).toContain(
      "It would wait for its ticket. ticket-edit lends nothing: PAY-123 is not open or in-progress.",
    );
    const json = JSON.parse((await about("--ticket", "PAY-123=open:bob:dave", "--json")).out);
    expect(json).toMatchObject({
      ticket: { status: "open", assignee: "bob", reporter: "dave" },
      decision: { allowed: false, refusals: [{ objections: [{ code: "ticket-not-yours" }] }] },
    });
  });

  it.each([
    ["a status of no tracker", "PAY-123=resolved", "closed, neither, unknown, missing"],
    ["a person of no policy", "PAY-123=open:alise", "nobody called alise"],
    ["more than it has", "PAY-123=open:alice:bob:dave", "PAY-123=open:alice:bob"],
  ])(
    "timelatch policy explain refuses a ticket with %s as wrong usage",
    async (_, ticket, said) => {
      const { code, err } = await about("--ticket", ticket);
      expect(code).toBe(2);
      expect(err).toContain(said);
    },
  );
});
