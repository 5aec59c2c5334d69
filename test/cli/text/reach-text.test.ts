import { describe, expect, it } from "vitest";
import { reachRows } from "../../../cli/text/reach-text.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../../shared/http/contract/cluster-answer.ts";
import { activated, answerTo, approved, asked, denied, idOf } from "../sample-requests.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const CLUSTER = {
  name: "prod",
  clusterArn: "arn:aws:eks:us-west-2:111122223333:cluster/prod",
  setup: null,
} as unknown as ClusterAnswer;

const entry = (name: string, power: StandingEntryAnswer["power"]): StandingEntryAnswer => ({
  principalArn: `arn:aws:iam::111122223333:role/${name}`,
  kind: "ordinary",
  type: "STANDARD",
  username: name,
  createdAt: NOW,
  tagged: false,
  principal: "exists",
  power,
  policies: [],
  groups: [],
  isCut: false,
  readAt: "2026-11-24T10:00:00.000Z",
});

const summary = (step: ReturnType<typeof asked>) => answerTo(step) as unknown as RequestSummary;

describe("who can reach a cluster", () => {
  it("Grants and standing access stand in one list, most power first, unknown above edit", () => {
    const grant = summary(activated(approved(asked())));
    const rows = reachRows(
      CLUSTER,
      [grant],
      [entry("view", "view"), entry("unknown", "unknown"), entry("all", "everything")],
      NOW,
    );
    expect(rows.map(({ power, who }) => [power, who])).toEqual([
      ["everything", "role/all"],
      ["unknown", "role/unknown"],
      ["edit", "alice"],
      ["view", "role/view"],
    ]);
    expect(rows.find(({ who }) => who === "alice")).toMatchObject({ id: idOf(1) });
    expect(rows[0]?.through).toBe("standing, read 5m ago");
  });

  it("A request that lends nothing there is not in the list", () => {
    const elsewhere = summary(activated(approved(asked({ id: idOf(2) }))));
    const rows = reachRows(
      CLUSTER,
      [summary(asked()), summary(denied(asked())), { ...elsewhere, cluster: "staging" }],
      [],
      NOW,
    );
    expect(rows).toEqual([]);
  });
});
