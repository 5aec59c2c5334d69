import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import type { CallRecord } from "../../../sandbox/aws/dispatch.ts";
import { faultTable } from "../../../sandbox/aws/faults.ts";
import { openState } from "../../../sandbox/process/state.ts";
import { accountEvents } from "../../../sandbox/stack/account-events.ts";
import { ACCOUNT, REGION, SPOKE_ACCOUNT } from "../../../sandbox/world/account.ts";

/** A call that CloudTrail records, by somebody of an account. */
const callIn = (accountId: string): CallRecord => ({
  ...{ service: "eks", operation: "DeleteAccessEntry", status: 200, output: {} },
  input: { clusterName: "c", principalArn: `arn:aws:iam::${accountId}:role/x` },
  caller: {
    ...{ accountId, userId: "AROA:s", accessKeyId: "ASIA" },
    arn: `arn:aws:sts::${accountId}:assumed-role/x/s`,
    principalArn: `arn:aws:iam::${accountId}:role/x`,
  },
  ...{ requestId: "r", at: new Date(), region: REGION, userAgent: "test", sourceIp: "127.0.0.1" },
});

it("A rule on a default bus gets the calls of its own account alone, and each account has its own history", async () => {
  const state = await openState(mkdtempSync(path.join(tmpdir(), "events-")), () => 1);
  const invoked: string[] = [];
  const ruleIn = (account: string) => ({
    ...{ name: "changes", busName: "default", pattern: { source: ["aws.eks"] } },
    arn: `arn:aws:events:${REGION}:${account}:rule/changes`,
    targets: [{ arn: `arn:aws:lambda:${REGION}:${account}:function:f` }],
  });
  const events = accountEvents({
    ...{ state, trailDelaySeconds: 0, faults: faultTable(), log: () => undefined },
    eventRules: () => [ACCOUNT, SPOKE_ACCOUNT].map(ruleIn),
    invoke: (functionArn, event) => invoked.push(`${functionArn.split(":")[4]} ${event.account}`),
  });
  const stop = events.start();
  for (const account of [ACCOUNT, SPOKE_ACCOUNT]) events.record(callIn(account));
  while (invoked.length < 2) await pause(5);
  stop();
  expect(invoked.sort()).toEqual([ACCOUNT, SPOKE_ACCOUNT].map((one) => `${one} ${one}`));
  for (const account of [ACCOUNT, SPOKE_ACCOUNT])
    expect(
      state.trails[account]?.history.records.map(({ recipientAccountId }) => recipientAccountId),
    ).toEqual([account]);
});
