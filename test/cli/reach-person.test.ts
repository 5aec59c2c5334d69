import { describe, expect, it } from "vitest";
import { type ReachOptions, reach } from "../../cli/commands/reach.ts";
import { Failure } from "../../cli/failures/failure.ts";
import type { StandingEntryAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { aCluster, aStanding, THE_CREATORS } from "./sample-clusters.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

const GRANT = answerTo(activated(approved(asked())));
const AT = "2026-11-23T12:00:00.000Z";
const READ = "2026-11-23T10:00:00.000Z";
const CAROLS = aStanding({ people: ["carol", "dave"] });
const THEN: ReachAnswer = {
  cluster: aCluster(),
  at: AT,
  since: "2026-11-01T00:00:00.000Z",
  startedFrom: "2026-11-22T12:00:00.000Z",
  standing: {
    reading: { startedAt: READ, completedAt: READ, read: 5, explained: 3 },
    following: "2026-11-23T16:00:00.000Z",
    changed: [],
    unknown: null,
  },
  grants: [
    {
      id: GRANT.id,
      requester: "alice",
      principalArn: GRANT.principalArn,
      access: GRANT.access,
      state: "active",
      startsAt: null,
      approvedAt: "2026-11-23T11:00:00.000Z",
      effectiveAt: "2026-11-23T11:00:10.000Z",
      revokeAt: "2026-11-23T12:58:00.000Z",
      goneAt: "2026-11-23T12:58:20.000Z",
    },
  ],
  findings: [],
  entries: [],
  leftOut: 0,
};

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
  access: "has access",
  standing: "has standing access by the last reading",
  maybe: "may have access",
  end: "",
};
const WAS = {
  access: "had access",
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
    expect(words.startsWith(`prod: alice ${verdict.access}. 1 through a grant, 0 standing`)).toBe(
      true,
    );
    expect(words).toContain("alice: grant, ");
    expect(words).toContain(
      "2 other principals have standing access that access.yaml does not give to alice. Whoever may assume one has it too",
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
      expect(words).toContain("Another principal has standing access");
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
    expect(words.startsWith(`prod: alice ${verdict.access}.`)).toBe(true);
    expect(words).not.toContain("assume");
  });

  it("Without a grant or a principal of theirs, it says that Timelatch knows of no access", async () => {
    const { words } = await shown({ ...options, who: "dave" }, { entries: [THE_CREATORS] });
    expect(words).toMatch(
      new RegExp(`^prod: Timelatch knows of no access of dave${verdict.end}\\. 0 through grants`),
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
