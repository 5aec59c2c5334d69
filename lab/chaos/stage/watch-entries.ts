/**
 * Watches the true access entries, in the files that the sandbox's EKS keeps on disk. No lag or
 * fault of a call reaches it, and nothing of the broker is asked.
 */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const EVERY_MS = 200;
/** EKS of both accounts. */
const FILES = ["eks.json", "eks-spoke.json"];

/** One element on one entry, from when it was first seen until it was last seen. Milliseconds since 1970. */
export interface Presence {
  readonly cluster: string;
  readonly principalArn: string;
  /** `AmazonEKSViewPolicy:payments-api`, `AmazonEKSViewPolicy:*` for the whole cluster, or `group:eks-admins`. */
  readonly element: string;
  readonly from: number;
  to: number;
  /** Whether it was there when the watch began. */
  readonly isStanding: boolean;
}

export interface EntryWatch {
  readonly presences: readonly Presence[];
  stop(): Promise<void>;
}

interface StoredEntry {
  readonly principalArn: string;
  readonly kubernetesGroups: readonly string[];
  readonly policies: Readonly<
    Record<
      string,
      { readonly accessScope: { readonly type: string; readonly namespaces: readonly string[] } }
    >
  >;
}

interface StoredEks {
  readonly clusters: Readonly<
    Record<
      string,
      { readonly name: string; readonly entries: Readonly<Record<string, StoredEntry>> }
    >
  >;
}

/** An element's place and name in one text. */
const keyOf = (cluster: string, principalArn: string, element: string) =>
  `${cluster} ${principalArn} ${element}`;

const elementsOf = ({ kubernetesGroups, policies }: StoredEntry): readonly string[] => [
  ...kubernetesGroups.map((group) => `group:${group}`),
  ...Object.entries(policies).flatMap(([arn, { accessScope }]) => {
    const policy = arn.split("/").at(-1);
    const parts = accessScope.type === "cluster" ? ["*"] : accessScope.namespaces;
    return parts.map((part) => `${policy}:${part}`);
  }),
];

/** Every element of every entry in the text of a file of EKS's state. */
export function elementsIn(text: string): readonly string[] {
  const { clusters } = JSON.parse(text) as StoredEks;
  return Object.values(clusters).flatMap(({ name, entries }) =>
    Object.values(entries).flatMap((entry) =>
      elementsOf(entry).map((element) => keyOf(name, entry.principalArn, element)),
    ),
  );
}

/** Reads a file again only where it has changed. */
function reader(file: string): () => readonly string[] {
  let readAt = -1;
  let elements: readonly string[] = [];
  return () => {
    try {
      const { mtimeMs } = statSync(file);
      if (mtimeMs !== readAt) {
        elements = elementsIn(readFileSync(file, "utf8"));
        readAt = mtimeMs;
      }
    } catch {
      // It is not there yet: what was seen last still stands.
    }
    return elements;
  };
}

/** @param dir the sandbox's folder */
export function watchEntries(dir: string): EntryWatch {
  const readers = FILES.map((name) => reader(path.join(dir, "state", name)));
  const presences: Presence[] = [];
  const open = new Map<string, Presence>();
  let isOn = true;
  let isFirst = true;
  const look = () => {
    const now = Date.now();
    const seen = new Set(readers.flatMap((read) => read()));
    for (const key of open.keys()) if (!seen.has(key)) open.delete(key);
    for (const key of seen) {
      const known = open.get(key);
      if (known) known.to = now;
      else {
        const [cluster = "", principalArn = "", element = ""] = key.split(" ");
        const begun = { cluster, principalArn, element, from: now, to: now, isStanding: isFirst };
        open.set(key, begun);
        presences.push(begun);
      }
    }
    isFirst = false;
  };
  const watching = (async () => {
    for (; isOn; await pause(EVERY_MS)) look();
    look();
  })();
  return {
    presences,
    async stop() {
      isOn = false;
      await watching;
    },
  };
}
