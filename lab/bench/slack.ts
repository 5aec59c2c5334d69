/** Whether Slack's side is small and quick enough, and keeps up when many ask at once. */
import { boundsReport } from "./bounds-report.ts";
import type { Suite } from "./report.ts";
import { benchBundles } from "./slack/bundles.ts";
import { benchHours } from "./slack/hours.ts";
import { benchInSandbox } from "./slack/in-sandbox.ts";

export const benchSlack: Suite = async (progress) => {
  const figures = [
    ...(await benchBundles(progress)),
    ...(await benchHours(progress)),
    ...(await benchInSandbox(progress)),
  ];
  return boundsReport(figures, "", {});
};
