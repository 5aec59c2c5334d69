import { describe, expect, it } from "vitest";
import { acknowledgeFinding, listFindings, showFinding } from "../../cli/commands/findings.ts";
import { FINDING_CODES } from "../../shared/domain/evidence/findings/finding-record.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import { fakeTerminal, typist } from "./fake-terminal.ts";
import { runHere } from "./run-timelatch.ts";
import { acknowledged, apiWith, found, LISTED_TO } from "./sample-findings.ts";

const FINDING = found();
const ID = FINDING.findingId;
const ANOTHER = found("grantor-outside-call", { eventId: "another" });
const NOTE = "CHG-12 planned work";

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("timelatch findings", () => {
  it("timelatch findings lists who changed what on which principal, in 80 columns", async () => {
    const terminal = fakeTerminal({ api: apiWith([FINDING, ANOTHER]) });
    await listFindings(terminal.context, {});
    for (const text of [
      ID.slice(0, 8),
      "open",
      "prod",
      "changed from outside",
      "by mallory/mallory@example.com",
      "AssociateAccessPolicy AmazonEKSViewPolicy on people/alice: payments",
      "grantor role used from outside",
    ])
      expect(terminal.out()).toContain(text);
    expect(widest(terminal.out())).toBeLessThanOrEqual(80);
  });

  it.each(FINDING_CODES)("timelatch findings says in words what %s is", async (code) => {
    const terminal = fakeTerminal({ api: apiWith([found(code)]) });
    await listFindings(terminal.context, {});
    expect(terminal.out()).not.toContain(code);
    await showFinding(terminal.context, found(code).findingId, {});
    expect(terminal.out()).toContain(`(${code})`);
    expect(terminal.out()).toMatch(/Meaning +\S/);
  });

  it("timelatch findings asks only for the open ones, of the time that is given", async () => {
    const api = apiWith([FINDING]);
    await listFindings(fakeTerminal({ api }).context, { from: "2026-11-01", to: "2026-12-01" });
    const [from, to] = ["2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"];
    expect(api.calls.map(({ query }) => query)).toEqual([{ view: "open", from, to }]);
  });

  it("timelatch findings --all lists acknowledged ones too, of 90 days, and says up to when", async () => {
    const api = apiWith([FINDING], [{ ...acknowledged(), findingId: "f".repeat(32) }]);
    const terminal = fakeTerminal({ api });
    await listFindings(terminal.context, { all: true });
    expect(api.calls[0]?.query).toMatchObject({
      view: "all",
      from: "2026-08-26T10:05:00.000Z",
      to: "2026-11-24T10:05:00.000Z",
    });
    expect(terminal.out()).toContain("acknowledged");
    expect(terminal.err()).toBe(`All findings from 2026-08-26T10:05:00.000Z to ${LISTED_TO}.\n`);
  });

  it("timelatch findings says so where no finding is open", async () => {
    const terminal = fakeTerminal({ api: apiWith([]) });
    await listFindings(terminal.context, {});
    expect(terminal.out()).toBe("No finding is open.\n");
  });

  it("timelatch findings prints the API's findings under --json", async () => {
    const terminal = fakeTerminal({ api: apiWith([FINDING]), json: true });
    await listFindings(terminal.context, { all: true });
    expect(JSON.parse(terminal.out())).toEqual({ findings: [FINDING], to: LISTED_TO });
    expect(terminal.err()).toBe("");
  });

  it("timelatch findings shortens ids as far as they differ", async () => {
    const alike = { ...ANOTHER, findingId: `${ID.slice(0, 9)}${"0".repeat(23)}` };
    const terminal = fakeTerminal({ api: apiWith([FINDING, alike]) });
    await listFindings(terminal.context, {});
    expect(terminal.out()).toContain(`${ID.slice(0, 10)} `);
  });

  it("timelatch findings lists a call that failed with its error", async () => {
    const failed = found("outside-change", { errorCode: "AccessDenied" });
    const terminal = fakeTerminal({ api: apiWith([failed]) });
    await listFindings(terminal.context, {});
    expect(terminal.out()).toContain("people/alice: AccessDenied");
  });

  it.each([
    [{ from: "friday" }, "is neither a time ago"],
    [{ from: "2026-11-02", to: "2026-11-01" }, "earlier than --to"],
  ])("timelatch findings refuses %j, and sends nothing", async (options, said) => {
    const api = apiWith([]);
    const listing = listFindings(fakeTerminal({ api }).context, options);
    await expect(listing).rejects.toThrow(said);
    expect(api.calls).toEqual([]);
  });
});

