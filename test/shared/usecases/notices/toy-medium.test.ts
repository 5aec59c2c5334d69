/** A toy medium, as docs/messengers.md says: a pager that takes one line, and cannot take it back. */
import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { memoryDelegationStore } from "../../../../lab/fakes/memory-delegation-store.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../../lab/fakes/memory-request-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { memoryTables } from "../../../../lab/fakes/memory-tables.ts";
import type { Notice } from "../../../../shared/domain/notices/notice.ts";
import { visible } from "../../../../shared/domain/values/visible-text.ts";
import { headlineText } from "../../../../shared/notices/notice-texts.ts";
import {
  AppRefused,
  MessengerBusy,
  NoticeRefused,
  type Sender,
} from "../../../../shared/ports/messenger.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { senderContract } from "../../../contracts/sender.contract.ts";

/** The answer of the pager's network, or nothing. */
type Answer = { readonly id: number } | { readonly refused: "pager" | "account" | "pace" } | "";

interface Network {
  readonly pages: { readonly to: string; readonly line: string }[];
  next: Exclude<Answer, { readonly id: number }> | undefined;
}

/** The service: it beeps, and each beep is for ever. */
function called(network: Network, to: string, line: string): Answer {
  const { next } = network;
  network.next = undefined;
  if (next !== undefined && next !== "") return next;
  network.pages.push({ to, line });
  return next ?? { id: network.pages.length };
}

/** Its texts: one line, drawn from the words that every medium shows. */
const lineOf = ({ kind, facts }: Notice): string =>
  visible("requestId" in facts ? headlineText(facts as never, "Somebody") : kind).slice(0, 80);

/** Its adapter: the service's answers as the port has them. */
const pager = (network: Network): Sender => ({
  async send(notice) {
    if (notice.audience.kind === "channel")
      throw new NoticeRefused("not-by-pager", "A pager has no channel. Nothing was sent.");
    const answer = called(network, notice.audience.person, lineOf(notice));
    if (answer === "") throw new MessengerBusy("The network is silent.", null);
    if ("id" in answer) return { channel: "pager", timestamp: String(answer.id) };
    if (answer.refused === "pace") throw new MessengerBusy("Too many pages.", 30);
    if (answer.refused === "account") throw new AppRefused("pager-account", "Nobody is paged.");
    throw new NoticeRefused("pager-off", "The pager is off.", { isRepairable: true });
  },
});

senderContract("A toy pager", async () => {
  const network: Network = { pages: [], next: undefined };
  return {
    sender: pager(network),
    sent: () => network.pages.map(({ to }, at) => ({ timestamp: String(at + 1), to })),
    next: {
      busy: () => {
        network.next = { refused: "pace" };
      },
      answerLost: () => {
        network.next = "";
      },
      refused: () => {
        network.next = { refused: "pager" };
      },
      appRefused: () => {
        network.next = { refused: "account" };
      },
    },
    recover: () => {
      network.next = undefined;
    },
    stop: async () => {},
  };
});

describe("A toy medium in the place of e-mail", () => {
  let network: Network;
  beforeEach(() => {
    network = { pages: [], next: undefined };
  });

  /** The broker with the pager where e-mail is. @returns the pages after some runs */
  async function paged(trouble: Network["next"]) {
    const [tables, clock] = [memoryTables(), fixedClock(T0)];
    const first = aFirstStep();
    await memoryRequestStore(tables).create([first]);
    network.next = trouble;
    const ports = {
      requests: memoryRequestStore(tables),
      notices: memoryNoticeStore(tables),
      findings: memoryFindingStore(tables),
      delegations: memoryDelegationStore(tables),
      stops: memoryStopStore(),
      bus: memoryEventBus(),
      messenger: undefined,
      email: pager(network),
      clock,
      random: fixedRandom,
      ids: countedIds(),
      pause: { for: async (millis: number) => clock.advance(millis / 1_000) },
      policy: {
        ...aPolicy(),
        notices: { email: { from: "pager@example.com", configurationSet: "none" } },
      },
    };
    for (let run = 0; run < 4; run += 1) {
      const end = Date.parse(clock.now()) + 30_000;
      const millisLeft = () => end - Date.parse(clock.now());
      await notify(ports, first.request.id, { millisLeft, log: () => undefined });
      clock.advance(120);
    }
    return network.pages;
  }

  it("The approver is paged once, with the words that every medium shows", async () => {
    expect(await paged(undefined)).toEqual([
      { to: "bob", line: "Somebody asks to edit in payments-api on prod for 1h." },
    ]);
  });

  it("It inherits what the broker does about trouble: two pages at most, and none lost", async () => {
    expect(await paged("")).toHaveLength(2);
    network.pages.length = 0;
    expect(await paged({ refused: "account" })).toHaveLength(1);
    network.pages.length = 0;
    expect(await paged({ refused: "pager" })).toHaveLength(1);
  });
});
