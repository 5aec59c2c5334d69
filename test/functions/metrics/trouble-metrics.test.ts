import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { describe, expect, it } from "vitest";
import { convergeTroubles } from "../../../functions/metrics/converge-metrics.ts";
import { troubleMetrics } from "../../../functions/metrics/trouble-metrics.ts";

/** The metrics that would be sent, in order. */
function recorder() {
  const sent: (readonly unknown[])[] = [];
  const metrics = {
    addMetric(...metric: readonly unknown[]) {
      sent.push(metric);
      return metrics;
    },
    publishStoredMetrics: () => void sent.push(["published"]),
  };
  return { sent, metrics: metrics as unknown as Metrics };
}

describe("the metrics of what is wrong", () => {
  it("a function where all is well sends no metric, so that CloudWatch bills none", () => {
    const { sent, metrics } = recorder();
    const report = troubleMetrics("converge", () => metrics);
    report({ OverdueGrants: 0, BareEntry: 0 });
    report({});
    expect(sent).toEqual([]);
  });

  it("a function sends what is wrong, and nothing else", () => {
    const { sent, metrics } = recorder();
    const report = troubleMetrics("converge", () => metrics);
    report({ OverdueGrants: 2, BareEntry: 0, FuseRefused: 1 });
    report({ UnpublishedEvents: 301 }, MetricUnit.Seconds);
    expect(sent).toEqual([
      ["OverdueGrants", "Count", 2],
      ["FuseRefused", "Count", 1],
      ["published"],
      ["UnpublishedEvents", "Seconds", 301],
      ["published"],
    ]);
  });

  it("converge counts both kinds of faults of a table, and of what Scheduler refuses", () => {
    const all = { overdueGrants: 1, bareEntries: 2, fusesRefused: 3, timersRefused: 6 };
    expect(
      convergeTroubles({ ...all, recordsLeftOut: 4, ledgersTooLarge: 5, ticketsUnread: 7 }),
    ).toEqual({
      OverdueGrants: 1,
      BareEntry: 2,
      FuseRefused: 9,
      TableFaults: 9,
      TicketsUnread: 7,
    });
  });

  it("each metric that an alarm reads is reported by its function", () => {
    const root = path.resolve(import.meta.dirname, "../../..");
    const textOf = (folder: string, isWanted: (name: string) => boolean) =>
      readdirSync(path.join(root, folder))
        .filter(isWanted)
        .map((name) => readFileSync(path.join(root, folder, name), "utf8"))
        .join("\n");
    const alarms = textOf("infra/constructs", (name) => name.endsWith("alarms.ts"));
    const read = [...alarms.matchAll(/reported\("(\w+)", "(\w+)"/g)];
    expect(read.length).toBeGreaterThan(8);
    for (const [, service = "", metric = ""] of read) {
      const sources = [
        textOf("functions", (name) => name === `${service}.ts`),
        textOf("functions/metrics", (name) => name === `${service}-metrics.ts`),
      ];
      expect(sources.join("\n"), `${service} ${metric}`).toMatch(new RegExp(`\\b${metric}\\b.*:`));
    }
  });

  it("no function sends metrics in another way", () => {
    const folder = path.resolve(import.meta.dirname, "../../../functions");
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files)
      expect(readFileSync(path.join(folder, name), "utf8"), name).not.toMatch(
        /Metrics\b.*powertools|addMetric/,
      );
  });
});
