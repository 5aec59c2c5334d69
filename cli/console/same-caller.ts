/** The API as one person: whoever was signed in when the console started, and nobody else. */
import { parseSessionArn } from "../../shared/domain/values/arn.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { type Api, apiClient } from "../api/api-client.ts";
import type { AwsIdentity } from "../api/aws-identity.ts";
import type { Signing } from "../context.ts";
import { Failure } from "../failures/failure.ts";

export interface SameCaller extends Pick<Api, "send"> {
  readonly who: WhoAmIAnswer;
}

type Keys = Awaited<ReturnType<AwsIdentity["credentials"]>>;

/**
 * Asks who the caller is. From then on each call is signed with keys that were seen to be theirs: a new
 * access key has to answer `whoami` first.
 *
 * @param another called once, when the keys are of somebody else; nothing is sent from then on
 * @throws Failure where the API does not answer
 */
export async function sameCaller(
  { address, identity }: Signing,
  another: (who: WhoAmIAnswer) => void,
): Promise<SameCaller> {
  const first = await identity.credentials();
  const who = await whoIs(first);
  let known: string = first.accessKeyId;
  let isOver = false;

  async function provenKeys(): Promise<Keys> {
    if (isOver) throw anotherPerson();
    const keys = await identity.credentials();
    if (keys.accessKeyId === known) return keys;
    const now = await whoIs(keys);
    if (!isSame(who, now)) {
      isOver = true;
      another(now);
      throw anotherPerson();
    }
    known = keys.accessKeyId;
    return keys;
  }

  function whoIs(keys: Keys): Promise<WhoAmIAnswer> {
    const pinned = { region: identity.region, credentials: async () => keys };
    return apiClient(address, pinned).send({ method: "GET", path: "/v1/whoami" });
  }

  return {
    who,
    async send(call, passage) {
      let keys = await provenKeys();
      const signer: AwsIdentity = {
        region: identity.region,
        credentials: async () => keys,
        async forget() {
          if (!(await identity.forget?.())) return false;
          keys = await provenKeys();
          return true;
        },
      };
      return apiClient(address, signer).send(call, passage);
    },
  };
}

/** The same name in the same account: the API's address stays the same. */
const isSame = (before: WhoAmIAnswer, now: WhoAmIAnswer): boolean =>
  before.person === now.person &&
  parseSessionArn(before.identityArn)?.account === parseSessionArn(now.identityArn)?.account;

const anotherPerson = () =>
  new Failure("refused", "another-person", {
    what: "Your AWS credentials are somebody else's now.",
    notDone: "Nothing was sent.",
    next: ["Next: start it again with timelatch console."],
  });
