import { describe, expect, it } from "vitest";
import { type ReachOptions, reach } from "../../cli/commands/reach.ts";
import { Failure } from "../../cli/failures/failure.ts";
import { verdictText } from "../../cli/text/reach-person-text.ts";
import type { StandingEntryAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { aCluster, aStanding, THE_CREATORS } from "./sample-clusters.ts";
import { GRANT, THEN } from "./sample-reach.ts";

const CAROLS = aStanding({ people: ["carol", "dave"] });

interface World {
  readonly entries?: readonly StandingEntryAnswer[];
  readonly past?: Partial<ReachAnswer>;
  readonly grant?: { readonly state: "ending" };
  readonly json?: boolean;
}

/** `access.yaml` names alice, carol and dave. */
async function shown(options: ReachOptions, { entries, past, grant, json = false }: World = {}) {
  const found = entries ?? [CAROLS, THE_CREATORS];
  const api = fakeApi(({ path }) => {
    const [, name = ""] = /^\/v1\/people\/([^/]+)\/access/.exec(path) ?? [];
    if (["alice", "carol", "dave"].includes(name)) return {};
    if (name !== "")
      throw new Failure("notFound", "person-not-found", {
        what: "No such person.",
        notDone: "Nothing was read.",
        next: ["Next: wait."],
      });
    if (path === "/v1/grants") return { requests: [{ ...GRANT, ...grant }] };
    if (path.endsWith("/reach"))
      return {
        ...THEN,
        entries: found,
        grants: THEN.grants.map((one) => ({ ...one, ...grant })),
        ...past,
      };
    return { cluster: aCluster(), entries: found };
  });
  const terminal = fakeTerminal({ api, json });
  await reach(terminal.context, { cluster: "prod", ...options });
  return { out: terminal.out(), words: terminal.out().replace(/\s+/g, " "), calls: api.calls };
}

const IS = {
  access: "By Timelatch's record, alice has access.",
  standing: "has standing access by the last reading",
  maybe: "may have access",
  end: "",
};
const WAS = {
  access: "By Timelatch's record, alice had access.",
  standing: "had standing access by the reading before",
  maybe: "may have had access",
  end: " at that time",
};

describe.each<[string, ReachOptions, typeof IS]>([
  ["now", {}, IS],
  ["at an instant of the past", { at: "2026-11-23T12:00Z" }, WAS],
])("timelatch reach --who, %s", (_when, options, verdict) => {
  it("Of alice it lists her grant, and how many principals have access that she may assume", async () => {
    const { out, words } = await shown({ ...options, who: "alice" });
    expect(words.startsWith(`prod: ${verdict.access} 1 through a grant, 0 standing`)).toBe(true);
    expect(words).toContain("alice: grant, ");
    expect(words).toContain(
      "Besides nodes and AWS's own, 2 other principals have access entries that access.yaml does not give to alice. Whoever may assume one has its access too",
    );
    expect(words).not.toMatch(/role\/people\/carol|role\/admin/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(["carol", "dave"])(
    "Standing access of a principal that two hold is also of %s",
    async (who) => {
      const { words } = await shown({ ...options, who });
      expect(words).toMatch(
        new RegExp(`^prod: ${who} ${verdict.standing}\\. 0 through grants, 1 standing`),
      );
      expect(words).toContain("carol, dave (role/people/carol): standing, read");
      expect(words).toContain("Besides nodes and AWS's own, another principal has an access entry");
      expect(words).not.toContain("role/admin");
    },
  );

  it("Entries by which nobody gets access are no other way in", async () => {
    const entries = [
      aStanding({ principal: "gone" }),
      aStanding({ principal: "recreated" }),
      aStanding({ kind: "node", type: "EC2_LINUX" }),
    ];
    const { words } = await shown({ ...options, who: "alice" }, { entries });
    expect(words.startsWith(`prod: ${verdict.access}`)).toBe(true);
    expect(words).not.toContain("assume");
  });

  it("Without a grant or a principal of theirs, it says that Timelatch knows of no access", async () => {
    const { words } = await shown({ ...options, who: "dave" }, { entries: [THE_CREATORS] });
    expect(words).toMatch(
      new RegExp(`^prod: Timelatch knows of no access of dave${verdict.end}\\. 0 through grants`),
    );
  });

  it.each<[string, Partial<StandingEntryAnswer>]>([
    ["a group, which the cluster's roles may bind to anything", { power: "unknown" }],
    ["neither a policy nor a group", { power: "none" }],
  ])("An entry with %s may give access", async (_what, changes) => {
    const { words } = await shown(
      { ...options, who: "carol" },
      { entries: [{ ...CAROLS, ...changes }] },
    );
    expect(words.startsWith(`prod: carol ${verdict.maybe}. 0 through grants, 1 standing`)).toBe(
      true,
    );
  });

  it("A grant that was on its way, or whose end had begun, may give access", async () => {
    const { words } = await shown(
      { ...options, who: "alice" },
      {
        entries: [],
        grant: { state: "ending" },
      },
    );
    expect(words.startsWith(`prod: alice ${verdict.maybe}. 1 through a grant`)).toBe(true);
  });

  it("A name that access.yaml does not have is no proof of no access", async () => {
    const { words } = await shown({ ...options, who: "alcie" });
    expect(words).toMatch(
      new RegExp(
        `^prod: Timelatch knows of no grant of alcie${verdict.end}\\. 0 through grants\\. `,
      ),
    );
    expect(words).not.toContain("0 standing");
    expect(words).toContain(
      "access.yaml does not name alcie, so only grants were looked for. Check the spelling.",
    );
  });

  it("--json has the person's part, and whether access.yaml has the name", async () => {
    const { out } = await shown({ ...options, who: "carol" }, { json: true });
    expect(JSON.parse(out)).toMatchObject({
      who: { name: "carol", isNamed: true },
      clusters: [{ grants: [], entries: [{ people: ["carol", "dave"] }] }],
    });
  });
});

describe("timelatch reach --who --at", () => {
  it("Where standing access is not known, nothing is counted as its lack", async () => {
    const standing = { reading: null, following: null, changed: [], unknown: "not-read" as const };
    const { words } = await shown(
      { at: "2026-11-23T12:00Z", who: "carol" },
      { entries: [], past: { standing } },
    );
    expect(words).toMatch(
      /^prod: Timelatch knows of no access of carol at that time\. 0 through grants\. Standing access at that time is not known/,
    );
  });

  it("A person who was not read is a failure, and no list", async () => {
    const api = fakeApi(() => {
      throw new Failure("unavailable", "api-unavailable", {
        what: "The API did not answer.",
        notDone: "Nothing was read.",
        next: ["Next: wait."],
      });
    });
    const { context } = fakeTerminal({ api });
    await expect(reach(context, { cluster: "prod", who: "alice" })).rejects.toThrow(
      "did not answer",
    );
  });
});

describe("The verdict about a list that was not read to its end", () => {
  const nobody = { name: "bob", isNamed: true };
  it.each([
    ["now", "Not all was read. What was read has no access of bob."],
    ["then", "Not all was read. What was read has no access of bob at that time."],
  ] as const)("says no more than that, of %s", (when, said) => {
    expect(verdictText({ grants: [], entries: [] }, nobody, { when, isCut: true })).toBe(said);
  });
});
