import type { IamState } from "../iam/state.ts";
import { AwsError, type Call, type Operation, type Service } from "../service.ts";
import type { Store } from "../store.ts";
import { demandOnKey, type KeyDemand } from "./demand-on-key.ts";
import { findKey, type KmsPlace } from "./find-key.ts";
import { demandUsable, keyState, LIFECYCLE } from "./key-lifecycle.ts";
import { isSignatureOf, publicKeyOf, signatureOf } from "./signatures.ts";
import { blob, refuseOthers, SIGNING_ALGORITHMS, signingInput } from "./signing-input.ts";
import { type KmsKey, type KmsState, specOf } from "./state.ts";

interface KmsOptions extends KmsPlace {
  readonly kms: Store<KmsState>;
  readonly iam: Store<IamState>;
}

/** One operation on a key: its members, and what it does once the caller may. */
interface KeyOperation {
  /** Whether the key must be enabled for it. */
  readonly uses: boolean;
  readonly members: readonly string[];
  /** Condition keys of the request; checks the request's members on the way. */
  readonly context: (input: Call["input"], key: KmsKey) => KeyDemand["context"];
  readonly answer: (
    key: KmsKey,
    input: Call["input"],
    place: KmsPlace,
    now: Date,
  ) => object | undefined;
}

const SIGNING_MEMBERS = ["KeyId", "Message", "MessageType", "SigningAlgorithm"];

function signingContext(input: Call["input"], key: KmsKey) {
  const { algorithm, messageType } = signingInput(input, specOf(key));
  return { "kms:SigningAlgorithm": algorithm, "kms:MessageType": messageType };
}

const KEY_OPERATIONS: Readonly<Record<string, KeyOperation>> = {
  Sign: { uses: true, members: SIGNING_MEMBERS, context: signingContext, answer: sign },
  Verify: {
    uses: true,
    members: [...SIGNING_MEMBERS, "Signature"],
    context: signingContext,
    answer: verify,
  },
  GetPublicKey: { uses: true, members: ["KeyId"], context: () => ({}), answer: getPublicKey },
  DescribeKey: { uses: false, members: ["KeyId"], context: () => ({}), answer: describeKey },
};

/**
 * AWS KMS over AWS JSON 1.1, for keys of the template that sign and verify. Nothing
 * makes a key over the port.
 */
export function kmsService(options: KmsOptions): Service {
  return {
    name: "kms",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["TrentService."],
      queryError: false,
      errorNamespace: "",
    },
    operations: Object.fromEntries([
      ...Object.entries(KEY_OPERATIONS).map(([name, operation]) => [
        name,
        onKey(options, `kms:${name}`, operation),
      ]),
      ...Object.entries(LIFECYCLE).map(([name, { members, run }]) => [
        name,
        onKey(options, `kms:${name}`, {
          uses: false,
          members,
          context: () => ({}),
          answer: (key, input, _place, now) => options.kms.change(() => run(key, input, now)),
        }),
      ]),
    ]),
  };
}

function onKey(
  { kms, iam, ...place }: KmsOptions,
  action: string,
  keyOperation: KeyOperation,
): Operation {
  return {
    // The key's policy takes part in the decision, so `run` asks.
    permissions: () => [],
    run: async ({ input, caller, now }) => {
      refuseOthers(input, keyOperation.members);
      const found = findKey(kms.state, place, input["KeyId"], now);
      const context = keyOperation.context(input, found.key);
      await demandOnKey(iam.state, kms.state, found, { caller, now, action, context });
      if (keyOperation.uses) demandUsable(found.key);
      return keyOperation.answer(found.key, input, place, now);
    },
  };
}

function sign(key: KmsKey, input: Call["input"]) {
  const asked = signingInput(input, specOf(key));
  return {
    KeyId: key.arn,
    Signature: signatureOf(key.privateKey, asked).toString("base64"),
    SigningAlgorithm: asked.algorithm,
  };
}

function verify(key: KmsKey, input: Call["input"]) {
  const asked = signingInput(input, specOf(key));
  if (!isSignatureOf(key.privateKey, asked, blob(input, "Signature")))
    throw new AwsError("KMSInvalidSignatureException", 400, "");
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: asked.algorithm };
}

function specification(key: KmsKey) {
  const spec = specOf(key);
  return {
    CustomerMasterKeySpec: spec,
    KeySpec: spec,
    KeyUsage: "SIGN_VERIFY",
    SigningAlgorithms: [SIGNING_ALGORITHMS[spec]],
  };
}

function getPublicKey(key: KmsKey) {
  return {
    KeyId: key.arn,
    PublicKey: publicKeyOf(key.privateKey).toString("base64"),
    ...specification(key),
  };
}

function describeKey(key: KmsKey, _input: Call["input"], { account }: KmsPlace) {
  return {
    KeyMetadata: {
      AWSAccountId: account,
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: Date.parse(key.createdAt) / 1000,
      Description: key.description,
      ...keyState(key),
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      MultiRegion: false,
      ...specification(key),
    },
  };
}
