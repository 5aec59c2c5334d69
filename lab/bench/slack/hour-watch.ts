/** Watches what messages show, against what they should show. */
import type { Notice } from "../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../shared/domain/notices/notices-for.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { hashOf } from "../../../shared/domain/values/canonical-json.ts";
import { instantOf, type VirtualTime } from "../../simulation/virtual-time.ts";
import { lateness } from "./lateness.ts";

export interface HourWatch {
  /** A request has changed. */
  changed(request: AccessRequest): void;
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
  const requests = new Map<string, AccessRequest>();
  /** By message, the hash of what it shows. */
  const showing = new Map<string, string>();

  const look = (id: string) => {
    const request = requests.get(id);
    if (!request) return;
    const { notices, changesAt } = noticesFor(policy, request, instantOf(time.now));
    for (const notice of notices) {
      const message = messageOf(notice);
      if (isNews(notice) && (notice.send || showing.has(message)))
        late.wanted(message, contentOf(notice));
    }
    if (changesAt !== null) time.at(Date.parse(changesAt), () => look(id));
  };

  return {
    changed(request) {
      requests.set(request.id, request);
      look(request.id);
    },
    shown(notice) {
      showing.set(messageOf(notice), contentOf(notice));
      late.shown(messageOf(notice), contentOf(notice));
    },
    result() {
      const behind = new Map<string, number>();
      for (const [message, millis] of late.longest()) {
        const kind = message.slice(0, message.indexOf("@"));
        behind.set(kind, Math.max(behind.get(kind) ?? 0, millis / 1_000));
      }
      const current = [...requests.values()].flatMap(
        (request) => noticesFor(policy, request, instantOf(time.now)).notices,
      );
      const leftBehind = current.filter((notice) => {
        const shown = showing.get(messageOf(notice));
        return shown !== undefined && shown !== contentOf(notice);
      });
      return { behind, messages: showing.size, leftBehind: leftBehind.length };
    },
  };
}

const messageOf = ({ key, subject }: Notice) => `${key} ${subject}`;
const contentOf = ({ facts, actions }: Notice) => hashOf({ facts, actions });
const isNews = ({ precedence }: Notice) => precedence !== "last";
