import { expect, it } from "vitest";
import { PROD, STAGING } from "../../lab/fakes/builders.ts";
import type { LogEvent } from "../../lab/sandbox/aws/logs/event-fields.ts";
import type { ActivityLog } from "../../shared/ports/activity-log.ts";

const START = Date.parse("2026-11-24T10:00:00.000Z");
const at = (second: number) => new Date(START + second * 1_000).toISOString();
const event = (second: number, content: object): LogEvent => ({
  timestamp: START + second * 1_000,
  message: JSON.stringify(content),
  logStream: "kube-apiserver-audit-1",
});

const EVENTS = [
  event(1, { verb: "list", objectRef: { resource: "pods", namespace: "payments" } }),
  event(60, { verb: "get", objectRef: { resource: "nodes" } }),
  event(61, { verb: "get", objectRef: { resource: "nodes" } }),
  event(200, { verb: "create", objectRef: { resource: "pods" } }),
];
const RESOURCES = "fields verb, objectRef.resource, objectRef.namespace | sort @timestamp asc";
const bytesOf = (events: readonly LogEvent[]) =>
  events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);

/** The promises of every ActivityLog. @param make a log that holds events, by the cluster's ARN */
export function activityLogContract(
  name: string,
  make: (events: Readonly<Record<string, readonly LogEvent[]>>) => Promise<ActivityLog>,
) {
  const window = { clusterArn: PROD.arn, from: at(0), until: at(300) };
  const filled = () => make({ [PROD.arn]: EVENTS });

  it(`${name} answers rows by the names of fields, without those that an event lacks`, async () => {
    const answer = await (await filled()).ask({ ...window, query: `${RESOURCES} | limit 2` });
    expect(answer?.rows.map(({ "@ptr": _ptr, ...row }) => row)).toEqual([
      { verb: "list", "objectRef.resource": "pods", "objectRef.namespace": "payments" },
      { verb: "get", "objectRef.resource": "nodes" },
    ]);
  });

  it(`${name} reads the time that it is asked about, both ends included`, async () => {
    const log = await filled();
    const query = "stats count(*) as events";
    const counted = async (from: number, until: number) =>
      (await log.ask({ ...window, from: at(from), until: at(until), query }))?.rows[0]?.["events"];
    expect(await counted(60, 61)).toBe("2");
    expect(await counted(2, 59)).toBe("0");
    expect(await counted(0, 300)).toBe("4");
  });

  it(`${name} says what was scanned: all of the time, and not what was found`, async () => {
    const log = await filled();
    const query = 'filter verb = "create"';
    expect((await log.ask({ ...window, query }))?.scannedBytes).toBe(bytesOf(EVENTS));
    const part = await log.ask({ ...window, until: at(61), query });
    expect(part).toEqual({ rows: [], scannedBytes: bytesOf(EVENTS.slice(0, 3)) });
  });

  it(`${name} knows that a cluster has no log`, async () => {
    const log = await filled();
    expect(await log.ask({ ...window, clusterArn: STAGING.arn, query: RESOURCES })).toBeUndefined();
  });

  it(`${name} throws for a query that CloudWatch does not understand`, async () => {
    const log = await filled();
    await expect(log.ask({ ...window, query: "select everything" })).rejects.toThrow();
  });
}
