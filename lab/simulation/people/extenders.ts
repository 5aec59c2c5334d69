/**
 * People who extend grants, mostly around their ends, and decide on extensions. Others forge some
 * into the requests table.
 */
import { digestOf } from "../../../shared/domain/requests/digest.ts";
import type { Access, AccessRequest } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { extendGrant } from "../../../shared/usecases/requests/extend-grant.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { type Random, seededRandom } from "../random.ts";
import { LENT_GROUPS, NAMESPACES, POLICY } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import type { Intruder } from "./intruder.ts";
import { bindingOf, type People, type Place } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Extensions have random numbers of their own, so that they shift nothing in the life of other seeds. */
const EXTENSION_SEED = 0x3e7d;

/** In how many seeds people extend grants. */
const SHARE = 0.1;

/** The means of extenders to act on grants that they did not make. */
interface Hands {
  readonly people: Pick<People, "later" | "during" | "decide" | "plan" | "ask">;
  readonly intruder: Pick<Intruder, "write">;
}

const WHOLE_VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;

const lendsWholeView = ({ access }: AccessRequest): boolean =>
  "policy" in access && access.policy === WHOLE_VIEW.policy && access.scope.type === "cluster";

/** Nobody can tell a forged extension that needs no approval from one that the requester asked for. */
function needsApproval(request: AccessRequest): boolean {
  const rule = POLICY.rules.find(({ name }) => name === request.rule);
  return rule?.extend?.approval === "same" && rule.approval.length > 0;
}

export class Extenders {
  readonly #world: World;
  readonly #hands: Hands;
  readonly #random: Random;
  readonly #areBusy: boolean;
  #forged = 0;

  constructor(seed: number, world: World, hands: Hands) {
    this.#world = world;
    this.#hands = hands;
    const areBusy = seededRandom(-seed ^ EXTENSION_SEED).chance(SHARE);
    this.#areBusy = areBusy || world.hardships.has("besideExtension");
    this.#random = seededRandom(seed ^ EXTENSION_SEED);
  }

  /** Plans what is done to lengthen a grant. */
  plan(place: Place, id: string): void {
    const request = this.#world.tables.requests.get(id);
    if (!this.#areBusy || !request || request.revokeAt === null) return;
    const random = this.#random;
    const { time } = this.#world;
    const end = Date.parse(request.revokeAt);
    const inBetween = () => random.between(time.now, Math.max(time.now + SECOND, end));
    const aroundTheEnd = () => end + random.between(-40, 20) * SECOND;
    const { people } = this.#hands;
    if (random.chance(0.6)) {
      const at = random.chance(0.5) ? inBetween() : aroundTheEnd();
      const times = random.chance(0.2) ? 2 : 1;
      for (let left = times; left > 0; left -= 1)
        people.later(at, () => void people.during(() => this.#extend(place, id)));
    }
    if (random.chance(0.25))
      people.later(random.chance(0.5) ? inBetween() : end + random.between(0, 90) * SECOND, () =>
        this.#forge(id),
      );
  }

  async #extend(place: Place, id: string): Promise<void> {
    const { front, note, time, tables } = this.#world;
    const random = this.#random;
    const requester = random.chance(0.9) ? tables.requests.get(id)?.requester : "fay";
    const durationSeconds = random.pick([null, 300, 600, 1_800]);
    await front(bindingOf(place), async (ports) => {
      const ask = { durationSeconds, reason: null };
      const extension = await extendGrant(
        ports,
        actorIn(ports.policy, requester ?? ""),
        id,
        ask,
        undefined,
      );
      note(requester ?? "", () => `extends ${id.slice(-4)}: ${extension.id.slice(-4)}`);
      const { people } = this.#hands;
      const moment = time.now + random.pick([0, 1, 1, 5]) * random.between(500, 8_000);
      if (extension.state === "pending" && random.chance(0.9))
        for (let left = random.whole(2, 4); left > 0; left -= 1)
          people.later(moment, () =>
            people.decide(place, extension, random.pick(["cat", "dan", "cat", "eve"])),
          );
      people.later(time.now + 2 * MINUTE, () => people.plan(place, extension.id));
      this.#beside(place, extension);
    });
  }

  /** Something else is lent on the same entry, so that it ends while the extension goes on. */
  #beside(place: Place, { access }: AccessRequest): void {
    const { hardships, time } = this.#world;
    if (!hardships.has("besideExtension")) return;
    const { random } = hardships;
    const namespaces = [random.pick(NAMESPACES)];
    const other: Access =
      "policy" in access
        ? { ...access, scope: { type: "namespace", namespaces } }
        : { groups: [random.pick(LENT_GROUPS)] };
    const { people } = this.#hands;
    for (let left = random.whole(1, 2); left > 0; left -= 1)
      people.later(
        time.now + random.between(0, 5) * MINUTE,
        () => void people.ask(place, other, true, 300),
      );
  }

  /** Writes an approved extension that no rule allows, or whose predecessor is over. */
  #forge(id: string): void {
    const { tables, oracle, note, time, queue } = this.#world;
    const victim = tables.requests.get(id);
    if (!victim || victim.expiresAt === null || victim.revokeAt === null) return;
    const now = instantOf(time.now);
    this.#forged += 1;
    const until = plusSeconds(victim.expiresAt, 600);
    const { extendedBy: _, ...rest } = victim;
    const inOrder: AccessRequest = {
      ...rest,
      id: countedId(9_000_000 + this.#forged),
      version: 2,
      state: "approved",
      durationSeconds: 600,
      extends: id,
      until,
      createdAt: now,
      approvedAt: now,
      updatedAt: now,
      startsAt: null,
      effectiveAt: null,
      endedAt: null,
      outcome: null,
      approvals: ["cat", "dan"].map((person) => {
        const proof = { callerId: "forged" };
        return { person, surface: "api", at: now, proof };
      }),
    };
    const terms = { ...inOrder, ...this.#fault(inOrder, now < victim.revokeAt) };
    const end = terms.until ?? until;
    const forged = {
      ...terms,
      expiresAt: end,
      revokeAt: plusSeconds(end, -120),
      digest: digestOf(terms),
    };
    oracle.wasForged(forged.id);
    note(
      "intruder",
      () => `forges an extension of ${id.slice(-4)}: ${JSON.stringify(terms.until)}`,
    );
    const binding = this.#hands.intruder.write(forged);
    if (binding !== undefined) queue.send(binding, "forged", forged.id);
  }

  /** The fault in it. If its predecessor is over, that is enough. */
  #fault(inOrder: AccessRequest, mayBegin: boolean): Partial<AccessRequest> {
    const far = plusSeconds(inOrder.until ?? "", 86_400);
    const faults: readonly Partial<AccessRequest>[] = [
      { until: far },
      { until: far, durationSeconds: 87_000 },
      { extends: inOrder.id },
      { extends: countedId(8_999_999) },
      ...(lendsWholeView(inOrder) ? [] : [{ access: WHOLE_VIEW }]),
      ...(needsApproval(inOrder) ? [{ approvals: [] }] : []),
      ...(mayBegin ? [] : [{}, {}, {}]),
    ];
    return this.#random.pick(faults);
  }
}
