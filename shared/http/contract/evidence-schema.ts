import * as z from "zod/mini";
import type { EvidenceAnswer, EvidenceRecordList } from "./answers.ts";
import { LeftOut } from "./left-out-schema.ts";
import { Next } from "./next-schema.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));
const Digest = Text.check(z.regex(/^[0-9a-f]{64}$/));

/** A record of a chain. Its details depend on its type. The description leaves them open. */
const linked = {
  schema: z.literal(1),
  seq: z.int(),
  at: Instant,
  details: z.record(Text, z.unknown()),
  previousHash: Digest,
  hash: Digest,
};

type Loosely<Kind> = Kind extends unknown
  ? Omit<Kind, "details" | "type"> & {
      readonly type: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  : never;
type LooseEvidence = Pick<EvidenceAnswer, "calls"> & {
  readonly records: readonly Loosely<EvidenceAnswer["records"][number]>[];
  readonly findings: readonly Loosely<EvidenceAnswer["findings"][number]>[];
};

export const EvidenceSchema = z.strictObject({
  calls: z.array(
    z.strictObject({
      operation: Text,
      requestId: z.nullable(Text),
      sessionName: Text,
      at: Instant,
      result: Text,
      state: z.nullable(z.enum(["confirmed", "unconfirmed", "missing"])),
    }),
  ),
  records: z.array(z.strictObject({ ...linked, type: Text, requestId: Text })),
  findings: z.array(z.strictObject({ ...linked, type: Text, chain: Text })),
}) satisfies z.ZodMiniType<LooseEvidence>;

/** A record of any chain. Its other members depend on the chain. */
type LooseRecords = Omit<EvidenceRecordList, "records"> & {
  readonly records: readonly { readonly chain: string; readonly record: LooseRecord }[];
};
type LooseRecord = Omit<EvidenceRecordList["records"][number]["record"], "policyHash">;

export const EvidenceRecordListSchema = z.strictObject({
  records: z.array(
    z.strictObject({
      chain: Text.check(
        z.meta({
          description:
            "EVID#<request id>, FIND#<cluster and month>, DELEG#<delegation id>, or STOP#ALL.",
        }),
      ),
      record: z.looseObject({ ...linked, type: Text }),
    }),
  ),
  to: Text,
  leftOut: z.exactOptional(LeftOut),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<LooseRecords>;
