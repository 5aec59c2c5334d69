import * as z from "zod/mini";
import { ENTRY_KINDS } from "../../domain/standing/entry-kind.ts";
import { POWERS } from "../../domain/standing/power.ts";
import type {
  ClusterAnswer,
  ClusterList,
  StandingEntryAnswer,
  StandingList,
} from "./cluster-answer.ts";
import { Next } from "./next-schema.ts";

const Text = z.string();
const Texts = z.array(Text);
const Instant = Text.check(z.meta({ format: "date-time" }));
const Whole = z.int();
const described = (description: string) => z.meta({ description });

const Setup = z.strictObject({
  cluster: z.nullable(
    z.strictObject({
      createdAt: Instant,
      authenticationMode: z.enum(["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]),
      version: z.nullable(Text),
      auditLog: z.boolean(),
    }),
  ),
  readAt: Instant,
});

const Grantor = z.strictObject({
  roleArn: Text,
  describedAt: z
    .nullable(Instant)
    .check(described("When converge last described the cluster under this role.")),
  lends: z.strictObject({
    onCluster: Texts,
    inNamespaces: z.array(z.strictObject({ policy: Text, namespaces: Texts })),
    groups: Texts,
  }),
});

export const ClusterSchema = z.strictObject({
  name: Text,
  clusterArn: Text,
  retired: z.boolean(),
  unread: z
    .nullable(z.enum(["retired"]))
    .check(described("Why nobody reads its access entries; null if somebody does.")),
  setup: z.nullable(Setup),
  standing: z
    .nullable(
      z.strictObject({ startedAt: Instant, completedAt: Instant, read: Whole, explained: Whole }),
    )
    .check(described("The last time that every access entry was read.")),
  reading: z.nullable(z.strictObject({ startedAt: Instant, read: Whole })),
  failure: z.nullable(z.strictObject({ code: Text, at: Instant })),
  grantor: Grantor,
}) satisfies z.ZodMiniType<ClusterAnswer>;

export const ClusterListSchema = z.strictObject({
  clusters: z.array(ClusterSchema),
}) satisfies z.ZodMiniType<ClusterList>;

const Power = z.enum(POWERS);

export const ScopeSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("cluster") }),
  z.strictObject({ type: z.literal("namespace"), namespaces: Texts }),
]);

/** An access entry, with what no grant explains. */
export const EntrySchema = z.strictObject({
  principalArn: Text,
  people: z
    .exactOptional(Texts)
    .check(described("Everyone to whom the access.yaml of today gives the principal.")),
  kind: z.enum(ENTRY_KINDS),
  type: Text,
  username: Text,
  createdAt: Instant,
  tagged: z.boolean(),
  principal: z.enum(["exists", "gone", "recreated", "not-read"]),
  power: Power,
  policies: z.array(z.strictObject({ policy: Text, power: Power, scope: ScopeSchema })),
  groups: Texts,
  isCut: z.boolean(),
  claimedBy: z.exactOptional(Texts),
  readAt: Instant,
}) satisfies z.ZodMiniType<StandingEntryAnswer>;

export const StandingListSchema = z.strictObject({
  cluster: ClusterSchema,
  entries: z.array(EntrySchema),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<StandingList>;
