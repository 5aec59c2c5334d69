import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import type { CallRecord } from "../../../../lab/sandbox/aws/dispatch.ts";
import { faultTable } from "../../../../lab/sandbox/aws/faults.ts";
import { openState } from "../../../../lab/sandbox/process/state.ts";
import { accountEvents } from "../../../../lab/sandbox/stack/account-events.ts";
import {
  ACCOUNT,
  type AccountRegion,
  PLACES,
  SPOKE_ACCOUNT,
} from "../../../../lab/sandbox/world/account.ts";

/** A call that CloudTrail records, by somebody of an account, in a region. */
const callIn = ({ account: accountId, region }: AccountRegion): CallRecord => ({
  service: "eks",
  operation: "DeleteAccessEntry",
  status: 200,
  output: {},
  input: { clusterName: "c", principalArn: `arn:aws:iam::${accountId}:role/x` },
  caller: {
    accountId,
    userId: "AROA:s",
    accessKeyId: "ASIA",
    arn: `arn:aws:sts::${accountId}:assumed-role/x/s`,
    principalArn: `arn:aws:iam::${accountId}:role/x`,
  },
  requestId: "r",
  at: new Date(),
  region,
  userAgent: "test",
  sourceIp: "127.0.0.1",
});

it("A rule on a default bus gets only the calls of its own account and region, and each has its own history", async () => {
  const state = await openState(mkdtempSync(path.join(tmpdir(), "events-")), () => 1);
  const invoked: string[] = [];
  const ruleIn = ({ account, region }: AccountRegion) => ({
    name: "changes",
    busName: "default",
    pattern: { source: ["aws.eks"] },
    arn: `arn:aws:events:${region}:${account}:rule/changes`,
    targets: [{ arn: `arn:aws:lambda:${region}:${account}:function:f` }],
  });
  const events = accountEvents({
    state,
    trailDelaySeconds: 0,
    faults: faultTable(),
    log: () => undefined,
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

it("A change by IAM is only in its account's history of us-east-1, whichever region it was signed for, and on no bus", async () => {
  const state = await openState(mkdtempSync(path.join(tmpdir(), "events-")), () => 1);
  const events = accountEvents({
    state,
    trailDelaySeconds: 0,
    faults: faultTable(),
    log: () => undefined,
    eventRules: () =>
      PLACES.map(({ account, region }) => ({
        name: "changes",
        busName: "default",
        pattern: { source: ["aws.iam"] },
        arn: `arn:aws:events:${region}:${account}:rule/changes`,
        targets: [{ arn: `arn:aws:lambda:${region}:${account}:function:f` }],
      })),
    invoke: (functionArn) => expect.unreachable(`${functionArn} was invoked`),
  });
  const stop = events.start();
  for (const place of PLACES)
    events.record({
      ...callIn(place),
      service: "iam",
      operation: "PutRolePolicy",
      input: { RoleName: "x" },
    });
  const [home, spoke] = state.globalTrails;
  await expect.poll(() => [home, spoke].map((one) => one?.history.records.length)).toEqual([2, 2]);
  stop();
  expect(home).toMatchObject({ account: ACCOUNT, region: "us-east-1" });
  const said = (trail = home) =>
    trail?.history.records.map((one) => `${one.recipientAccountId} ${one.awsRegion}`);
  expect(said()).toEqual(Array(2).fill(`${ACCOUNT} us-east-1`));
  expect(said(spoke)).toEqual(Array(2).fill(`${SPOKE_ACCOUNT} us-east-1`));
  expect(state.places.flatMap(({ history }) => history.records)).toEqual([]);
  expect(events.servicesIn("us-east-1").map(({ name }) => name)).toEqual(["cloudtrail"]);
});
