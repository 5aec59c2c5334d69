import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import type { CallRecord } from "../../../sandbox/aws/dispatch.ts";
import { faultTable } from "../../../sandbox/aws/faults.ts";
import { openState } from "../../../sandbox/process/state.ts";
import { accountEvents } from "../../../sandbox/stack/account-events.ts";
import { type AccountRegion, PLACES } from "../../../sandbox/world/account.ts";

/** A call that CloudTrail records, by somebody of an account, in a region. */
const callIn = ({ account: accountId, region }: AccountRegion): CallRecord => ({
  ...{ service: "eks", operation: "DeleteAccessEntry", status: 200, output: {} },
  input: { clusterName: "c", principalArn: `arn:aws:iam::${accountId}:role/x` },
  caller: {
    ...{ accountId, userId: "AROA:s", accessKeyId: "ASIA" },
    arn: `arn:aws:sts::${accountId}:assumed-role/x/s`,
    principalArn: `arn:aws:iam::${accountId}:role/x`,
  },
  ...{ requestId: "r", at: new Date(), region, userAgent: "test", sourceIp: "127.0.0.1" },
});

it("A rule on a default bus gets the calls of its own account and region alone, and each has its own history", async () => {
  const state = await openState(mkdtempSync(path.join(tmpdir(), "events-")), () => 1);
  const invoked: string[] = [];
  const ruleIn = ({ account, region }: AccountRegion) => ({
    ...{ name: "changes", busName: "default", pattern: { source: ["aws.eks"] } },
    arn: `arn:aws:events:${region}:${account}:rule/changes`,
    targets: [{ arn: `arn:aws:lambda:${region}:${account}:function:f` }],
  });
  const events = accountEvents({
    ...{ state, trailDelaySeconds: 0, faults: faultTable(), log: () => undefined },
    eventRules: () => PLACES.map(ruleIn),
    invoke(functionArn, event) {
      const [, , , region, account] = functionArn.split(":");
      invoked.push(`${account} ${region}: ${event.account} ${event.region}`);
    },
  });
  const stop = events.start();
  for (const place of PLACES) events.record(callIn(place));
  // A region that the sandbox lacks has no trail.
  events.record(callIn({ account: PLACES[0]?.account ?? "", region: "eu-north-1" }));
  while (invoked.length < PLACES.length) await pause(5);
  stop();
  const names = PLACES.map(({ account, region }) => `${account} ${region}`);
  expect(invoked.sort()).toEqual(names.map((name) => `${name}: ${name}`).sort());
  expect(
    state.places.map(({ history }) =>
      history.records.map((one) => `${one.recipientAccountId} ${one.awsRegion}`),
    ),
  ).toEqual(names.map((name) => [name]));
});