describe("timelatch findings show", () => {
  it("timelatch findings show shows everything about a finding, by the beginning of its id", async () => {
    const terminal = fakeTerminal({ api: apiWith([FINDING, ANOTHER]) });
    await showFinding(terminal.context, ID.slice(0, 8), {});
    for (const text of [
      ID,
      "arn:aws:sts::111122223333:assumed-role/mallory/mallory@example.com",
      "203.0.113.10",
      "arn:aws:iam::111122223333:role/people/alice",
      "arn:aws:eks:us-west-2:111122223333:cluster/prod",
      "timelatch show 019ab5c0-0000-7000-8000-000000000001",
    ])
      expect(terminal.out()).toContain(text);
  });

  it("timelatch findings show says which call deleted the entry with what was added, and for whom", async () => {
    const terminal = fakeTerminal({ api: apiWith([found("taken-with-entry")]) });
    await showFinding(terminal.context, ID.slice(0, 8), {});
    for (const text of [
      "deleted by us, unseen (taken-with-entry)",
      "add it again",
      "2026-11-24 10:00:31",
      "9f1c2d3e-0000-4000-8000-0000000000de",
      "timelatch show 019ab5c0-0000-7000-8000-000000000001",
    ])
      expect(terminal.out()).toContain(text);
  });

  it("timelatch findings show finds an acknowledged finding, with the note", async () => {
    const terminal = fakeTerminal({ api: apiWith([], [acknowledged()]) });
    await showFinding(terminal.context, ID, {});
    expect(terminal.out()).toMatch(/Acknowledged +by dave, .*Planned work, CHG-12/s);
  });

  it("timelatch findings show asks only for the open findings if one of their ids begins so", async () => {
    const api = apiWith([FINDING]);
    await showFinding(fakeTerminal({ api }).context, ID.slice(0, 8), {});
    expect(api.calls.map(({ query }) => query?.["view"])).toEqual(["open"]);
  });

  it.each([
    ["open", (alike: FindingAnswer) => apiWith([FINDING, alike])],
    ["acknowledged", (alike: FindingAnswer) => apiWith([], [acknowledged(), alike])],
  ])("timelatch findings show does not choose between two %s that begin alike", async (_, api) => {
    const alike = { ...acknowledged(), findingId: `${ID.slice(0, 9)}${"0".repeat(23)}` };
    const { context } = fakeTerminal({ api: api(alike) });
    await expect(showFinding(context, ID.slice(0, 8), {})).rejects.toMatchObject({
      code: "ambiguous-finding",
    });
  });

  it.each(["", "7", `${ID}0`, "../v1/grants"])(
    "timelatch findings show does not accept %j as an id",
    async (id) => {
      const env = { TIMELATCH_API: "http://127.0.0.1:9" };
      const { code, err } = await runHere(["findings", "show", id], { env });
      expect(code).toBe(2);
      expect(err).toContain("Nothing was sent.");
    },
  );
});

describe("timelatch findings acknowledge", () => {
  const acknowledging = (api: ReturnType<typeof apiWith>, answer: string, json = false) => {
    const person = typist();
    const terminal = fakeTerminal({ interactive: true, api, json, prompt: person.prompt });
    const done = acknowledgeFinding(terminal.context, ID.slice(0, 8), { note: NOTE });
    return { terminal, done, typed: person.answer("Acknowledge this? [y/N] ", answer) };
  };
  const posts = ({ calls }: ReturnType<typeof apiWith>) =>
    calls.filter(({ method }) => method === "POST");

  it("timelatch findings acknowledge shows the finding, asks, and sends the note to its whole id", async () => {
    const api = apiWith([FINDING]);
    const { terminal, done, typed } = acknowledging(api, "y");
    await typed;
    await done;
    expect(terminal.err()).toContain("mallory@example.com");
    expect(posts(api)).toEqual([
      {
        method: "POST",
        path: `/v1/findings/${ID}/acknowledgement`,
        body: { note: NOTE },
        afterwards: `timelatch findings show ${ID}`,
      },
    ]);
    expect(terminal.out()).toMatch(/^Acknowledged\./);
  });

  it("timelatch findings acknowledge prints the finding under --json, and shows it before it asks", async () => {
    const { terminal, done, typed } = acknowledging(apiWith([FINDING]), "y", true);
    await typed;
    await done;
    expect(JSON.parse(terminal.out())).toEqual(acknowledged());
    expect(terminal.err()).toContain("mallory@example.com");
  });

  it("timelatch findings acknowledge sends nothing before it is confirmed", async () => {
    const api = apiWith([FINDING]);
    const { done, typed } = acknowledging(api, "");
    await Promise.all([typed, expect(done).rejects.toMatchObject({ code: "not-confirmed" })]);
    expect(posts(api)).toEqual([]);
  });

  it("timelatch findings acknowledge needs --yes without a terminal, and then does not ask", async () => {
    const api = apiWith([FINDING]);
    const { context } = fakeTerminal({ api });
    await expect(acknowledgeFinding(context, ID, { note: NOTE })).rejects.toMatchObject({
      code: "not-confirmed-by-flag",
    });
    expect(api.calls).toEqual([]);
    await acknowledgeFinding(context, ID, { note: NOTE, yes: true });
    expect(posts(api)).toHaveLength(1);
  });

  it("timelatch findings acknowledge asks for a note at a terminal, until there is one", async () => {
    const api = apiWith([FINDING]);
    const prompts = [typist(), typist()] as const;
    const { context } = fakeTerminal({ interactive: true, api });
    let opened = 0;
    const done = acknowledgeFinding(
      { ...context, prompt: () => (opened++ === 0 ? prompts[0] : prompts[1]).prompt },
      ID,
      {},
    );
    await prompts[0].answer("What did you find out? ", "");
    await prompts[0].answer("What did you find out? ", NOTE);
    await prompts[1].answer("Acknowledge this? [y/N] ", "y");
    await done;
    expect(posts(api)).toMatchObject([{ body: { note: NOTE } }]);
  });

  it("timelatch findings acknowledge needs a note with --yes, and sends nothing without", async () => {
    const api = apiWith([FINDING]);
    const { context } = fakeTerminal({ api });
    await expect(acknowledgeFinding(context, ID, { yes: true })).rejects.toThrow("--note");
    expect(api.calls).toEqual([]);
  });
});

describe("the tree of commands about findings", () => {
  it.each([[["findings"]], [["findings", "list"]], [["findings", "--all", "--json"]]])(
    "timelatch %j lists findings",
    async (args) => {
      // The list is the first thing that needs an address.
      const { code, err } = await runHere(args, { env: { HOME: "/nonexistent" } });
      expect(code).toBe(2);
      expect(err).toContain("API");
    },
  );
});
