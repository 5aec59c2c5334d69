import { expect, it } from "vitest";
import { collected } from "../../lab/fakes/collected.ts";
import { ArchiveConflict, type ArchiveStore } from "../../shared/ports/archive-store.ts";

/** The promises of every ArchiveStore. */
export function archiveStoreContract(name: string, make: () => Promise<ArchiveStore>) {
  const linesIn = async (store: ArchiveStore, key: string) => {
    const found = await store.read(key);
    return found && (await collected(found));
  };

  it.each(["records/x.ndjson.gz", "seals/x.json"])(
    `${name} gives back the lines of %s, the empty object included`,
    async (key) => {
      const store = await make();
      await store.put(key, ['{"a":1}', '{"ü":"\u2028 \u0085"}']);
      await store.put(`none-${key}`, []);
      expect(await linesIn(store, key)).toEqual(['{"a":1}', '{"ü":"\u2028 \u0085"}']);
      expect(await linesIn(store, `none-${key}`)).toEqual([]);
    },
  );

  it(`${name} answers nothing for a key that it does not have`, async () => {
    expect(await (await make()).read("seals/none.json")).toBeUndefined();
  });

  it(`${name} takes the same object again, and refuses another under its key`, async () => {
    const store = await make();
    await store.put("seals/x.json", ["one"]);
    await store.put("seals/x.json", ["one"]);
    for (const other of [["two"], [], ["one", "two"]])
      await expect(store.put("seals/x.json", other)).rejects.toThrow(ArchiveConflict);
    expect(await linesIn(store, "seals/x.json")).toEqual(["one"]);
  });

  it(`${name} lists the keys with a prefix in text order, behind a text where one is given`, async () => {
    const store = await make();
    for (const key of ["b/2", "a/1", "b/10", "b/3/x", "c"]) await store.put(key, []);
    expect(await store.list("b/")).toEqual(["b/10", "b/2", "b/3/x"]);
    expect(await store.list("b/", "b/2")).toEqual(["b/3/x"]);
    expect(await store.list("d/")).toEqual([]);
  });
}
