// The signed ballot, kept from before it is sent until its receipt is shown (BAL-38, WEB-45): the only thing of a ballot that is ever stored.

export interface Pending {
  submission: string;
  tracker: string;
}

async function store<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open("vitrine", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("pending");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error("no storage"));
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction("pending", mode, { durability: "strict" });
      const request = work(transaction.objectStore("pending"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("not stored"));
    });
  } finally {
    database.close();
  }
}

/** The ballot of this election that was signed here and whose receipt nobody saw yet. */
export function pending(election: string): Promise<Pending | undefined> {
  return store<Pending | undefined>("readonly", (held) => held.get(election));
}

/** Ends when the ballot is on the disk. */
export async function keep(election: string, ballot: Pending): Promise<void> {
  await store("readwrite", (held) => held.put(ballot, election));
}

export async function drop(election: string): Promise<void> {
  await store("readwrite", (held) => held.delete(election));
}
