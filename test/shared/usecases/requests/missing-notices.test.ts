import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { withUndeliverable } from "../../../../shared/domain/notices/notice-record.ts";
import { readMissingNotices } from "../../../../shared/usecases/requests/read-requests.ts";

/** A request of alice's, with messages that could not be delivered. */
async function aRequestWith(...undelivered: readonly (readonly [key: string, reason: string])[]) {
  const broker = memoryBroker();
  const notices = memoryNoticeStore(broker.tables);
  const { id } = await broker.grant();
  const record = await notices.load(id);
  if (!record) throw new Error("There is no record.");
  await notices.save(
    undelivered.reduce(
      (before, [key, reason]) => withUndeliverable(before, key, { reason, at: T0, hash: "x" }),
      record,
    ),
  );
  const bob = broker.actor("bob");
  const eve = { ...bob, member: { ...bob.member, name: "eve", groups: [] } };
  const ports = { ...broker.front, notices };
  const read = (name: string) =>
    readMissingNotices(ports, name === "eve" ? eve : broker.actor(name), id);
  return read;
}

describe("messages that could not be delivered", () => {
  it("Undelivered messages are shown to whoever may read the request, with recipient and reason", async () => {
    const read = await aRequestWith(
      ["request@C0001", "not-in-channel"],
      ["access@alice", "person-unknown"],
    );
    const missing = [
      { kind: "request", to: "C0001", reason: "not-in-channel", at: T0 },
      { kind: "access", to: "alice", reason: "person-unknown", at: T0 },
    ];
    for (const name of ["alice", "bob", "carol"]) expect(await read(name)).toEqual(missing);
  });

  it("Undelivered messages are not shown to whoever may not read the request", async () => {
    const read = await aRequestWith(["request@C0001", "not-in-channel"]);
    await expect(read("eve")).rejects.toMatchObject({ code: "request-not-found" });
  });

  it("There are no undelivered messages where every message was delivered", async () => {
    const read = await aRequestWith();
    expect(await read("alice")).toEqual([]);
  });
});
