/** The emulated services on a port of their own, asked by the product's own adapters. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { outsidePort } from "../../../../lab/sandbox/outside/port.ts";
import { initialOutsideState } from "../../../../lab/sandbox/outside/state.ts";
import type { OnCallSchedule } from "../../../../shared/domain/facts/on-call-schedule.ts";
import type { Tracker } from "../../../../shared/domain/facts/tracker.ts";
import { onCallSource } from "../../../../shared/outside/on-call-source.ts";
import { ticketSource } from "../../../../shared/outside/tickets/ticket-source.ts";

export const NOW = "2026-11-24T12:00:00.000Z";
export const TOKENS = {
  pagerduty: "pagerduty-token",
  incidentIo: "incident-io-token",
  jiraOperations: "bot@example.com:jira-token",
  jira: "bot@example.com:jira-token",
  serviceNow: "bot:service-now-token",
  github: "github-token",
};

/**
 * @param stored the tokens that the services take
 * @param clock the services' own
 */
export async function startOutside(
  stored: Readonly<Partial<Record<keyof typeof TOKENS, string>>> = TOKENS,
  clock: { readonly now: string } = { now: NOW },
) {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = memoryStore(initialOutsideState());
  const now = () => new Date(clock.now);
  server.on(
    "request",
    outsidePort({ store, outsideUrl: url, token: (service) => stored[service], now }),
  );
  /** A source of its own for each look, so that no look waits for what another was asked to. */
  const look = (
    schedule: OnCallSchedule,
    tokens: Readonly<Record<string, string>> = TOKENS,
    timeoutMs = 5_000,
  ) =>
    onCallSource({
      token: (service) => ({ read: async () => tokens[service] ?? "", forget: () => {} }),
      clock: { now: () => NOW },
      origin: `${url}/`,
      timeoutMs,
    }).look(schedule, NOW);
  const ticket = (
    tracker: Tracker,
    key: string,
    tokens: Readonly<Record<string, string>> = TOKENS,
  ) =>
    ticketSource({
      token: (service) => ({ read: async () => tokens[service] ?? "", forget: () => {} }),
      clock: { now: () => NOW },
      origin: `${url}/`,
      timeoutMs: 5_000,
    }).look(tracker, key, NOW);
  const sandbox = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  return { url, store, look, ticket, sandbox };
}
