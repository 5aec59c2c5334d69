import { describe, expect, it } from "vitest";
import { reach } from "../../cli/commands/reach.ts";
import type { ClusterAnswer } from "../../shared/http/contract/cluster-answer.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { aCluster, aStanding, clusterApi, THE_CREATORS } from "./sample-clusters.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

const GRANT = answerTo(activated(approved(asked())));
const OLD = { startedAt: "2026-11-23T10:00:00.000Z", completedAt: "2026-11-23T10:01:00.000Z" };

async function shown(cluster: ClusterAnswer, options: { readonly json?: boolean } = {}) {
  const elsewhere = { ...GRANT, cluster: "staging" };
  const api = clusterApi(cluster, [aStanding(), THE_CREATORS], [GRANT, elsewhere]);
  const terminal = fakeTerminal({ api, ...options });
  await reach(terminal.context, { cluster: "prod" });
  return terminal.out();
}

const wordsOf = (text: string) => text.replace(/\s+/g, " ");

describe("timelatch reach", () => {
  it("Grants and standing access stand in one list, most power first, in 80 columns", async () => {
    const text = await shown(aCluster());
    expect(text).toMatch(
      /^prod: 1 through grants, 2 standing\. Standing access was read 3m ago\.\n/,
    );
    const who = ["role/admin", "alice", "role/people/carol"].map((name) => text.indexOf(name));
    expect(who).toEqual(who.toSorted((a, b) => a - b));
    expect(wordsOf(text)).toContain("everything role/admin: standing, read 3m 30s ago");
    expect(wordsOf(text)).toContain(
      "alice: grant, until 10:59 UTC (54m left) AmazonEKSEditPolicy in",
    );
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each<[string, Partial<ClusterAnswer>, string]>([
    ["was not read", { standing: null }, "is not known: not read yet."],
    ["is of yesterday", { standing: { ...OLD, read: 5, explained: 2 } }, "since is not known."],
    [
      "could not be read again",
      { failure: { code: "AccessDeniedException", at: "2026-11-24T10:03:00.000Z" } },
      "AccessDeniedException",
    ],
  ])("What is not known is said: standing access that %s", async (_what, changes, said) => {
    expect(wordsOf(await shown(aCluster(changes)))).toContain(said);
  });

  it("Where EKS reads aws-auth too, whoever is in it is said to be missing", async () => {
    const text = await shown(aCluster({}, { authenticationMode: "API_AND_CONFIG_MAP" }));
    expect(wordsOf(text)).toContain("Whoever is in it has access that is not listed.");
  });

  it("--json has what the API answered, and the instant", async () => {
    const found = JSON.parse(await shown(aCluster(), { json: true }));
    expect(found).toMatchObject({
      clusters: [{ cluster: { name: "prod" }, grants: [{ id: GRANT.id }], entries: [{}, {}] }],
    });
    expect(found.at).toMatch(/^2026-11-24T/);
  });
});
