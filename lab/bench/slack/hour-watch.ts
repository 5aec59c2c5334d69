/** Watches what messages show, against what they should show. */
import type { Delegation } from "../../../shared/domain/delegations/delegation.ts";
import type { Notice } from "../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../shared/domain/notices/notices-for.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { hashOf } from "../../../shared/domain/values/canonical-json.ts";
import { instantOf, type VirtualTime } from "../../simulation/virtual-time.ts";
import { type Lateness, lateness } from "./lateness.ts";

/** The kind of messages that ask a delegate for what waited as the delegation began. */
export const CAUGHT_UP = "caught-up";

export interface HourWatch {
  /** A request has changed. */
  changed(request: AccessRequest): void;
  /** Somebody decides for somebody else from now on. */
  delegated(delegation: Delegation): void;
  /** A message shows a notice now. */
  shown(notice: Notice): void;
  result(): {
    /** By kind of message, the longest in seconds. */
    readonly behind: ReadonlyMap<string, number>;
    readonly messages: number;
    readonly leftBehind: number;
  };
}

export function hourWatch(time: VirtualTime, policy: AccessPolicy): HourWatch {
  const late = lateness(() => time.now);
  const messages = wantedMessages(time, policy, late);
  return {
    changed(request) {
      messages.requests.set(request.id, request);
      messages.look(request.id);
    },
    delegated(delegation) {
      messages.delegated(delegation);
      // The delegate is asked no longer then.
      time.at(Date.parse(delegation.until), () => {
        for (const { id } of messages.pending()) messages.look(id);
      });
    },
    shown(notice) {
      const [message, content] = [messageOf(notice), contentOf(notice)];
      messages.showing.set(message, content);
      late.shown(message, content);
    },
    result() {
      const behind = new Map<string, number>();
      for (const [message, millis] of late.longest()) {
        const own = message.slice(0, message.indexOf("@"));
        const kind = messages.caughtUp.has(message) ? CAUGHT_UP : own;
        behind.set(kind, Math.max(behind.get(kind) ?? 0, millis / 1_000));
      }
      const { showing } = messages;
      return { behind, messages: showing.size, leftBehind: messages.leftBehind() };
    },
  };
}

/** The messages that should exist, by the requests and delegations so far. */
function wantedMessages(time: VirtualTime, policy: AccessPolicy, late: Lateness) {
  const requests = new Map<string, AccessRequest>();
  const delegations: Delegation[] = [];
  /** By message, the hash of what it shows. */
  const showing = new Map<string, string>();
  /** By request, the messages that were last to be sent. */
  const toSend = new Map<string, ReadonlySet<string>>();
  const caughtUp = new Set<string>();
  const pending = () => [...requests.values()].filter(({ state }) => state === "pending");
  const planOf = (request: AccessRequest) => {
    const now = instantOf(time.now);
    const inForce = delegations.filter(({ until }) => until > now);
    return noticesFor(policy, request, now, { delegations: inForce, writtenTo: [] });
  };

  const look = (id: string) => {
    const request = requests.get(id);
    if (!request) return;
    const { notices, changesAt } = planOf(request);
    for (const notice of notices) {
      const message = messageOf(notice);
      if (isNews(notice) && (notice.send || showing.has(message)))
        late.wanted(message, contentOf(notice));
    }
    const sent = new Set(notices.filter(({ send }) => send).map(messageOf));
    for (const message of toSend.get(id) ?? []) if (!sent.has(message)) late.unwanted(message);
    toSend.set(id, sent);
    if (changesAt !== null) time.at(Date.parse(changesAt), () => look(id));
  };

  const delegated = (delegation: Delegation) => {
    delegations.push(delegation);
    for (const request of pending()) {
      const own = planOf(request).notices.filter((notice) => isTo(notice, delegation.to));
      for (const notice of own) caughtUp.add(messageOf(notice));
      look(request.id);
    }
  };

  const leftBehind = () =>
    [...requests.values()]
      .flatMap((request) => planOf(request).notices)
      .map((notice) => ({ shown: showing.get(messageOf(notice)), wanted: contentOf(notice) }))
      .filter(({ shown, wanted }) => shown !== undefined && shown !== wanted).length;

  return { requests, showing, caughtUp, pending, look, delegated, leftBehind };
}

const isTo = ({ audience }: Notice, name: string) =>
  audience.kind === "person" && audience.person === name;
const messageOf = ({ key, subject }: Notice) => `${key} ${subject}`;
const contentOf = ({ facts, actions }: Notice) => hashOf({ facts, actions });
const isNews = ({ precedence }: Notice) => precedence !== "last";
