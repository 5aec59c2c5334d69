import { describe, expect, it } from "vitest";
import { delegate } from "../../cli/commands/delegate.ts";
import { endDelegation, listDelegations } from "../../cli/commands/delegations.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { aDelegationAnswer, apiWithDelegations } from "./sample-delegations.ts";

const ONE = aDelegationAnswer();
const LATER = aDelegationAnswer({
  id: "019abc00-1111-7000-8000-000000000008",
  by: "carol",
  to: "bob",
  state: "coming",
  from: "2026-11-25T08:00:00.000Z",
});

describe("timelatch delegate", () => {
  it("Somebody sees for whom and until when, and the delegation is sent as they named it", async () => {
    const api = apiWithDelegations([ONE]);
    const terminal = fakeTerminal({ api });
    await delegate(terminal.context, { to: "erin", until: "2026-11-26T10:00Z", yes: true });
    expect(terminal.err()).toContain("  Delegator  bob\n  Delegate   erin\n  From       at once\n");
    expect(api.calls.at(-1)).toMatchObject({
      method: "POST",
      path: "/v1/delegations",
      body: { to: "erin", until: "2026-11-26T10:00:00.000Z" },
    });
    expect(terminal.out()).toMatch(/^erin may approve for you until .* \(1d23h left\)\.\n/);
    expect(terminal.out()).toContain(`  timelatch delegations end ${ONE.id}\n`);
  });

  it("A beginning is sent, and shown as what is still to come", async () => {
    const api = apiWithDelegations([{ ...LATER, by: "bob", to: "erin" }]);
    const terminal = fakeTerminal({ api });
    const options = {
      to: "erin",
      from: "2026-11-25T08:00Z",
      until: "2026-11-26",
      yes: true,
    } as const;
    await delegate(terminal.context, options);
    expect(api.calls.at(-1)?.body).toEqual({
      to: "erin",
      from: "2026-11-25T08:00:00.000Z",
      until: "2026-11-26T00:00:00.000Z",
    });
    expect(terminal.out()).toMatch(/^erin may approve for you from 11-25 .* until /);
  });

  it("A key is sent with it: the one that was given, or a fresh one each time", async () => {
    const options = { to: "erin", until: "2026-11-26", yes: true } as const;
    const keysOf = async (...given: readonly { readonly idempotencyKey?: string }[]) => {
      const api = apiWithDelegations([ONE]);
      for (const more of given)
        await delegate(fakeTerminal({ api }).context, { ...options, ...more });
      return api.calls.flatMap(({ method, idempotencyKey }) =>
        method === "POST" ? [idempotencyKey] : [],
      );
    };
    expect(await keysOf({ idempotencyKey: "key-1" })).toEqual(["key-1"]);
    const fresh = await keysOf({}, {});
    expect(fresh).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.any(String)]);
    expect(new Set(fresh).size).toBe(2);
  });

  it("A key that no header can hold is refused, and nothing is sent", async () => {
    const api = apiWithDelegations([ONE]);
    const options = { to: "erin", until: "2026-11-26", yes: true, idempotencyKey: "a b" } as const;
    await expect(delegate(fakeTerminal({ api }).context, options)).rejects.toMatchObject({
      exit: "usage",
      message: expect.stringContaining("Nothing was sent."),
    });
    expect(api.calls).toEqual([]);
  });

  it("The API's answer is printed unchanged under --json", async () => {
    const terminal = fakeTerminal({ api: apiWithDelegations([ONE]), json: true });
    await delegate(terminal.context, { to: "erin", until: "2026-11-26", yes: true });
    expect(JSON.parse(terminal.out())).toEqual(ONE);
    expect(terminal.err()).toBe("");
  });
});

describe("timelatch delegations", () => {
  it("The list says who approves for whom, from when and until when, in 80 columns", async () => {
    const terminal = fakeTerminal({ api: apiWithDelegations([ONE, LATER]) });
    await listDelegations(terminal.context);
    const lines = terminal.out().trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^ID +DELEGATOR +DELEGATE +STATE +FROM +UNTIL/);
    expect(lines[1]).toMatch(/ bob +erin +in force /);
    expect(lines[2]).toMatch(/ carol +bob +coming /);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
  });

  it("An empty list says so", async () => {
    const terminal = fakeTerminal({ api: apiWithDelegations([]) });
    await listDelegations(terminal.context);
    expect(terminal.out()).toBe("Nobody delegates to you, and you delegate to nobody.\n");
  });

  it("A delegation is ended by the beginning of its id, after it was shown", async () => {
    const api = apiWithDelegations([ONE, LATER]);
    const terminal = fakeTerminal({ api });
    await endDelegation(terminal.context, ONE.id, { yes: true });
    expect(terminal.err()).toContain(`  Id         ${ONE.id}\n  Delegator  bob\n`);
    expect(api.calls).toContainEqual(
      expect.objectContaining({ method: "DELETE", path: `/v1/delegations/${ONE.id}` }),
    );
    expect(terminal.out()).toContain("Ended: erin may no longer approve for bob.");
  });

  it("The end names each other delegation of the same two people", async () => {
    const { id } = LATER;
    const again = { ...ONE, id };
    const terminal = fakeTerminal({ api: apiWithDelegations([ONE, again]) });
    await endDelegation(terminal.context, ONE.id, { yes: true });
    expect(terminal.out()).not.toContain("may no longer");
    const said = terminal.out().replace(/\s+/g, " ");
    expect(said).toContain(`erin STILL may approve for bob by delegation ${id}, until `);
    expect(terminal.out()).toContain(`\n  timelatch delegations end ${id}\n`);
  });

  it("Where the others cannot be read, the end says so", async () => {
    let lists = 0;
    const api = fakeApi(({ method }) => {
      if (method === "DELETE") return { ...ONE, state: "ended" };
      lists += 1;
      if (lists > 1) throw new Error("no answer");
      return { delegations: [ONE] };
    });
    const terminal = fakeTerminal({ api });
    await endDelegation(terminal.context, ONE.id, { yes: true });
    expect(terminal.out()).not.toContain("may no longer");
    expect(terminal.out()).toContain("Not read: whether another lets erin approve for bob.");
  });
});
