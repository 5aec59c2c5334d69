/** Answers of the API about audit events, evidence and findings. */
import type { Actor } from "../../shared/domain/policy/actor.ts";
import type {
  AuditEventList,
  EvidenceAnswer,
  EvidenceRecordList,
  FindingAnswer,
  FindingList,
} from "../../shared/http/contract/answers.ts";
import { acknowledgementBody } from "../../shared/http/contract/request-body.ts";
import type { FindingView, RouteOperation } from "../../shared/http/contract/routes.ts";
import { findingAnswer, findingIdOf } from "../../shared/http/server/finding-answer.ts";
import { listPage } from "../../shared/http/server/list-page.ts";
import {
  findingViewOf,
  instantOf,
  maybeInstantOf,
  type Query,
} from "../../shared/http/server/page-query.ts";
import { parseBody } from "../../shared/http/server/parse-body.ts";
import { requestIdOf } from "../../shared/http/server/path-ids.ts";
import type { ApiPorts } from "../../shared/ports/function-ports.ts";
import type { ListedPage } from "../../shared/ports/listed-page.ts";
import { acknowledgeFinding } from "../../shared/usecases/evidence/acknowledge-finding.ts";
import { listEvidenceRecords } from "../../shared/usecases/evidence/list-evidence-records.ts";
import { listAllFindings, listOpenFindings } from "../../shared/usecases/evidence/list-findings.ts";
import { readEvidence } from "../../shared/usecases/evidence/read-evidence.ts";
import { listAuditEvents } from "../../shared/usecases/requests/read-requests.ts";
import { type Answer, type Operation, ok, queryOf } from "./operation.ts";

/** The lists of `GET /v1/findings`. */
const FINDINGS: Readonly<
  Record<FindingView, (ports: ApiPorts, actor: Actor, query: Query) => Promise<Answer>>
> = {
  open: async (ports, actor, query) => {
    const between = { from: maybeInstantOf(query, "from"), to: maybeInstantOf(query, "to") };
    const list = ["listFindings", "open", between.from ?? "", between.to ?? ""];
    const { page, more } = await listPage(ports, actor, list, query, (asked) =>
      listOpenFindings(ports, actor, between, asked),
    );
    return ok({ findings: page.items.map(findingAnswer), ...more } satisfies FindingList);
  },
  all: async (ports, actor, query) => {
    const [from, to] = [instantOf(query, "from"), instantOf(query, "to")];
    const list = ["listFindings", "all", from];
    const { page, more } = await listPage(ports, actor, list, query, (asked) =>
      listAllFindings(ports, actor, from, to, asked),
    );
    const findings = page.items.map(findingAnswer);
    return ok({ findings, to: page.to, ...leftOutOf(page), ...more } satisfies FindingList);
  },
};

const leftOutOf = ({ leftOut }: Pick<ListedPage<unknown>, "leftOut">) =>
  leftOut === undefined ? {} : { leftOut };

export const EVIDENCE_OPERATIONS = {
  listAuditEvents: async (ports, actor, event) => {
    const query = queryOf(event);
    const [from, to] = [instantOf(query, "from"), instantOf(query, "to")];
    // Without its end, which moves on with the clock from page to page.
    const list = ["listAuditEvents", from];
    const { page, more } = await listPage(ports, actor, list, query, (asked) =>
      listAuditEvents(ports, actor, from, to, asked),
    );
    const { items: events, to: listedTo } = page;
    return ok({ events, to: listedTo, ...leftOutOf(page), ...more } satisfies AuditEventList);
  },
  readEvidence: async (ports, actor, event) =>
    ok((await readEvidence(ports, actor, requestIdOf(event))) satisfies EvidenceAnswer),
  listEvidenceRecords: async (ports, actor, event) => {
    const query = queryOf(event);
    const [from, to] = [instantOf(query, "from"), instantOf(query, "to")];
    const list = ["listEvidenceRecords", from];
    const { page, more } = await listPage(ports, actor, list, query, (asked) =>
      listEvidenceRecords(ports, actor, from, to, asked),
    );
    const { items: records, to: listedTo } = page;
    return ok({ records, to: listedTo, ...leftOutOf(page), ...more } satisfies EvidenceRecordList);
  },
  listFindings: (ports, actor, event) =>
    FINDINGS[findingViewOf(queryOf(event))](ports, actor, queryOf(event)),
  acknowledgeFinding: async (ports, actor, event) => {
    const { note } = parseBody(acknowledgementBody(), event);
    const known = await acknowledgeFinding(ports, actor, findingIdOf(event), note);
    return ok(findingAnswer(known) satisfies FindingAnswer);
  },
} satisfies Partial<Record<RouteOperation, Operation>>;
