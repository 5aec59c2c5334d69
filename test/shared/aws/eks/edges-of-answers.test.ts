/** Answers of EKS, IAM and STS that the emulated ones rarely give. */
import type { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { eksAccessEntries } from "../../../../shared/aws/eks/eks-access-entries.ts";
import { eksStandingReader } from "../../../../shared/aws/eks/eks-standing-reader.ts";
import {
  type GrantorSessions,
  grantorSessions,
} from "../../../../shared/aws/eks/grantor-sessions.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import { CallFailed } from "../../../../shared/ports/access-entries.ts";

const CLUSTER = clusterOf(PROD.arn);
const SESSION = { sessionName: "timelatch-1", sourceIdentity: "alice" };
const OPTIONS = {
  clock: fixedClock(T0),
  random: fixedRandom,
  reserveMs: 0,
  deadline: () => 8_000,
};

/** Sessions whose clients give these answers to everything. */
const answering = ({ eks, iam }: { readonly eks?: object; readonly iam?: object }) => {
  const client = (output?: object) => ({ send: async () => ({ $metadata: {}, ...output }) });
  const clients = { eks: client(eks), iam: client(iam) };
  return ((_wanted, use) => use(clients as never)) as GrantorSessions;
};

describe("A cluster without a setting for access", () => {
  it("It is older than access entries, so it takes none", async () => {
    const eks = { cluster: { createdAt: new Date(T0) } };
    const entries = eksAccessEntries(answering({ eks }), OPTIONS);
    const found = { createdAt: T0, authenticationMode: "CONFIG_MAP" };
    expect(await entries.cluster(CLUSTER, SESSION)).toEqual(found);
    const reader = eksStandingReader(answering({ eks }), OPTIONS);
    expect(await reader.setup(CLUSTER)).toMatchObject(found);
  });
});

describe("A cluster that EKS does not describe", () => {
  const failing = (name: string, message: string) => {
    const send = async () => {
      throw Object.assign(new Error(message), { name, $fault: "client", $metadata: {} });
    };
    const sessions = ((_wanted, use) => use({ eks: { send } } as never)) as GrantorSessions;
    return eksAccessEntries(sessions, OPTIONS).cluster(CLUSTER, SESSION);
  };

  it("It is gone where EKS knows none of that name, and unknown after any other failure", async () => {
    const gone = failing("ResourceNotFoundException", "No cluster found for name: prod.");
    expect(await gone).toBeUndefined();
    const denied = failing("AccessDeniedException", "Not authorized.");
    await expect(denied).rejects.toBeInstanceOf(CallFailed);
  });
});

describe("A role that was created in the second of its access entry", () => {
  const principalAt = (createdAt: string, madeAt: string) => {
    const iam = { Role: { Arn: ALICE, RoleId: "AROAALICE", CreateDate: new Date(createdAt) } };
    const reader = eksStandingReader(answering({ iam }), OPTIONS);
    return reader.principal({ cluster: CLUSTER, principalArn: ALICE }, madeAt);
  };

  it("It exists, and a role of a later second was recreated", async () => {
    expect(await principalAt(T0, T0)).toBe("exists");
    expect(await principalAt("2026-11-24T10:00:01.000Z", T0)).toBe("recreated");
  });
});

describe("One session name in two regions of an account", () => {
  it("Each region gets a session and clients of its own", async () => {
    let assumed = 0;
    const sts = {
      send: async () => {
        assumed += 1;
        const keys = { AccessKeyId: "A", SecretAccessKey: "s", SessionToken: "t" };
        const Expiration = new Date(Date.parse(T0) + 900_000);
        return { $metadata: {}, Credentials: { ...keys, Expiration } };
      },
    } as unknown as STSClient;
    const sessions = grantorSessions(sts, OPTIONS);
    const regionFor = (region: string) =>
      sessions({ cluster: { ...CLUSTER, region }, role: "policies", session: SESSION }, ({ eks }) =>
        eks.config.region(),
      );
    const regions = ["us-west-2", "eu-central-1", "us-west-2"];
    for (const region of regions) expect(await regionFor(region)).toBe(region);
    expect(assumed).toBe(2);
  });
});
