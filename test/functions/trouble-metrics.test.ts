import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { describe, expect, it } from "vitest";
import { troubleMetrics } from "../../functions/metrics/trouble-metrics.ts";

/** What would be sent, in order. */
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

  it("no function sends metrics in another way", () => {
    const folder = path.resolve(import.meta.dirname, "../../functions");
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files)
      expect(readFileSync(path.join(folder, name), "utf8"), name).not.toMatch(
        /Metrics\b.*powertools|addMetric/,
      );
  });
});
